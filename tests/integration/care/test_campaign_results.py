"""What a campaign came to, through the API, from a ledger that was really planned and sent, and from played ones."""

from collections.abc import Sequence
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from pymongo.database import Database

from membercare.care.v1 import campaign_results_pb2
from membercare.care.v1 import results_service_pb2 as pb
from membercare.care.v1.results_service_pb2_grpc import ResultsServiceStub
from services.care.domain.campaigns.plan import Goal, Holdout
from services.care.domain.sending.touch import TouchState
from services.chassis.clock import SystemClock
from services.chassis.errors import Kind
from tests.integration.calling import Calling, refused
from tests.integration.care.greetings import Greetings, solar
from tests.integration.care.keeping import Keeping
from tests.integration.profiled import examined, of, profiled

BORN = solar("1990-11-22")
GOAL = Goal("order_placed", 7)
NO_CAMPAIGN = "cmp_00000000000000000000000000"
SENT, DELIVERED = TouchState.SENT, TouchState.DELIVERED
DUE = SystemClock().now().replace(microsecond=0) - timedelta(days=30)
Documents = Database[dict[str, Any]]


def report(
    calling: Calling, campaign_id: str, *, role: str = "ops", **fields: Any
) -> campaign_results_pb2.CampaignResults:
    request = pb.ReportCampaignResultsRequest(campaign_id=campaign_id, **fields)
    return calling.as_role(ResultsServiceStub, role).ReportCampaignResults(request).results


def counts(funnel: campaign_results_pb2.CampaignFunnel) -> dict[str, int]:
    """Return the numbers that are not 0."""
    return {field.name: value for field, value in funnel.ListFields()}


def keys(rows: Sequence[campaign_results_pb2.CampaignFunnelRow]) -> dict[str, dict[str, int]]:
    return {row.key: counts(row.funnel) for row in rows}


def play(database: Documents, campaign_id: str, *, name: str, count: int = 1, acted: int = 0, **fields: Any) -> None:
    """Store messages to members of their own, some of whom reach the goal 2 days after, others 8 days after."""
    members, touches = [], []
    for number in range(count):
        key = f"{name}{number:04d}"
        days = 2 if number < acted else 8
        members.append({"_id": f"mem_{key}", "acts": {GOAL.act: [DUE + timedelta(days=days)]}})
        told = {"channel": "email", "variant": "", "version": 1, "date": "2026-10-01", "state": SENT.value}
        ids = {"_id": f"tch_{key}", "campaign_id": campaign_id, "member_id": f"mem_{key}"}
        touches.append({**told, **ids, "reason": "", "due_at": DUE, "updated_at": DUE, "fallback_of": "", **fields})
    database["members"].insert_many(members)
    database["touches"].insert_many(touches)


async def test_a_campaign_that_ran_is_told_from_due_to_sent_with_every_reason(
    calling: Calling, greetings: Greetings, mail: Keeping
) -> None:
    for _ in range(3):
        greetings.member(birthday=BORN)
    greetings.member(birthday=BORN, email="")
    greetings.member(birthday=BORN, email_consent=False)
    campaign = greetings.running()
    greetings.plan(campaign)
    assert counts(report(calling, campaign.id).total) == {"due": 5, "waiting": 5}
    await greetings.dispatch()
    told = report(calling, campaign.id, role="auditor")
    assert counts(told.total) == {"due": 5, "skipped": 2, "sent": 3, "unconfirmed": 3}
    assert {each.reason: each.count for each in told.skips} == {"NO_EMAIL_ADDRESS": 1, "NO_EMAIL_CONSENT": 1}
    assert all(each.reason_en and each.reason_zh for each in told.skips)
    assert [keys(rows) for rows in (told.by_channel, told.by_version, told.by_day, told.by_variant)] == [
        {name: counts(told.total)} for name in ("email", "1", "2026-11-22", "")
    ]
    assert not told.HasField("lift")
    skips = calling.as_role(ResultsServiceStub, "agent").ListSkips(pb.ListSkipsRequest(campaign_id=campaign.id)).skips
    assert skips == told.skips


def test_what_providers_and_members_said_of_a_message_is_counted_once_for_each_message(
    calling: Calling, greetings: Greetings, database: Documents
) -> None:
    campaign = greetings.running()
    play(database, campaign.id, name="d", count=3, state=DELIVERED.value)
    play(database, campaign.id, name="b", state=TouchState.FAILED.value, reason="BOUNCED")
    other = greetings.running()
    play(database, other.id, name="x", state=DELIVERED.value)
    words = [
        {"key": f"k{number}", "touch_id": touch, "kind": kind, "at": DUE}
        for number, (touch, kind) in enumerate(
            [
                ("tch_d0000", "opened"),
                ("tch_d0000", "opened"),
                ("tch_d0000", "clicked"),
                ("tch_d0001", "opened"),
                ("tch_x0000", "replied"),
                ("tch_b0000", "bounced"),
            ]
        )
    ]
    late = {"key": "late", "touch_id": "tch_d0002", "kind": "complained", "at": SystemClock().now() + timedelta(days=1)}
    database["receipts"].insert_many([{"_id": "rcp_1", "words": words}, {"_id": "rcp_2", "words": [late]}])
    withdrawn = {"touch_id": "tch_d0001", "granted": False, "recorded_time": DUE}
    database["consents"].insert_many([{"_id": "cns_1", **withdrawn}, {"_id": "cns_2", **withdrawn}])
    expected = {"due": 4, "sent": 4, "delivered": 3, "bounced": 1, "opened": 2, "clicked": 1, "unsubscribed": 1}
    assert counts(report(calling, campaign.id).total) == expected


def test_a_goal_counts_within_its_window_and_the_control_group_from_when_it_would_have_been_sent_to(
    calling: Calling, greetings: Greetings, database: Documents
) -> None:
    campaign = greetings.running(goal=GOAL, holdout=Holdout(1_000))
    play(database, campaign.id, name="s", count=200, acted=80)
    play(database, campaign.id, name="n", count=100, acted=10, state=TouchState.SKIPPED.value, reason="NO_CONSENT")
    play(database, campaign.id, name="c", count=100, acted=10, state=TouchState.SKIPPED.value, reason="HOLDOUT")
    told = report(calling, campaign.id)
    assert counts(told.total)["goal_reached"] == 80
    assert [(each.channel, each.messages, each.minor_units) for each in told.costs] == [("email", 200, 100)]
    lift = told.lift
    assert (lift.treated.members, lift.treated.converted, lift.treated.rate) == (300, 90, 0.3)
    assert (lift.control.members, lift.control.converted, lift.control.rate) == (100, 10, 0.1)
    assert (lift.verdict, lift.goal_act, lift.window_days) == (
        campaign_results_pb2.LIFT_VERDICT_MORE,
        "order_placed",
        7,
    )
    assert lift.value == pytest.approx(0.2)
    assert 0 < lift.low < 0.2 < lift.high < 1
    assert lift.p_value < 0.05
    assert "对照组" in lift.explanation_zh
    assert lift.treated.open_windows == lift.control.open_windows == 0


def test_a_member_who_is_due_again_and_again_is_one_member_of_the_comparison(
    calling: Calling, greetings: Greetings, database: Documents
) -> None:
    campaign = greetings.running(goal=GOAL)
    play(database, campaign.id, name="s", acted=1)
    database["touches"].insert_one(
        {
            **(database["touches"].find_one({"_id": "tch_s0000"}) or {}),
            "_id": "tch_again",
            "due_at": SystemClock().now() - timedelta(days=1),
            "date": "2026-11-01",
        }
    )
    told = report(calling, campaign.id)
    assert (told.total.due, told.total.goal_reached) == (2, 1)
    assert (told.lift.treated.members, told.lift.treated.converted, told.lift.treated.open_windows) == (1, 1, 1)
    assert told.lift.verdict == campaign_results_pb2.LIFT_VERDICT_NO_CONTROL
    assert not told.lift.HasField("value")


def test_a_message_by_a_later_channel_stands_in_and_is_not_due_twice(
    calling: Calling, greetings: Greetings, database: Documents
) -> None:
    campaign = greetings.running(goal=GOAL)
    play(database, campaign.id, name="s", state=TouchState.SKIPPED.value, reason="NO_EMAIL_ADDRESS")
    play(database, campaign.id, name="z", channel="sms", fallback_of="tch_s0000", member_id="mem_s0000")
    told = report(calling, campaign.id)
    assert keys(told.by_channel) == {
        "email": {"due": 1, "skipped": 1},
        "sms": {"stand_ins": 1, "sent": 1, "unconfirmed": 1},
    }
    assert told.lift.treated.members == 1


def test_days_narrow_the_results_and_everything_still_adds_up(
    calling: Calling, greetings: Greetings, database: Documents
) -> None:
    campaign = greetings.running()
    for day in (1, 2, 3):
        play(
            database, campaign.id, name=f"d{day}", count=day, date=f"2026-10-0{day}", version=day, variant="AB"[day % 2]
        )
    told = report(calling, campaign.id, first_date="2026-10-02", last_date="2026-10-03")
    assert {key: row["due"] for key, row in keys(told.by_day).items()} == {"2026-10-02": 2, "2026-10-03": 3}
    assert {key: row["due"] for key, row in keys(told.by_variant).items()} == {"A": 2, "B": 3}
    assert (told.total.due, told.first_date, told.last_date) == (5, "2026-10-02", "2026-10-03")


def test_the_workbook_holds_the_same_numbers(calling: Calling, greetings: Greetings, database: Documents) -> None:
    campaign = greetings.running(goal=GOAL, holdout=Holdout(1_000))
    play(database, campaign.id, name="s", count=20, acted=10)
    play(database, campaign.id, name="c", count=10, acted=2, state=TouchState.SKIPPED.value, reason="HOLDOUT")
    ops = calling.as_role(ResultsServiceStub, "manager")
    file = ops.ExportCampaignResults(pb.ExportCampaignResultsRequest(campaign_id=campaign.id))
    assert file.file_name == f"results-{campaign.id}.xlsx"
    book = load_workbook(BytesIO(file.content))
    funnel, skips, lift, costs = ([list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book.worksheets)
    total = dict(zip(funnel[0], funnel[1], strict=True))
    assert (total["Due 应触达"], total["Sent 已发送"], total["Held out 对照组"]) == (30, 20, 10)
    assert total["Goal reached 达成目标"] == 10
    assert [row[:2] for row in funnel[2:]] == [
        ["Channel 渠道", "email"],
        ["Variant 文案方案", ""],
        ["Version 版本", "1"],
        ["Day 日期", "2026-10-01"],
    ]
    assert costs[1] == ["email", 20, 10, "CNY"]
    assert skips[1][:2] == ["HOLDOUT", 10]
    assert [20, 10, 0, 0.5] in [row[1:5] for row in lift]
    assert [10, 2, 0, 0.2] in [row[1:5] for row in lift]


@pytest.mark.parametrize(
    ("fields", "kind", "reason", "field"),
    [
        ({"campaign_id": NO_CAMPAIGN}, Kind.NOT_FOUND, "CAMPAIGN_NOT_FOUND", ""),
        ({"campaign_id": "x"}, Kind.INVALID, "INVALID_ID", "campaign_id"),
        ({"first_date": "2026-13-01"}, Kind.INVALID, "INVALID_FIELD", "first_date"),
        ({"first_date": "2026-10-02", "last_date": "2026-10-01"}, Kind.INVALID, "INVALID_FIELD", "last_date"),
    ],
)
def test_a_question_about_nothing_is_refused_by_its_field(
    calling: Calling, greetings: Greetings, fields: dict[str, str], kind: Kind, reason: str, field: str
) -> None:
    asked: dict[str, Any] = {"campaign_id": greetings.running().id, **fields}
    stub = calling.as_role(ResultsServiceStub, "ops")
    for call, request in (
        (stub.ReportCampaignResults, pb.ReportCampaignResultsRequest(**asked)),
        (stub.ExportCampaignResults, pb.ExportCampaignResultsRequest(**asked)),
        (stub.ListSkips, pb.ListSkipsRequest(**asked)),
    ):
        refusal = refused(call, request)
        assert (refusal.kind, refusal.reason, refusal.field) == (kind, reason, field)


def test_who_has_no_part_in_care_sees_no_results(calling: Calling, greetings: Greetings) -> None:
    request = pb.ReportCampaignResultsRequest(campaign_id=greetings.running().id)
    stub = calling.as_role(ResultsServiceStub, "respondent")
    assert refused(stub.ReportCampaignResults, request).kind is Kind.FORBIDDEN


def test_the_messages_of_some_days_are_found_by_an_index(database: Documents, greetings: Greetings) -> None:
    campaign = greetings.running()
    play(database, campaign.id, name="a", count=20)
    play(database, campaign.id, name="b", count=3, date="2026-10-02")
    where = {"campaign_id": campaign.id, "date": {"$gte": "2026-10-02", "$lte": "2026-10-02"}}
    stats = database.command("explain", {"find": "touches", "filter": where}, verbosity="executionStats")[
        "executionStats"
    ]
    assert stats["totalDocsExamined"] == 3
    assert stats["totalKeysExamined"] <= 5  # the three, and a look for each state that there is


def test_results_read_what_was_said_and_done_for_many_messages_at_once(
    calling: Calling, greetings: Greetings, database: Documents
) -> None:
    campaign = greetings.running(goal=GOAL)
    play(database, campaign.id, name="d", count=300, acted=300, state=DELIVERED.value)
    play(database, campaign.id, name="s", count=300)
    play(database, greetings.running().id, name="x", count=200, state=DELIVERED.value)
    opened = [{"key": "k1", "touch_id": "tch_d0007", "kind": "opened", "at": DUE}]
    arrived = [
        {"key": f"a{each}", "touch_id": f"tch_d{each:04d}", "kind": "delivered", "at": DUE} for each in range(1, 300)
    ]
    database["receipts"].insert_many([{"_id": "rcp_1", "words": opened}, {"_id": "rcp_2", "words": arrived}])
    with profiled(database) as operations:
        told = report(calling, campaign.id)
    assert counts(told.total) == {
        "due": 600,
        "sent": 600,
        "delivered": 300,
        "unconfirmed": 300,
        "opened": 1,
        "goal_reached": 300,
    }
    touches, members = of(operations, "touches"), of(operations, "members")
    assert examined(touches) == 600 + 1 + 600  # how far they got; the one that was opened; the order of members
    assert (len(members), examined(members)) == (1, 600)
    assert (len(of(operations, "consents")), examined(of(operations, "consents"))) == (1, 0)
    assert (len(of(operations, "receipts")), examined(of(operations, "receipts"))) == (1, 2)
    assert all("$lookup" not in str(each["command"]) for each in operations)


def test_why_messages_were_not_sent_is_told_by_the_index_alone(
    calling: Calling, greetings: Greetings, database: Documents
) -> None:
    campaign = greetings.running()
    play(database, campaign.id, name="s", count=50)
    play(database, campaign.id, name="n", count=3, state=TouchState.SKIPPED.value, reason="NO_CONSENT")
    play(database, campaign.id, name="c", count=4, state=TouchState.SKIPPED.value, reason="HOLDOUT")
    with profiled(database) as operations:
        skips = calling.as_role(ResultsServiceStub, "ops").ListSkips(pb.ListSkipsRequest(campaign_id=campaign.id)).skips
    assert [(each.reason, each.count) for each in skips] == [("HOLDOUT", 4), ("NO_CONSENT", 3)]
    (count,) = of(operations, "touches")
    assert (count["docsExamined"], count["keysExamined"]) == (0, 7)
