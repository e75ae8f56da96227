"""Pages of the ledger: whatever is asked for, a page reads no more than it shows."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from pymongo.database import Database

from membercare.care.v1 import care_service_pb2 as pb
from membercare.care.v1 import touch_pb2
from membercare.care.v1.care_service_pb2_grpc import CareServiceStub
from services.care.domain.sending.touch import Touch, TouchState, touch_id
from services.care.store.sending.fresh_progress import FreshProgress
from services.care.store.sending.touches import CODEC, MongoTouches
from services.chassis.errors import Kind
from services.chassis.ids import derived_id
from tests.integration.calling import Calling, refused
from tests.integration.profiled import of, profiled

NOW = datetime(2026, 11, 22, 2, tzinfo=UTC)
CAMPAIGNS = [derived_id("cmp", str(number)) for number in range(6)]
FAILED, HELD, SENT = TouchState.FAILED, TouchState.HELD, TouchState.SENT
NO_TOUCH = "tch_00000000000000000000000000"
Documents = Database[dict[str, Any]]


def store(database: Documents, campaign_id: str, *, state: TouchState, count: int, **fields: Any) -> list[str]:
    """Store messages of a campaign to members of their own; return their ids."""
    documents = []
    for number in range(count):
        member = derived_id("mem", campaign_id, state, str(fields), str(number))
        key = touch_id(campaign_id, member, occurrence="once")
        told: dict[str, Any] = {"date": f"2026-11-{number % 20 + 1:02}", "due_at": NOW, "updated_at": NOW, **fields}
        touch = Touch(key, campaign_id, member, occurrence="once", channel="email", batch_id="bat", state=state, **told)
        documents.append(CODEC.to_document(touch))
    database["touches"].insert_many(documents)
    return [each["_id"] for each in documents]


def failed_page(calling: Calling, *, size: int, after: str = "") -> pb.ListTouchesResponse:
    match = pb.TouchFilter(state=touch_pb2.TOUCH_STATE_FAILED)
    request = pb.ListTouchesRequest(filter=match, page_size=size, page_token=after)
    return calling.as_role(CareServiceStub, "ops").ListTouches(request)


def pages(calling: Calling, *, size: int) -> Sequence[Sequence[touch_pb2.Touch]]:
    found, after = [], ""
    while True:
        page = failed_page(calling, size=size, after=after)
        found.append(page.touches)
        after = page.next_page_token
        if not after:
            return found


def test_the_pages_of_a_state_hold_each_message_once_campaign_by_campaign(
    calling: Calling, database: Documents
) -> None:
    expected = []
    for campaign in CAMPAIGNS:
        store(database, campaign, state=SENT, count=5)
        store(database, campaign, state=HELD, count=2)
        expected += store(database, campaign, state=FAILED, count=7, reason="BOUNCED")
        expected += store(database, campaign, state=FAILED, count=4, reason="PROVIDER_REFUSED")
    found = pages(calling, size=9)
    assert [len(page) for page in found] == [9] * 7 + [3]
    told = [each for page in found for each in page]
    assert sorted(each.id for each in told) == sorted(expected)
    places = [(each.campaign_id, each.reason, each.date, each.id) for each in told]
    assert places == sorted(places)


@pytest.mark.parametrize("skipped", [0, 8])
def test_a_page_of_what_failed_reads_no_more_of_a_long_ledger_than_it_shows(
    calling: Calling, database: Documents, skipped: int
) -> None:
    for campaign in CAMPAIGNS:
        store(database, campaign, state=SENT, count=100)
    store(database, CAMPAIGNS[1], state=FAILED, count=10, reason="BOUNCED")
    store(database, CAMPAIGNS[4], state=FAILED, count=10, reason="BOUNCED")
    after = failed_page(calling, size=skipped).next_page_token if skipped else ""
    with profiled(database) as operations:
        page = failed_page(calling, size=5, after=after)
    assert len(page.touches) == 5
    *place, listed = of(operations, "touches")
    assert len(place) == (1 if skipped else 0)  # where the page begins
    assert listed["docsExamined"] == listed["nreturned"] == 6
    assert not listed.get("hasSortStage")
    assert listed["keysExamined"] <= 6 + 2 * len(CAMPAIGNS)  # and a look at each campaign without any


def test_a_token_that_names_no_message_is_refused(calling: Calling, database: Documents) -> None:
    store(database, CAMPAIGNS[0], state=FAILED, count=2)
    request = pb.ListTouchesRequest(filter=pb.TouchFilter(state=touch_pb2.TOUCH_STATE_FAILED), page_token=NO_TOUCH)
    refusal = refused(calling.as_role(CareServiceStub, "ops").ListTouches, request)
    assert (refusal.kind, refusal.reason, refusal.field) == (Kind.INVALID, "INVALID_FIELD", "page_token")


def test_progress_of_a_large_campaign_is_told_again_for_a_while_and_of_others_counted_anew(
    calling: Calling, database: Documents
) -> None:
    large, small = CAMPAIGNS[:2]
    store(database, large, state=SENT, count=10)
    store(database, small, state=SENT, count=9)
    progress = FreshProgress(MongoTouches(), large=10, seconds=3_600)
    before = {large: [(SENT.value, "", 10)], small: [(SENT.value, "", 9)]}
    assert progress([large, small, CAMPAIGNS[2]]) == before
    store(database, large, state=FAILED, count=2)
    store(database, small, state=FAILED, count=1)
    with profiled(database) as operations:
        told = progress([large, small])
    assert told == before | {small: [(FAILED.value, "", 1), (SENT.value, "", 9)]}
    (counted,) = of(operations, "touches")
    assert (counted["docsExamined"], counted["keysExamined"]) == (0, 10)
    assert progress([small])[small] == [(FAILED.value, "", 1), (SENT.value, "", 9)]


def test_progress_is_counted_anew_once_it_is_old(calling: Calling, database: Documents) -> None:
    store(database, CAMPAIGNS[0], state=SENT, count=10)
    progress = FreshProgress(MongoTouches(), large=10, seconds=0)
    assert progress(CAMPAIGNS[:1]) == {CAMPAIGNS[0]: [(SENT.value, "", 10)]}
    store(database, CAMPAIGNS[0], state=FAILED, count=2)
    assert progress(CAMPAIGNS[:1]) == {CAMPAIGNS[0]: [(FAILED.value, "", 2), (SENT.value, "", 10)]}
