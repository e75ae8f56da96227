"""What a person sends to the room of days arrives as it was meant."""

import base64
from typing import Any
from uuid import UUID

import pytest

from membercare.care.v1 import calendars_service_pb2 as pb
from membercare.care.v1 import campaign_plan_pb2, occasion_pb2, statutory_pb2
from tests.fakes.company import NOON, an_id
from tests.fakes.suite import Client, FakeSuite

OCCASION = occasion_pb2.Occasion(
    id=an_id("occ", 1),
    name_en="Company day",
    name_zh="司庆日",
    rule=occasion_pb2.OccasionRule(kind=occasion_pb2.OCCASION_KIND_SOLAR_DATE, month=6, day=7),
    etag="1",
    create_time=NOON,
    update_time=NOON,
)
BLACKOUT = occasion_pb2.Blackout(
    id=an_id("blk", 1),
    name_en="Qingming",
    name_zh="清明",
    days=occasion_pb2.BlackoutDays(span=occasion_pb2.BLACKOUT_SPAN_OCCASION, occasion_id=an_id("occ", 1)),
    behaviour=campaign_plan_pb2.BLACKOUT_MOVE_FORWARD,
    etag="1",
    create_time=NOON,
    update_time=NOON,
)
YEAR = statutory_pb2.StatutoryYear(country="CN", year=2027, status=statutory_pb2.STATUTORY_STATUS_UNKNOWN, etag="1")
IMPORTED = pb.ImportStatutoryDaysResponse(
    rows=1,
    stored=True,
    years=[
        pb.ImportedYear(
            year=2027,
            in_force=1,
            changed=True,
            status_before=statutory_pb2.STATUTORY_STATUS_UNKNOWN,
            differences=[
                pb.StatutoryDifference(
                    date="2027-01-02", before=statutory_pb2.DAY_KIND_OFF, after=statutory_pb2.DAY_KIND_WORK
                )
            ],
        )
    ],
)
RULE = "rule: {kind: NTH_WEEKDAY, month: 5, weekday: 7, nth: 2}"
SENT_RULE = {"kind": 3, "month": 5, "weekday": 7, "nth": 2}
DAYS = 'days: {span: OCCASION, occasionId: "occ_1", daysBefore: 1}'
TOLD = {
    "name_en": "Q",
    "name_zh": "清",
    "days": {"span": 4, "occasion_id": "occ_1", "days_before": 1},
    "purposes": [2],
    "cheerful_only": True,
    "behaviour": 3,
}
BLACKOUT_INPUT = (
    f'input: {{nameEn: "Q", nameZh: "清", {DAYS}, purposes: [MARKETING], cheerfulOnly: true, behaviour: DROP}}'
)

CASES: list[tuple[str, str, Any, dict[str, Any]]] = [
    (
        "ImportStatutoryDays",
        'country: "CN", status: OFFICIAL, csv: "date,kind", dryRun: true, requestId: "r1"',
        IMPORTED,
        {"country": "CN", "content": b"date,kind", "status": 1, "dry_run": True, "request_id": "r1"},
    ),
    (
        "ImportStatutoryDays",
        f'country: "CN", status: PROVISIONAL, fileBase64: "{base64.b64encode(b"BEGIN").decode()}"',
        IMPORTED,
        {"country": "CN", "content": b"BEGIN", "status": 2},
    ),
    (
        "RestoreStatutoryYear",
        'country: "CN", year: 2027, number: 0, etag: "2"',
        pb.RestoreStatutoryYearResponse(statutory_year=YEAR),
        {"country": "CN", "year": 2027, "etag": "2"},
    ),
    (
        "CreateOccasion",
        f'input: {{nameEn: "M", nameZh: "母", {RULE}}}, requestId: "r1"',
        pb.CreateOccasionResponse(occasion=OCCASION),
        {"name_en": "M", "name_zh": "母", "rule": SENT_RULE, "request_id": "r1"},
    ),
    (
        "UpdateOccasion",
        f'id: "occ_1", input: {{nameEn: "M", nameZh: "母", {RULE}}}, etag: "3"',
        pb.UpdateOccasionResponse(occasion=OCCASION),
        {"occasion_id": "occ_1", "name_en": "M", "name_zh": "母", "rule": SENT_RULE, "etag": "3"},
    ),
    (
        "RetireOccasion",
        'id: "occ_1", etag: "3"',
        pb.RetireOccasionResponse(occasion=OCCASION),
        {"occasion_id": "occ_1", "etag": "3"},
    ),
    (
        "CreateBlackout",
        f'{BLACKOUT_INPUT}, requestId: "r1"',
        pb.CreateBlackoutResponse(blackout=BLACKOUT),
        {"blackout": TOLD, "request_id": "r1"},
    ),
    (
        "UpdateBlackout",
        f'id: "blk_1", {BLACKOUT_INPUT}, etag: "3"',
        pb.UpdateBlackoutResponse(blackout=BLACKOUT),
        {"blackout": TOLD | {"id": "blk_1", "etag": "3"}},
    ),
    (
        "DeleteBlackout",
        'id: "blk_1", etag: "3"',
        pb.DeleteBlackoutResponse(blackout_id="blk_1"),
        {"blackout_id": "blk_1", "etag": "3"},
    ),
]
SHOWN: dict[type, tuple[str, str, dict[str, Any]]] = {
    pb.ImportStatutoryDaysResponse: (
        "ImportStatutoryDaysPayload",
        "stored years { year statusBefore differences { date before after } }",
        {
            "stored": True,
            "years": [
                {
                    "year": 2027,
                    "statusBefore": "UNKNOWN",
                    "differences": [{"date": "2027-01-02", "before": "OFF", "after": "WORK"}],
                }
            ],
        },
    ),
    pb.RestoreStatutoryYearResponse: (
        "StatutoryYearPayload",
        "statutoryYear { year status }",
        {"statutoryYear": {"year": 2027, "status": "UNKNOWN"}},
    ),
    pb.DeleteBlackoutResponse: ("DeletedBlackoutPayload", "blackoutId", {"blackoutId": "blk_1"}),
}
OCCASION_SHOWN = (
    "OccasionPayload",
    "occasion { nameZh rule { kind month leapDayPolicy } }",
    {"occasion": {"nameZh": "司庆日", "rule": {"kind": "SOLAR_DATE", "month": 6, "leapDayPolicy": None}}},
)
BLACKOUT_SHOWN = (
    "BlackoutPayload",
    "blackout { nameEn behaviour days { span firstDate } }",
    {"blackout": {"nameEn": "Qingming", "behaviour": "FORWARD", "days": {"span": "OCCASION", "firstDate": None}}},
)


@pytest.mark.parametrize(("rpc", "arguments", "reply", "arrived"), CASES)
async def test_a_mutation_sends_what_was_asked_and_shows_what_came_back(
    gateway: Client, suite: FakeSuite, rpc: str, arguments: str, reply: Any, arrived: dict[str, Any]
) -> None:
    suite.care.answers[rpc] = lambda _: reply
    by_noun = OCCASION_SHOWN if "Occasion" in rpc else BLACKOUT_SHOWN
    payload, selection, expected = SHOWN.get(type(reply), by_noun)
    field = rpc[0].lower() + rpc[1:]
    data = await gateway.data(f"mutation {{ {field}({arguments}) {{ ... on {payload} {{ {selection} }} }} }}")
    assert data[field] == expected
    (request,) = suite.care.asked[rpc]
    if "request_id" not in arrived:
        UUID(request.request_id)
        request.request_id = ""
    assert request == type(request)(**arrived)


async def test_a_month_is_shown_with_its_days_and_the_occasion_of_a_blackout(gateway: Client, suite: FakeSuite) -> None:
    day = statutory_pb2.CareDay(
        date="2026-04-05",
        weekday=7,
        kind=statutory_pb2.DAY_KIND_OFF,
        statutory=statutory_pb2.StatutoryDay(date="2026-04-05", kind=statutory_pb2.DAY_KIND_OFF, name_zh="清明节"),
        lunar=statutory_pb2.LunarDate(year=2026, month=2, day=18, text_en="month 2, day 18", text_zh="二月十八"),
        term=statutory_pb2.CareDayTerm(term=occasion_pb2.SOLAR_TERM_QINGMING, name_en="Qingming", name_zh="清明"),
        occasions=[statutory_pb2.CareDayOccasion(occasion=OCCASION, occurrence="2026")],
        blackouts=[BLACKOUT],
    )
    suite.care.answers["GetCareCalendar"] = lambda _: pb.GetCareCalendarResponse(
        status=statutory_pb2.STATUTORY_STATUS_OFFICIAL, days=[day]
    )
    suite.care.answers["BatchGetOccasions"] = lambda _: pb.BatchGetOccasionsResponse(occasions=[OCCASION])
    data = await gateway.data(
        '{ careCalendar(month: "2026-04") { status days { date weekday kind statutory { nameEn nameZh } '
        "lunar { textZh leapMonth } term { term nameZh } occasions { occurrence occasion { id } } "
        "blackouts { purposes days { occasion { nameEn } } } } } }"
    )
    assert data["careCalendar"] == {
        "status": "OFFICIAL",
        "days": [
            {
                "date": "2026-04-05",
                "weekday": 7,
                "kind": "OFF",
                "statutory": {"nameEn": None, "nameZh": "清明节"},
                "lunar": {"textZh": "二月十八", "leapMonth": False},
                "term": {"term": "QINGMING", "nameZh": "清明"},
                "occasions": [{"occurrence": "2026", "occasion": {"id": OCCASION.id}}],
                "blackouts": [{"purposes": [], "days": {"occasion": {"nameEn": "Company day"}}}],
            }
        ],
    }
    assert suite.care.asked["GetCareCalendar"] == [pb.GetCareCalendarRequest(month="2026-04", country="CN")]
    assert suite.calls == {"GetCareCalendar": 1, "BatchGetOccasions": 1}


async def test_a_year_is_asked_for_by_version_and_the_built_in_one_is_a_version_too(
    gateway: Client, suite: FakeSuite
) -> None:
    suite.care.answers["GetStatutoryYear"] = lambda _: pb.GetStatutoryYearResponse(statutory_year=YEAR)
    data = await gateway.data(
        "{ newest: statutoryYear(year: 2027) { status } first: statutoryYear(year: 2027, number: 0) { versions "
        "{ number } } }"
    )
    assert data == {"newest": {"status": "UNKNOWN"}, "first": {"versions": []}}
    asked = {request.HasField("number") for request in suite.care.asked["GetStatutoryYear"]}
    assert asked == {True, False}


async def test_occasions_and_their_dates_are_listed(gateway: Client, suite: FakeSuite) -> None:
    suite.care.answers["ListOccasions"] = lambda _: pb.ListOccasionsResponse(occasions=[OCCASION])
    suite.care.answers["ListBlackouts"] = lambda _: pb.ListBlackoutsResponse(blackouts=[BLACKOUT])
    suite.care.answers["ListOccasionDates"] = lambda _: pb.ListOccasionDatesResponse(
        dates=[occasion_pb2.OccasionDate(date="2026-02-17", occurrence="L2026")]
    )
    data = await gateway.data(
        "{ occasions(filter: {withRetired: true}) { nodes { id } } blackouts { nodes { id } } "
        'occasionDates(id: "occ_1", firstYear: 2026, lastYear: 2027) { date occurrence } }'
    )
    assert data == {
        "occasions": {"nodes": [{"id": OCCASION.id}]},
        "blackouts": {"nodes": [{"id": BLACKOUT.id}]},
        "occasionDates": [{"date": "2026-02-17", "occurrence": "L2026"}],
    }
    (listed,) = suite.care.asked["ListOccasions"]
    assert listed.filter.with_retired
