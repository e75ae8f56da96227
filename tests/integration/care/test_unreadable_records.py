"""What a job of care does with a record that cannot be read: it tells of it, leaves it out, and does the rest."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from pymongo.database import Database

from membercare.care.v1 import call_list_pb2
from membercare.care.v1 import visits_service_pb2 as pb
from membercare.care.v1.visits_service_pb2_grpc import VisitsServiceStub
from services.care.app import sending, visits
from services.care.config import Settings
from services.care.store.providers.providers import MongoProviders
from services.chassis.clock import SystemClock
from services.chassis.ids import new_id
from services.chassis.scheduled import Job, Lead
from tests.integration.calling import Calling
from tests.integration.care.calls_due import ALWAYS, LINDA, YESTERDAY, planned
from tests.integration.care.greetings import Greetings, solar
from tests.unit.care.providers import a_provider

Documents = Database[dict[str, Any]]
Unreadable = Callable[[], set[tuple[str, str]]]


def job(name: str, settings: Settings = ALWAYS) -> Job:
    (found,) = (each for each in (*visits.jobs(settings), *sending.jobs(settings)) if each.name == name)
    return found


def test_one_unreadable_visit_keeps_the_others_from_nothing(
    calling: Calling, database: Documents, unreadable: Unreadable
) -> None:
    agent = call_list_pb2.CallAgent(agent_id=LINDA)
    calling.as_role(VisitsServiceStub, "manager").PutCallAgent(pb.PutCallAgentRequest(agent=agent))
    broken, *others = planned(3, due=YESTERDAY - timedelta(days=3))
    database["visits"].update_one({"_id": broken}, {"$set": {"kind": "VISIT_KIND_MOON_LANDING"}})
    assert job("share_out_visits").run(Lead(1, holds=False)) == 0  # another process leads by now
    assert job("share_out_visits").run(Lead(1)) == 2
    assert Counter(each["owner_id"] for each in database["visits"].find({"_id": {"$in": others}})) == {LINDA: 2}
    assert job("note_overdue_visits").run(Lead(1)) == 2
    assert unreadable() == {("visits", broken)}


def test_one_unreadable_campaign_keeps_the_others_from_nothing(
    greetings: Greetings, database: Documents, unreadable: Unreadable
) -> None:
    greetings.member(birthday=solar("1990-11-22"))
    broken, _ = greetings.running(), greetings.running()
    database["campaigns"].update_one({"_id": broken.id}, {"$set": {"plan.purpose": "moon"}})
    assert greetings.sweep(token=1, leading=lambda: True) == 1
    assert unreadable() == {("campaigns", broken.id)}


def test_one_unreadable_provider_keeps_the_brake_from_no_other(
    greetings: Greetings, database: Documents, caplog: pytest.LogCaptureFixture
) -> None:
    providers = MongoProviders(greetings.clock)
    broken, other = (
        providers.add(a_provider(id=new_id("prv", greetings.clock.now())).checked(), request_key="") for _ in range(2)
    )
    failed = {"at": SystemClock().now(), "handed": 30, "errors": 30}
    database["send_tallies"].insert_many([{"_id": each.id, "subject": each.id, **failed} for each in (broken, other)])
    database["providers"].update_one({"_id": broken.id}, {"$set": {"kind": "PROVIDER_KIND_MOON_LANDING"}})
    assert job("brake_errors").run(Lead(1)) == 1
    (paused,) = providers.batch_get([other.id])
    assert (paused.pause.by if paused.pause else "") == "error-rate"
    told = [getattr(each, "fields", {}) for each in caplog.records]
    assert [each["subject"] for each in told if each.get("event") == "not_paused"] == [broken.id]
