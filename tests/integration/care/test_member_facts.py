"""What members did, told and hold, as events say: in any order, and twice, to the same end."""

from itertools import permutations
from typing import Any

import pytest
from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message
from pymongo.database import Database

from membercare.care.v1 import visit_pb2
from membercare.care.v1.events_pb2 import Engagement, TouchEngaged, VisitCompleted
from membercare.contracts.v1.events_pb2 import (
    AssetDelivered,
    ContractActivated,
    ContractAmended,
    ContractExpired,
    ContractResumed,
    ContractSuspended,
    ContractTerminated,
    CustomerMerged,
    RenewalWon,
)
from membercare.feedback.v1 import case_pb2
from membercare.feedback.v1.events_pb2 import CaseClosed, CaseOpened
from services.care import app
from services.care.app.segments import build_link_contracts
from services.care.config import Settings
from services.care.consumers import CareConsumers
from services.care.domain.members.details import MemberDetails
from services.care.domain.members.member import Member
from services.care.domain.segments.facts import MOST_KEPT
from services.care.store.members.members import MongoMembers
from services.care.store.segments.held_contracts import MongoHeldContracts
from services.care.store.segments.member_facts import MongoMemberFacts
from services.care.usecases.segments.record_facts import LinkContracts
from services.chassis.envelope import Envelope
from services.chassis.ids import derived_id
from services.chassis.timestamps import to_timestamp
from tests.fakes.clock import FrozenClock
from tests.integration.care.greetings import utc

Documents = Database[dict[str, Any]]
CON, OTHER = derived_id("con", "1"), derived_id("con", "2")
ASSET = derived_id("ast", "1")
CUS, SURVIVOR = derived_id("cus", "1"), derived_id("cus", "2")
ANNA, BOB = derived_id("mem", "anna"), derived_id("mem", "bob")
NOON = utc("2026-11-22 12:00")


@pytest.fixture
def consumers(care_settings: Settings, database: Documents) -> CareConsumers:
    service = app.build_consumers(care_settings).service
    assert isinstance(service, CareConsumers)
    members = MongoMembers(FrozenClock(NOON))
    for member_id, customer_id in ((ANNA, CUS), (BOB, "")):
        told = MemberDetails(name="somebody", customer_id=customer_id)
        members.add(Member.register(member_id, told, now=NOON), request_key="")
    return service


def hear(consumers: CareConsumers, message: Message, *, event: str = "evt_1") -> None:
    """Hand the event to the method that is subscribed to it."""
    name = message.DESCRIPTOR.name
    kind = "".join(f"_{mark.lower()}" if mark.isupper() else mark for mark in name).strip("_")
    source = message.DESCRIPTOR.full_name.split(".")[1]
    envelope = Envelope(
        id=event,
        type=kind,
        source=source,
        time="2026-11-22T12:00:00.000Z",
        subject="x",
        schema=message.DESCRIPTOR.full_name,
        trace="",
        data=MessageToDict(message, preserving_proto_field_name=True),
    )
    getattr(consumers, f"on_{kind}")(envelope.to_dict())


def at(hour: int) -> Any:
    return to_timestamp(utc(f"2026-11-22 {hour:02d}:00"))


def contract_events() -> list[Message]:
    common: dict[str, Any] = {"contract_id": CON, "customer_id": CUS}
    return [
        ContractActivated(**common, contract_version=1, end_date="2026-12-31", occurred_time=at(1)),
        ContractAmended(**common, contract_version=2, end_date="2027-12-31", occurred_time=at(2)),
        ContractSuspended(**common, contract_version=3, occurred_time=at(3)),
        ContractResumed(**common, contract_version=4, end_date="2028-01-31", occurred_time=at(4)),
    ]


def member(database: Documents, member_id: str = ANNA) -> dict[str, Any]:
    return database["members"].find_one({"_id": member_id}) or {}


def held(database: Documents, member_id: str = ANNA) -> list[tuple[str, str, str]]:
    contracts = member(database, member_id).get("contracts", [])
    return [(each["id"], each["state"], each["end_date"]) for each in contracts]


@pytest.mark.parametrize("order", list(permutations(range(4)))[::5])
def test_a_contract_stands_where_its_newest_news_says_in_whatever_order_they_come(
    consumers: CareConsumers, database: Documents, order: tuple[int, ...]
) -> None:
    events = contract_events()
    for place in order:
        hear(consumers, events[place], event=f"evt_{place}")
    assert held(database) == [(CON, "active", "2028-01-31")]
    assert held(database, BOB) == []


def test_a_contract_that_ends_is_kept_with_its_last_day(consumers: CareConsumers, database: Documents) -> None:
    over = ContractExpired(contract_id=CON, customer_id=CUS, end_date="2026-11-30", contract_version=2)
    broken_off = ContractTerminated(
        contract_id=OTHER, customer_id=CUS, effective_date="2026-11-01", contract_version=2, occurred_time=at(2)
    )
    hear(consumers, over)
    hear(consumers, broken_off, event="evt_2")
    assert held(database) == [(CON, "expired", "2026-11-30"), (OTHER, "terminated", "2026-10-31")]


def test_news_that_say_no_state_show_no_contract_yet(consumers: CareConsumers, database: Documents) -> None:
    hear(consumers, ContractAmended(contract_id=CON, customer_id=CUS, contract_version=2, end_date="2027-12-31"))
    assert held(database) == []


def test_an_act_is_counted_once_however_often_it_is_heard_and_newest_first(
    consumers: CareConsumers, database: Documents
) -> None:
    for event, hour in (("evt_2", 9), ("evt_1", 3), ("evt_2", 9), ("evt_3", 5), ("evt_1", 3)):
        opened = CaseOpened(member_id=ANNA, kind=case_pb2.CASE_KIND_COMPLAINT, occurred_time=at(hour))
        hear(consumers, opened, event=event)
    moments = [utc(f"2026-11-22 {hour:02d}:00") for hour in (9, 5, 3)]
    assert member(database)["acts"] == {"case_opened": moments, "complaint_opened": moments}


def test_an_act_of_a_customer_is_one_of_everybody_who_belongs_to_it(
    consumers: CareConsumers, database: Documents
) -> None:
    hear(consumers, RenewalWon(customer_id=CUS, contract_id=CON, occurred_time=at(1)))
    hear(consumers, CaseClosed(customer_id=CUS, closed_time=at(2)), event="evt_2")
    assert set(member(database)["acts"]) == {"contract_renewed", "case_closed"}
    assert "acts" not in member(database, BOB)


def test_only_the_newest_acts_are_kept(consumers: CareConsumers, database: Documents) -> None:
    for second in range(MOST_KEPT + 5):
        moment = to_timestamp(utc(f"2026-11-22 12:00:{second:02d}"))
        hear(consumers, CaseClosed(member_id=ANNA, closed_time=moment), event=f"evt_{second}")
    kept = member(database)["acts"]["case_closed"]
    assert (len(kept), kept[-1]) == (MOST_KEPT, utc("2026-11-22 12:00:05"))


def test_a_visit_is_an_act_and_its_satisfaction_an_answer(consumers: CareConsumers, database: Documents) -> None:
    made = VisitCompleted(
        member_id=ANNA, outcome=visit_pb2.VISIT_OUTCOME_SATISFIED, satisfaction=4, occurred_time=at(1)
    )
    for _ in range(2):
        hear(consumers, made)
    not_met = VisitCompleted(member_id=ANNA, outcome=visit_pb2.VISIT_OUTCOME_UNREACHABLE, occurred_time=at(2))
    hear(consumers, not_met, event="evt_2")
    told = member(database)
    assert told["acts"] == {"visit_completed": [utc("2026-11-22 01:00")]}
    assert told["answers"] == [{"survey": "visit", "score": 4, "at": utc("2026-11-22 01:00")}]


def test_what_members_did_with_messages_are_acts_but_no_complaint_is(
    consumers: CareConsumers, database: Documents
) -> None:
    did = [("opened", ANNA, 1), ("clicked", ANNA, 2), ("complained", BOB, 3), ("replied", ANNA, 4)]
    engaged = TouchEngaged(
        engagements=[Engagement(kind=kind, member_id=key, time=at(hour)) for kind, key, hour in did],
        occurred_time=at(5),
    )
    for _ in range(2):
        hear(consumers, engaged)
    assert member(database)["acts"] == {"touch_engaged": [utc(f"2026-11-22 {hour:02d}:00") for hour in (4, 2, 1)]}
    assert "acts" not in member(database, BOB)


def test_what_a_merged_member_did_counts_for_the_one_who_stays(consumers: CareConsumers, database: Documents) -> None:
    database["members"].update_one({"_id": BOB}, {"$set": {"merged_into_id": ANNA}})
    hear(consumers, CaseClosed(member_id=BOB, closed_time=at(2)))
    assert member(database)["acts"] == {"case_closed": [utc("2026-11-22 02:00")]}
    assert "acts" not in member(database, BOB)


def test_nothing_is_noted_with_an_erased_member(consumers: CareConsumers, database: Documents) -> None:
    database["members"].update_one({"_id": ANNA}, {"$set": {"erased_time": NOON}})
    hear(consumers, CaseClosed(member_id=ANNA, closed_time=at(2)))
    assert "acts" not in member(database)


def test_nothing_that_is_heard_of_a_customer_is_noted_with_a_member_who_was_erased(
    consumers: CareConsumers, database: Documents
) -> None:
    database["members"].update_one({"_id": ANNA}, {"$set": {"customer_id": CUS, "erased_time": NOON}})
    before = member(database)
    for place, message in enumerate(contract_events()):
        hear(consumers, message, event=f"evt_{place}")
    hear(consumers, delivered("2027-11-01"))
    linking()(lambda: True)
    assert member(database) == before


def test_contracts_follow_a_customer_that_was_merged(consumers: CareConsumers, database: Documents) -> None:
    database["members"].update_one({"_id": BOB}, {"$set": {"customer_id": SURVIVOR}})
    first, *later = contract_events()
    hear(consumers, first)
    hear(consumers, CustomerMerged(customer_id=CUS, into_id=SURVIVOR), event="evt_m")
    assert held(database, BOB) == [(CON, "active", "2026-12-31")]
    for place, message in enumerate(later):  # contracts may still say the doublet's id
        hear(consumers, message, event=f"evt_later_{place}")
    assert held(database, BOB) == [(CON, "active", "2028-01-31")]


def delivered(end: str, *, version: int = 1, customer: str = CUS) -> AssetDelivered:
    return AssetDelivered(
        asset_id=ASSET,
        customer_id=customer,
        delivery_date="2026-11-01",
        warranty_end=end,
        asset_version=version,
        occurred_time=at(1),
    )


def warranties(database: Documents, member_id: str = ANNA) -> list[tuple[str, str]]:
    return [(each["id"], each["end_date"]) for each in member(database, member_id).get("warranties", [])]


def test_a_warranty_stands_with_everybody_of_its_customer_and_older_news_do_not_replace_it(
    consumers: CareConsumers, database: Documents
) -> None:
    hear(consumers, delivered("2027-11-01", version=2))
    hear(consumers, delivered("2026-12-01", version=1), event="evt_2")
    assert (warranties(database), warranties(database, BOB)) == ([(ASSET, "2027-11-01")], [])
    database["members"].update_one({"_id": BOB}, {"$set": {"customer_id": CUS, "update_time": NOON}})
    database["members"].update_one({"_id": ANNA}, {"$set": {"customer_id": "", "update_time": NOON}})
    assert linking()(lambda: True) > 0
    assert (warranties(database), warranties(database, BOB)) == ([], [(ASSET, "2027-11-01")])


def test_warranties_follow_a_customer_that_was_merged(consumers: CareConsumers, database: Documents) -> None:
    database["members"].update_one({"_id": BOB}, {"$set": {"customer_id": SURVIVOR}})
    hear(consumers, delivered("2026-12-01"))
    hear(consumers, CustomerMerged(customer_id=CUS, into_id=SURVIVOR), event="evt_m")
    hear(consumers, delivered("2027-11-01", version=2), event="evt_2")  # it may still say the doublet's id
    assert warranties(database, BOB) == [(ASSET, "2027-11-01")]


def linking() -> LinkContracts:
    return build_link_contracts(Settings(), FrozenClock(NOON))


def test_who_comes_to_a_customer_later_gets_its_contracts_and_who_leaves_loses_them(
    consumers: CareConsumers, database: Documents
) -> None:
    hear(consumers, contract_events()[0])
    database["members"].update_one({"_id": BOB}, {"$set": {"customer_id": CUS, "update_time": NOON}})
    database["members"].update_one({"_id": ANNA}, {"$set": {"customer_id": "", "update_time": NOON}})
    assert linking()(lambda: True) > 0
    assert (held(database, BOB), held(database)) == ([(CON, "active", "2026-12-31")], [])
    found = member(database, BOB)
    linking()(lambda: True)
    assert member(database, BOB) == found


def test_linking_stops_at_once_when_another_process_leads(consumers: CareConsumers, database: Documents) -> None:
    hear(consumers, contract_events()[0])
    database["members"].update_one({"_id": BOB}, {"$set": {"customer_id": CUS, "update_time": NOON}})
    assert linking()(lambda: False) == 0
    assert held(database, BOB) == []


def test_an_older_picture_of_a_contract_never_replaces_a_newer_one(
    consumers: CareConsumers, database: Documents
) -> None:
    facts, contracts = MongoMemberFacts(), MongoHeldContracts()
    hear(consumers, contract_events()[0])
    (old,) = contracts.of_customers([CUS])
    hear(consumers, contract_events()[2], event="evt_2")
    facts.hold(old)
    assert held(database) == [(CON, "suspended", "2026-12-31")]
