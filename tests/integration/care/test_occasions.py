from datetime import date
from typing import Any

import pytest
from pymongo.database import Database

from membercare.care.v1 import calendars_service_pb2 as pb
from membercare.care.v1 import campaign_plan_pb2, channel_pb2, occasion_pb2
from membercare.care.v1.calendars_service_pb2_grpc import CalendarsServiceStub as Stub
from services.care.app.calendars import build_calendars
from services.care.domain.calendars.blackout import BlackoutMove
from services.care.domain.calendars.occasion import BUILT_IN, built_in_id
from services.care.domain.calendars.occasion_rule import OccasionKind
from services.care.domain.channels import Purpose
from services.chassis.clock import SystemClock
from tests.integration.calling import Calling, refused
from tests.integration.care.day_builders import a_blackout, an_occasion


@pytest.fixture
def ops(calling: Calling) -> Stub:
    return calling.as_subject(Stub, "wang.fang", "ops")


def test_an_occasion_of_the_company_is_written_changed_and_retired(ops: Stub) -> None:
    written = an_occasion(ops, request_id="r1")
    assert an_occasion(ops, request_id="r1").id == written.id
    request = pb.UpdateOccasionRequest(
        occasion_id=written.id,
        name_en="Founders' day",
        name_zh="创始人日",
        rule=occasion_pb2.OccasionRule(kind=occasion_pb2.OCCASION_KIND_LUNAR_DATE, month=6, day=7),
        etag=written.etag,
    )
    changed = ops.UpdateOccasion(request).occasion
    assert (changed.name_en, changed.rule.kind, changed.etag) == ("Founders' day", request.rule.kind, "2")
    assert refused(ops.UpdateOccasion, request).reason == "STALE_VERSION"
    assert ops.RetireOccasion(pb.RetireOccasionRequest(occasion_id=written.id)).occasion.retired
    request.etag = ""
    assert refused(ops.UpdateOccasion, request).reason == "OCCASION_RETIRED"
    (stored,) = ops.BatchGetOccasions(pb.BatchGetOccasionsRequest(occasion_ids=[written.id])).occasions
    assert (stored.name_en, stored.retired, stored.etag) == ("Founders' day", True, "3")


def test_occasions_are_listed_with_the_built_in_ones_page_by_page(ops: Stub) -> None:
    own = [an_occasion(ops).id for _ in range(3)]
    ops.RetireOccasion(pb.RetireOccasionRequest(occasion_id=own[0]))
    seen: list[str] = []
    request = pb.ListOccasionsRequest(page_size=4)
    while True:
        page = ops.ListOccasions(request)
        seen += [each.id for each in page.occasions]
        assert len(page.occasions) <= 4
        if not page.next_page_token:
            break
        request.page_token = page.next_page_token
    assert seen == sorted([*BUILT_IN, *own[1:]])
    everything = ops.ListOccasions(pb.ListOccasionsRequest(page_size=500, filter=pb.OccasionFilter(with_retired=True)))
    assert sorted(each.id for each in everything.occasions) == sorted([*BUILT_IN, *own])


def test_the_dates_of_a_movable_feast_are_told_for_years_ahead(ops: Stub) -> None:
    request = pb.ListOccasionDatesRequest(occasion_id=built_in_id("spring_festival"), first_year=2026, last_year=2028)
    assert [(each.date, each.occurrence) for each in ops.ListOccasionDates(request).dates] == [
        ("2026-02-17", "L2026"),
        ("2027-02-06", "L2027"),
        ("2028-01-26", "L2028"),
    ]


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"first_year": 1899, "last_year": 1901}, ("INVALID_FIELD", "first_year")),
        ({"first_year": 2026, "last_year": 2025}, ("INVALID_FIELD", "last_year")),
        ({"first_year": 2026, "last_year": 2076}, ("INVALID_FIELD", "last_year")),
        ({"occasion_id": "cmp_1"}, ("INVALID_ID", "occasion_id")),
        ({"occasion_id": "occ_01JD0000000000000000000000"}, ("OCCASION_NOT_FOUND", "")),
    ],
)
def test_dates_without_bounds_or_of_nothing_are_refused(
    ops: Stub, fields: dict[str, Any], refusal: tuple[str, str]
) -> None:
    asked: dict[str, Any] = {"occasion_id": built_in_id("qixi"), "first_year": 2026, "last_year": 2026} | fields
    found = refused(ops.ListOccasionDates, pb.ListOccasionDatesRequest(**asked))
    assert (found.reason, found.field) == refusal


def test_a_built_in_occasion_is_not_changed(ops: Stub, database: Database[dict[str, Any]]) -> None:
    retire = pb.RetireOccasionRequest(occasion_id=built_in_id("qixi"))
    assert refused(ops.RetireOccasion, retire).reason == "OCCASION_IS_BUILT_IN"
    assert database["occasions"].count_documents({}) == 0


def test_a_relative_occasion_leads_to_one_that_exists_and_is_not_relative(
    ops: Stub, database: Database[dict[str, Any]]
) -> None:
    def counted_from(base_id: str) -> pb.CreateOccasionRequest:
        rule = occasion_pb2.OccasionRule(kind=occasion_pb2.OCCASION_KIND_RELATIVE, base_id=base_id, offset_days=-3)
        return pb.CreateOccasionRequest(name_en="Before", name_zh="前", rule=rule)

    for base_id in ("occ_01JD0000000000000000000000", built_in_id("new_years_eve")):
        refusal = refused(ops.CreateOccasion, counted_from(base_id))
        assert (refusal.reason, refusal.field) == ("INVALID_FIELD", "rule.base_id")
    assert refused(ops.CreateOccasion, counted_from("cmp_1")).reason == "INVALID_ID"
    assert database["occasions"].count_documents({}) == 0
    own = an_occasion(ops)
    request = pb.UpdateOccasionRequest(
        occasion_id=own.id, name_en="Circle", name_zh="圈", rule=counted_from(own.id).rule
    )
    assert refused(ops.UpdateOccasion, request).field == "rule.base_id"
    before = ops.CreateOccasion(counted_from(own.id)).occasion
    dates = ops.ListOccasionDates(
        pb.ListOccasionDatesRequest(occasion_id=before.id, first_year=2026, last_year=2026)
    ).dates
    assert [each.date for each in dates] == ["2026-06-04"]


def counted_from(base_id: str, days: int) -> occasion_pb2.OccasionRule:
    return occasion_pb2.OccasionRule(kind=occasion_pb2.OCCASION_KIND_RELATIVE, base_id=base_id, offset_days=days)


def test_an_occasion_follows_the_one_that_it_is_counted_from_when_that_one_is_counted_from_another(ops: Stub) -> None:
    company_day = an_occasion(ops)
    rule = counted_from(company_day.id, -3)
    before = ops.CreateOccasion(pb.CreateOccasionRequest(name_en="Before", name_zh="前", rule=rule)).occasion
    after_qixi = counted_from(built_in_id("qixi"), 10)
    moved = pb.UpdateOccasionRequest(occasion_id=company_day.id, name_en="Day", name_zh="日", rule=after_qixi)
    ops.UpdateOccasion(moved)
    asked = pb.ListOccasionDatesRequest(occasion_id=before.id, first_year=2026, last_year=2026)
    assert [each.date for each in ops.ListOccasionDates(asked).dates] == ["2026-08-26"]  # Qixi is the 19th


def test_two_occasions_that_two_people_count_from_each_other_at_once_fall_on_no_day(
    ops: Stub, database: Database[dict[str, Any]]
) -> None:
    one, other = an_occasion(ops), an_occasion(ops)
    for mine, base in ((one, other), (other, one)):
        circle = {"rule.kind": OccasionKind.RELATIVE.value, "rule.base_id": base.id, "rule.offset_days": 1}
        database["occasions"].update_one({"_id": mine.id}, {"$set": circle})
    book = build_calendars(SystemClock()).read()
    assert book.occasion_dates(one.id, first=date(2026, 1, 1), last=date(2027, 1, 1)) == ()


def test_a_blackout_holds_messages_until_it_is_deleted(ops: Stub) -> None:
    written = a_blackout(ops)
    book = build_calendars(SystemClock()).read()
    asked: dict[str, Any] = {"purpose": Purpose.CARE, "cheerful": True}
    bounds: dict[str, Any] = {"earliest": date(2026, 4, 1), "latest": date(2026, 4, 9)}
    assert book.send_day(date(2026, 4, 5), **asked, **bounds) == date(2026, 4, 7)
    assert book.send_day(date(2026, 4, 5), **asked, **bounds, behaviour=BlackoutMove.BACK) == date(2026, 4, 4)
    for etag in ("9", "none of ours"):
        stale = pb.DeleteBlackoutRequest(blackout_id=written.id, etag=etag)
        assert refused(ops.DeleteBlackout, stale).reason == "STALE_VERSION"
    gone = pb.DeleteBlackoutRequest(blackout_id=written.id, etag=written.etag)
    assert ops.DeleteBlackout(gone).blackout_id == written.id
    assert ops.DeleteBlackout(gone).blackout_id == written.id
    assert build_calendars(SystemClock()).read().blackouts == []


def test_a_blackout_is_replaced_as_a_whole(ops: Stub) -> None:
    written = a_blackout(ops, cheerful_only=True)
    wanted = occasion_pb2.Blackout(
        id=written.id,
        name_en="May",
        name_zh="五月",
        days=occasion_pb2.BlackoutDays(
            span=occasion_pb2.BLACKOUT_SPAN_DATED, first_date="2026-05-01", last_date="2026-05-05"
        ),
        purposes=[channel_pb2.PURPOSE_MARKETING, channel_pb2.PURPOSE_MARKETING],
        behaviour=campaign_plan_pb2.BLACKOUT_MOVE_DROP,
        etag=written.etag,
    )
    changed = ops.UpdateBlackout(pb.UpdateBlackoutRequest(blackout=wanted)).blackout
    assert (list(changed.purposes), changed.cheerful_only, changed.etag) == (
        [channel_pb2.PURPOSE_MARKETING],
        False,
        "2",
    )
    assert changed.days == wanted.days
    assert refused(ops.UpdateBlackout, pb.UpdateBlackoutRequest(blackout=wanted)).reason == "STALE_VERSION"
    assert list(ops.ListBlackouts(pb.ListBlackoutsRequest()).blackouts) == [changed]
    assert list(ops.BatchGetBlackouts(pb.BatchGetBlackoutsRequest(blackout_ids=[written.id])).blackouts) == [changed]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name_en": ""}, "name_en"),
        ({"behaviour": 0}, "behaviour"),
        ({"behaviour": 9}, "behaviour"),
        ({"purposes": [9]}, "purposes"),
        ({"days": occasion_pb2.BlackoutDays()}, "days.span"),
        (
            {"days": occasion_pb2.BlackoutDays(span=occasion_pb2.BLACKOUT_SPAN_DATED, first_date="2026-02-30")},
            "days.first_date",
        ),
        (
            {
                "days": occasion_pb2.BlackoutDays(
                    span=occasion_pb2.BLACKOUT_SPAN_OCCASION, occasion_id="occ_01JD0000000000000000000000"
                )
            },
            "days.occasion_id",
        ),
    ],
)
def test_a_blackout_that_cannot_be_is_refused_by_its_field(
    ops: Stub, database: Database[dict[str, Any]], fields: dict[str, Any], field: str
) -> None:
    def write(_: object) -> object:
        return a_blackout(ops, **fields)

    assert refused(write, None).field == field
    assert database["blackouts"].count_documents({}) == 0
