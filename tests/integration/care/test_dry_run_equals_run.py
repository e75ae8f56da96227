"""What a dry run foresees is what the ledger says after the run: holds, caps and budgets too."""

from datetime import date
from typing import Any

from pymongo.database import Database

from membercare.care.v1 import campaign_plan_pb2, member_pb2, touch_pb2
from membercare.care.v1 import campaigns_service_pb2 as pb
from membercare.care.v1.campaigns_service_pb2_grpc import CampaignsServiceStub
from membercare.care.v1.care_service_pb2_grpc import CareServiceStub
from services.care.domain.campaigns.budget import Budget
from services.care.domain.campaigns.campaign import Campaign
from services.care.domain.campaigns.plan import Holdout, MessageTemplate
from services.care.domain.campaigns.planning import first_open_day
from services.care.domain.campaigns.triggers import OneOffTrigger
from services.care.domain.channels import Channel
from services.care.domain.providers.kinds import ProviderKind
from services.care.domain.sending.caps import Cap, CapPeriod
from services.care.domain.sending.channel_choice import GIVES_WAY
from services.care.domain.sending.holdout import in_holdout
from services.care.domain.sending.settings import QuietRule
from services.care.domain.sending.touch import OPEN, TouchState
from services.care.domain.sending.windows import QuietWindow
from services.care.store.providers.providers import MongoProviders
from services.chassis.clock import SystemClock
from services.chassis.timestamps import to_datetime
from tests.integration.calling import Calling
from tests.integration.care.greetings import TEMPLATES, Greetings, utc
from tests.integration.care.keeping import Keeping
from tests.integration.care.test_campaign_run_preview import a_member, everything
from tests.integration.care.test_campaigns_rpc import a_draft, a_plan
from tests.unit.care.providers import a_provider

DAY = "2030-06-15"
BY_SMS = tuple(MessageTemplate(each.language, "", each.body, channel=Channel.SMS) for each in TEMPLATES)
TWO_CHANNELS: dict[str, Any] = {"channels": (Channel.EMAIL, Channel.SMS), "templates": (*TEMPLATES, *BY_SMS)}
HELD_OUT = Holdout(3_000, "june")
Ends = dict[str, tuple[str, str, str]]
"""By member: state, reason and, of what leaves or waits, the moment."""


def foresee(calling: Calling, campaign_id: str, **fields: Any) -> pb.PreviewCampaignRunResponse:
    request = pb.PreviewCampaignRunRequest(campaign_id=campaign_id, page_size=500, **fields)
    return calling.as_role(CampaignsServiceStub, "ops").PreviewCampaignRun(request)


def foreseen(calling: Calling, campaign: Campaign) -> Ends:
    """Ask for the day, and check that the counts say the same."""
    run = foresee(calling, campaign.id, date=DAY)
    told = [(each.verdict, each.state) for each in run.messages]
    assert {(each.verdict, each.state): each.count for each in run.counts} == {each: told.count(each) for each in told}
    return {
        each.member_id: (
            touch_pb2.TouchState.Name(each.state),
            "" if each.verdict == "WILL_BE_SENT" else each.verdict,
            to_datetime(each.due_time).isoformat() if each.HasField("due_time") else "",
        )
        for each in run.messages
    }


async def ran(greetings: Greetings, campaign: Campaign, *moments: str) -> Ends:
    """Run the day, and note of each member what the ledger said when the message was first judged.

    Where no channel could be used, it is told by the first one.
    """
    greetings.plan(campaign)
    ends: Ends = {}
    for moment in moments:
        greetings.clock.set(utc(moment))
        await greetings.dispatch()
        for touch in greetings.database["touches"].find({"campaign_id": campaign.id, "fallback_channel": ""}):
            state = TouchState(touch["state"])
            if state is not TouchState.PLANNED and touch["member_id"] not in ends:
                leaves = touch["held_until"] if state is TouchState.HELD else touch["due_at"]
                moves = state is TouchState.HELD or state is TouchState.SENT
                reason = first_reason(greetings, touch) if state is TouchState.SKIPPED else touch["reason"]
                ends[touch["member_id"]] = (state.value, reason, leaves.isoformat() if moves else "")
    assert greetings.database["touches"].count_documents({"state": {"$in": sorted(OPEN)}}) == 0
    return ends


def first_reason(greetings: Greetings, touch: dict[str, Any]) -> str:
    stands_in_for = greetings.database["touches"].find_one({"_id": touch["fallback_of"]})
    told = stands_in_for if stands_in_for and touch["reason"] in GIVES_WAY else touch
    return str(told["reason"])


def somebody(greetings: Greetings, **stored: Any) -> str:
    """Return who is not of the control group, and can be mailed but for what `stored` says."""
    while True:
        member = greetings.member(phone="+8613800138000")
        if not in_holdout(member.id, draw=HELD_OUT.salt, basis_points=HELD_OUT.basis_points):
            break
        greetings.database["members"].delete_one({"_id": member.id})
    greetings.set_on(member.id, **stored)
    return member.id


async def told_before(greetings: Greetings, *, day: date, send_at: str, priority: int = 50) -> Campaign:
    """Plan a message to everybody who is there."""
    campaign = greetings.running(trigger=OneOffTrigger(day), send_at=send_at, priority=priority)
    greetings.plan(campaign)
    return campaign


async def test_the_verdicts_of_a_dry_run_are_what_the_ledger_says_after_the_run(
    greetings: Greetings, mail: Keeping, sms: Keeping, calling: Calling, database: Database[dict[str, Any]]
) -> None:
    greetings.clock.set(utc("2030-06-14 12:00"))
    MongoProviders(greetings.clock).add(a_provider(ProviderKind.ALIYUN_SMS), request_key="")
    greetings.rules(
        caps=(Cap(1, CapPeriod.ROLLING, 48),), quiet=(QuietRule(QuietWindow("08:30", "10:00"), (Channel.SMS,)),)
    )
    capped = somebody(greetings)
    await told_before(greetings, day=date(2030, 6, 14), send_at="20:00")
    await greetings.dispatch()
    outranked = somebody(greetings)
    await told_before(greetings, day=date(2030, 6, 15), send_at="18:00", priority=90)
    only_sms = {"sms": {"care": True}}
    expected = {
        capped: ("TOUCH_STATE_SKIPPED", "FREQUENCY_CAP", ""),
        outranked: ("TOUCH_STATE_SKIPPED", "OUTRANKED", ""),
        somebody(greetings, do_not_contact=True): ("TOUCH_STATE_SKIPPED", "DO_NOT_CONTACT", ""),
        somebody(greetings, time_zone=""): ("TOUCH_STATE_SKIPPED", "UNKNOWN_TIME_ZONE", ""),
        somebody(greetings, complaints=["cas_1"]): ("TOUCH_STATE_SKIPPED", "COMPLAINT_OPEN", ""),
        somebody(greetings, cheerless_until=DAY): ("TOUCH_STATE_SKIPPED", "NO_CHEERFUL_MESSAGES", ""),
        somebody(greetings, consents={}): ("TOUCH_STATE_SKIPPED", "NO_EMAIL_CONSENT", ""),
        somebody(greetings, consents=only_sms): ("TOUCH_STATE_HELD", "QUIET_HOURS", "2030-06-15T02:00:00+00:00"),
        somebody(greetings): ("TOUCH_STATE_SENT", "", "2030-06-15T01:00:00+00:00"),
    }
    in_hawaii = [somebody(greetings, time_zone="Pacific/Honolulu") for _ in range(3)]
    many = [greetings.member().id for _ in range(20)]
    held_out = [member for member in many if _held_out(member)]
    budget = Budget(2 + len(many) - len(held_out) + 2)  # one who waits and one who does not, many, two of Hawaii
    campaign = greetings.running(
        trigger=OneOffTrigger(date(2030, 6, 15)), holdout=HELD_OUT, cheerful=True, budget=budget, **TWO_CHANNELS
    )
    before = everything(database)
    foretold = foreseen(calling, campaign)
    assert everything(database) == before
    ends = await ran(greetings, campaign, *(f"{DAY} {hour}:00" for hour in ("01", "02", "09", "10", "19")))
    assert foretold == ends
    assert {member: ends[member] for member in expected} == expected
    assert {ends[member] for member in held_out} == {("TOUCH_STATE_SKIPPED", "HOLDOUT", "")}
    assert sorted(ends[member][1] for member in in_hawaii) == ["", "", "BUDGET_SPENT"]


def _held_out(member_id: str) -> bool:
    return in_holdout(member_id, draw=HELD_OUT.salt, basis_points=HELD_OUT.basis_points)


async def test_a_budget_goes_to_those_who_are_due_first_in_a_dry_run_as_in_the_run(
    greetings: Greetings, mail: Keeping, calling: Calling
) -> None:
    greetings.clock.set(utc("2030-06-14 12:00"))
    late = [greetings.member(time_zone="Pacific/Honolulu").id for _ in range(4)]
    early = [greetings.member().id for _ in range(2)]
    campaign = greetings.running(trigger=OneOffTrigger(date(2030, 6, 15)), budget=Budget(3))
    foretold = foreseen(calling, campaign)
    assert {foretold[member][1] for member in early} == {""}
    assert sorted(foretold[member][1] for member in late) == ["", *["BUDGET_SPENT"] * 3]
    assert await ran(greetings, campaign, "2030-06-15 01:00", "2030-06-15 19:00") == foretold
    another_day = greetings.running(trigger=OneOffTrigger(date(2030, 6, 15)), budget=Budget(1))
    greetings.database["campaign_budgets"].insert_one({"_id": another_day.id, "used": 1})
    assert {each[1] for each in foreseen(calling, another_day).values()} == {"BUDGET_SPENT"}


async def test_a_channel_that_nobody_carries_is_foreseen_as_not_set_up_and_gives_way_to_the_next(
    greetings: Greetings, mail: Keeping, calling: Calling
) -> None:
    greetings.clock.set(utc("2030-06-14 12:00"))
    told = {"trigger": OneOffTrigger(date(2030, 6, 15)), "templates": TWO_CHANNELS["templates"]}
    nobody = greetings.running(**told, channels=(Channel.SMS,))
    by_mail = greetings.running(**told, channels=(Channel.SMS, Channel.EMAIL))
    member = somebody(greetings)
    for campaign, end in (
        (nobody, ("TOUCH_STATE_SKIPPED", "CHANNEL_NOT_SET_UP", "")),
        (by_mail, ("TOUCH_STATE_SENT", "", "2030-06-15T01:00:00+00:00")),
    ):
        greetings.clock.set(utc("2030-06-14 12:00"))
        foretold = foreseen(calling, campaign)
        assert foretold == {member: end}
        assert await ran(greetings, campaign, "2030-06-15 01:00") == foretold


def test_a_hold_is_told_with_its_moment_in_both_languages(greetings: Greetings, calling: Calling) -> None:
    greetings.clock.set(utc("2030-06-14 12:00"))
    greetings.rules(quiet=(QuietRule(QuietWindow("08:30", "10:00")),))
    greetings.member()
    campaign = greetings.running(trigger=OneOffTrigger(date(2030, 6, 15)))
    run = foresee(calling, campaign.id, date=DAY)
    (message,), (count,) = run.messages, run.counts
    assert (message.explanation_en, message.explanation_zh) == (
        "It is quiet time where the member lives. It waits until 2030-06-15 02:00 UTC.",
        "会员当地处于免打扰时段。将等待至 2030-06-15 02:00 UTC。",
    )
    assert (count.verdict, count.state, count.count, count.explanation_en) == (
        "QUIET_HOURS",
        touch_pb2.TOUCH_STATE_HELD,
        1,
        "It is quiet time where the member lives.",
    )


def test_of_a_draft_nobody_is_counted_whose_day_is_over_already(calling: Calling) -> None:
    day = first_open_day(SystemClock().now())  # today in one place on earth only
    born = member_pb2.Birthday(calendar=member_pb2.BIRTHDAY_CALENDAR_SOLAR, month=day.month, day=day.day)
    a_member(calling, 1, time_zone="Pacific/Kiritimati", birthday=born)
    last = a_member(calling, 2, time_zone="Etc/GMT+12", birthday=born)
    ops = calling.as_role(CareServiceStub, "ops")
    birthdays = a_draft(ops)
    trigger = campaign_plan_pb2.CampaignTrigger(one_off=campaign_plan_pb2.OneOffTrigger(date=day.isoformat()))
    once = a_draft(ops, plan=a_plan(trigger=trigger))
    for draft in (birthdays, once):
        run = foresee(calling, draft.id, date=day.isoformat())
        assert [each.member_id for each in run.messages] == [last]
        assert sum(each.count for each in run.counts) == 1
