"""What was stored by earlier versions stays right."""

from datetime import UTC, datetime, timedelta
from typing import Any

from pymongo.database import Database

from services.care.app import migrate
from services.care.config import Settings
from services.care.domain.members.consents import ConsentSource
from services.care.store.members.members import MongoMembers
from services.care.store.members.upgrades import STEPS
from services.care.store.sending.touches import MongoTouches
from tests.fakes.clock import FrozenClock

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
YES, NO = "mem_01J9Z3N5XK8QJ7V2M4T6R8W0YA", "mem_01J9Z3N5XK8QJ7V2M4T6R8W0YB"


def as_stored_once(member_id: str, *, email_consent: bool) -> dict[str, Any]:
    return {
        "_id": member_id,
        "version": 3,
        "name": "王",
        "name_search": "王",
        "external_ref": "",
        "customer_id": "",
        "gender": None,
        "language": "LANGUAGE_EN",
        "time_zone": "",
        "birthday": None,
        "birthday_key": None,
        "email": "a@example.com",
        "phone": "",
        "email_consent": email_consent,
        "do_not_contact": False,
        "create_time": NOON,
        "update_time": NOON,
        "outbox": [],
        "request_ids": [],
    }


def test_a_member_of_old_keeps_the_consent_that_was_given_and_gets_no_other(database: Database[dict[str, Any]]) -> None:
    database["members"].insert_many([as_stored_once(YES, email_consent=True), as_stored_once(NO, email_consent=False)])
    for _ in range(2):  # two deploys at once may run a step twice
        for _, step in STEPS:
            step(database)
    members = MongoMembers(FrozenClock(NOON))
    agreed, silent = members.get(YES), members.get(NO)
    assert (agreed.consents, agreed.email_consent, agreed.version) == ({"email": {"care": True}}, True, 3)
    (fact,) = agreed.consent_facts
    assert (fact.id, fact.source, fact.time) == ("cns_01J9Z3N5XK8QJ7V2M4T6R8W0YA", ConsentSource.MIGRATED, NOON)
    assert (silent.consents, silent.consent_facts, silent.email_consent) == ({}, (), False)
    assert database["members"].count_documents({"email_consent": {"$exists": True}}) == 0


def test_a_database_of_old_gets_the_indexes_that_planning_goes_by(
    care_settings: Settings, database: Database[dict[str, Any]]
) -> None:
    database["members"].drop_indexes()
    database["migrations"].delete_many({"_id": {"$ne": "consents_by_channel"}})
    for _ in range(2):
        migrate(care_settings)
    assert {"by_birthday", "by_anchor", "by_heard_time"} <= set(database["members"].index_information())


def test_a_ledger_of_old_has_one_index_of_a_campaigns_messages_instead_of_two(
    care_settings: Settings, database: Database[dict[str, Any]]
) -> None:
    ledger = database["touches"]
    ledger.create_index([("campaign_id", 1), ("state", 1), ("reason", 1), ("_id", 1)])
    ledger.create_index([("campaign_id", 1), ("date", 1), ("state", 1)])
    database["migrations"].delete_many({"_id": "one_index_of_a_campaigns_messages"})
    for _ in range(2):
        migrate(care_settings)
    of_campaign = [name for name in ledger.index_information() if name.startswith("campaign_id")]
    assert of_campaign == ["campaign_id_1_state_1_reason_1_date_1__id_1"]


def test_touches_of_old_whose_batch_never_came_get_it_and_it_leaves(
    care_settings: Settings, database: Database[dict[str, Any]]
) -> None:
    ledger, batches, planned = database["touches"], database["batches"], "TOUCH_STATE_PLANNED"
    ledger.create_index("due_at", name="planned", partialFilterExpression={"state": planned})
    stored = (("tch_1", "bat_1", planned), ("tch_2", "bat_1", planned), ("tch_3", "bat_2", planned))
    for touch_id, batch_id, state in (*stored, ("tch_4", "bat_3", "TOUCH_STATE_SENT")):
        of_it = {"campaign_id": "cmp_1", "channel": "email", "due_at": NOON}
        ledger.insert_one(of_it | {"_id": touch_id, "batch_id": batch_id, "state": state})
    batches.insert_one({"_id": "bat_2", "state": "ready"})
    database["migrations"].delete_many({"_id": "batches_before_their_touches"})
    for _ in range(2):
        migrate(care_settings)
    assert "planned" not in ledger.index_information()
    assert {each["_id"]: each["state"] for each in batches.find()} == {"bat_1": "filling", "bat_2": "ready"}
    assert MongoTouches(timedelta()).open_stranded() == 1
    assert {each["_id"]: each["state"] for each in batches.find()} == {"bat_1": "ready", "bat_2": "ready"}
