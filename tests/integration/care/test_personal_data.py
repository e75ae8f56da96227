"""What is held of a person, over all collections: shown as a whole, forgotten as a whole, and none is overlooked."""

import importlib
import json
import pkgutil
from typing import Any

import pytest
from mongoengine import Document
from pymongo.database import Database

from membercare.care.v1 import members_service_pb2 as pb
from services.care import store
from services.care.consumers import CareConsumers
from services.care.store.members.holdings import HOLDINGS
from tests.integration.calling import Calling
from tests.integration.care.a_life import TRACES, Life
from tests.integration.care.greetings import Greetings
from tests.integration.care.keeping import Keeping

HELD = {each.collection for each in HOLDINGS}
OF_NOBODY = {
    # What the company sets up and plans.
    "blackouts", "call_agents", "call_scripts", "campaign_budgets", "campaigns", "loyalty_programs",
    "member_attributes", "occasions", "providers", "segments", "sending_settings", "statutory_years", "visit_rules",
    "words",
    # What customers of contracts have, whoever belongs to them, and where contracts and cases stand.
    "case_states", "closed_complaints", "contract_states", "held_contracts", "held_values", "held_warranties",
    "merged_customers", "service_plans",
    # Where work stands; of files and numbers only hashes, and those for days.
    "import_progress", "imported_rows", "journey_cursors", "link_cursors", "number_sends", "plan_cursors",
    "rate_windows", "send_tallies",
    # Ids alone, in what is on its way out.
    "batches", "points_runs",
}  # fmt: skip
"""Collections that tell nothing of a person; whoever adds one says here, or in HOLDINGS, which it is."""
ON_THEIR_WAY = {"deliveries", "parked", "unrouted"}
"""Collections of the chassis: events, which carry no personal data, but for words that are forgotten as well."""


@pytest.fixture
async def life(calling: Calling, greetings: Greetings, consumers: CareConsumers, mail: Keeping) -> Life:
    return await Life(calling, greetings, consumers).lived()


def exported(life: Life) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(life.people.ExportMember(pb.ExportMemberRequest(member_id=life.member)).json)
    return told


def collections_naming(database: Database[dict[str, Any]], words: list[str]) -> set[str]:
    """Return where any document, whatever its shape, has one of these words in a value or an id."""
    return {
        name
        for name in database.list_collection_names()
        for document in database[name].find()
        if any(word in repr({**document, "outbox": ()}) for word in words)
    }


def test_every_collection_of_care_is_known_to_hold_something_of_a_person_or_not() -> None:
    for found in pkgutil.walk_packages(store.__path__, f"{store.__name__}."):
        importlib.import_module(found.name)
    kinds, names = [Document], set()
    while kinds:
        kinds += (kind := kinds.pop()).__subclasses__()
        if kind.__module__.startswith(store.__name__):
            names.add(kind._get_collection_name())
    assert names - {"members"} == HELD | OF_NOBODY
    assert not HELD & OF_NOBODY


async def test_an_export_shows_something_of_every_collection_that_names_the_person(
    life: Life, database: Database[dict[str, Any]]
) -> None:
    touches = [each["_id"] for each in database["touches"].find({}, {"_id": 1})]
    found = collections_naming(database, [life.member, life.doublet, *touches]) - ON_THEIR_WAY
    held = exported(life)
    assert found - {"members"} == HELD
    assert {name for name, things in held.items() if things} == HELD | {"member", "merged"}


async def test_an_export_shows_both_lives_and_nothing_of_anybody_else(
    life: Life, database: Database[dict[str, Any]]
) -> None:
    held = exported(life)
    assert (held["member"]["name"], [each["name"] for each in held["merged"]]) == ("王西风", ["Zephyr Wang"])
    assert sorted(each["id"] for each in held["points_accounts"]) == sorted([life.member, life.doublet])
    assert [each["customer"] for each in held["broadcasts"]] == ["wm-zephyr"] * 2
    assert [len(each["words"]) for each in held["receipts"]] == [2]
    (told,) = database["receipts"].find()
    assert len(told["words"]) == 3
    theirs = [life.bystander, *(each["_id"] for each in database["touches"].find({"member_id": life.bystander}))]
    assert not [each for each in theirs if each in json.dumps(held)]


async def test_after_an_erasure_no_collection_tells_who_it_was(life: Life, database: Database[dict[str, Any]]) -> None:
    before = {name for name in HELD if [each for each in database[name].find() if _tells(each)]}
    assert before == {
        "broadcast_quotas", "broadcasts", "consents", "journey_runs", "points_entries", "visits", "wechat_credits",
    }  # fmt: skip
    life.people.EraseMember(pb.EraseMemberRequest(member_id=life.member, reason="asked by letter"))
    telling = [
        (name, document)
        for name in database.list_collection_names()
        for document in database[name].find()
        if _tells(document) and document["_id"] != life.bystander
    ]
    assert telling == []


def _tells(document: dict[str, Any]) -> bool:
    return any(trace in repr(document).lower() for trace in TRACES)
