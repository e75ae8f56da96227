"""Budgets of money at work: never passed, given back, charged by the channel that sends, foreseen, and closed."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest
from pymongo import AsyncMongoClient
from pymongo.database import Database
from pymongo.monitoring import CommandFailedEvent, CommandListener, CommandStartedEvent, CommandSucceededEvent

from membercare.care.v1 import campaign_pb2, channel_pb2
from membercare.care.v1 import campaigns_service_pb2 as pb
from membercare.care.v1 import care_service_pb2 as core
from membercare.care.v1.campaigns_service_pb2_grpc import CampaignsServiceStub
from membercare.care.v1.care_service_pb2_grpc import CareServiceStub
from services.care.domain.campaigns.budget import Budget
from services.care.domain.campaigns.triggers import OneOffTrigger
from services.care.domain.providers.kinds import ProviderKind
from services.care.domain.results.prices import Prices
from services.care.domain.sending.caps import Cap, CapPeriod
from services.care.domain.sending.reasons import Reason
from services.care.ports.contacts import Places
from services.care.ports.sending import Handover
from services.care.store.providers.providers import MongoProviders
from services.care.store.sending.contacts import MongoBudgets
from services.chassis.errors import Kind
from tests.fakes.suite import Client
from tests.integration.calling import Calling, refused
from tests.integration.care.greetings import Greetings, solar, utc
from tests.integration.care.keeping import Keeping
from tests.integration.care.test_campaigns_rpc import a_draft, a_plan
from tests.integration.care.test_dry_run_equals_run import TWO_CHANNELS, foreseen, ran, somebody
from tests.unit.care.providers import a_provider

BORN = solar("1990-11-22")
PRICES = Prices.parse("CNY email=500 sms=45000")
CAMPAIGN = "cmp_00000000000000000000000001"
ONLY_SMS = {"sms": {"care": True}}


def yuan(minor_units: int, most_touches: int = 0) -> Budget:
    return Budget(most_touches, minor_units, "CNY")


@pytest.fixture
def priced(greetings: Greetings) -> Greetings:
    greetings.prices = PRICES
    return greetings


@pytest.fixture
async def budgets(database: Database[dict[str, Any]], mongo_url: str) -> AsyncIterator[MongoBudgets]:
    async with AsyncMongoClient[dict[str, Any]](mongo_url, tz_aware=True) as client:
        yield MongoBudgets(client, database.name)


def stored(database: Database[dict[str, Any]], campaign_id: str) -> dict[str, Any]:
    found = database["campaign_budgets"].find_one({"_id": campaign_id}) or {}
    spent = found.get("spent", {})
    assert all(type(each) is int for each in (found.get("used", 0), *spent.values()))
    return {key: each for key, each in found.items() if key != "_id"}


async def test_dispatchers_at_once_never_spend_more_than_the_money_there_is(
    budgets: MongoBudgets, database: Database[dict[str, Any]]
) -> None:
    costs = [45_000, 500, 1_234] * 20
    taken = await asyncio.gather(
        *(budgets.claim(CAMPAIGN, 7, cost=cost, budget=yuan(1_000, most_touches=300)) for cost in costs)
    )
    spent = sum(cost * each.taken for cost, each in zip(costs, taken, strict=True))
    assert stored(database, CAMPAIGN) == {"used": sum(each.taken for each in taken), "spent": {"CNY": spent}}
    assert 1_000_000 - 500 < spent <= 1_000_000
    assert {each.reason for each in taken if each.taken < 7} == {Reason.MONEY_SPENT}


async def test_places_are_taken_by_whichever_cap_is_reached_first(
    budgets: MongoBudgets, database: Database[dict[str, Any]]
) -> None:
    assert await budgets.claim(CAMPAIGN, 200, cost=500, budget=yuan(50, 30)) == Places(30, Reason.BUDGET_SPENT)
    assert await budgets.claim(CAMPAIGN, 200, cost=500, budget=yuan(50, 300)) == Places(70, Reason.MONEY_SPENT)
    assert await budgets.claim(CAMPAIGN, 200, cost=0, budget=yuan(50, 105)) == Places(5, Reason.BUDGET_SPENT)
    assert await budgets.claim(CAMPAIGN, 1, cost=0, budget=yuan(49)) == Places(0, Reason.MONEY_SPENT)
    await budgets.give_back(CAMPAIGN, 3, cost=500, budget=yuan(50))
    assert stored(database, CAMPAIGN) == {"used": 102, "spent": {"CNY": 48_500}}


async def test_each_currency_is_counted_by_itself(budgets: MongoBudgets, database: Database[dict[str, Any]]) -> None:
    dollars = Budget(0, 3, "USD")
    assert (await budgets.claim(CAMPAIGN, 5, cost=1_000, budget=yuan(4))).taken == 4
    assert (await budgets.claim(CAMPAIGN, 5, cost=1_000, budget=dollars)).taken == 3
    assert (await budgets.claim(CAMPAIGN, 5, cost=1_000, budget=yuan(5))).taken == 1
    await budgets.give_back(CAMPAIGN, 1, cost=1_000, budget=dollars)
    assert stored(database, CAMPAIGN) == {"used": 7, "spent": {"CNY": 5_000, "USD": 2_000}}


async def test_a_campaign_never_spends_more_than_its_money_however_many_dispatchers_there_are(
    priced: Greetings, mail: Keeping
) -> None:
    for _ in range(40):
        priced.member(birthday=BORN)
    campaign = priced.running(budget=yuan(12))
    priced.plan(campaign)
    half = [each["_id"] for each in priced.database["touches"].find().limit(20)]
    batch = priced.database["batches"].find_one() or {}
    priced.database["batches"].insert_one(batch | {"_id": "bat_second"})
    priced.database["touches"].update_many({"_id": {"$in": half}}, {"$set": {"batch_id": "bat_second"}})
    await asyncio.gather(priced.dispatch(), priced.dispatch())
    assert len(mail.kept) == 24  # half a fen each
    states = Counter((state, reason) for _, state, reason in priced.lines())
    assert states == {("SENT", ""): 24, ("SKIPPED", "MONEY_SPENT"): 16}
    assert stored(priced.database, campaign.id) == {"used": 24, "spent": {"CNY": 12_000}}


async def test_what_did_not_leave_is_paid_back_and_others_get_the_money(priced: Greetings, mail: Keeping) -> None:
    refusing = [priced.member(birthday=BORN).id for _ in range(2)]
    later = [priced.member(birthday=BORN, time_zone="Asia/Kolkata").id for _ in range(3)]
    campaign = priced.running(budget=yuan(1))
    priced.plan(campaign)
    mail.answer = Handover.REFUSED
    await priced.dispatch()
    assert stored(priced.database, campaign.id) == {"used": 0, "spent": {"CNY": 0}}
    mail.answer = Handover.ACCEPTED
    priced.clock.set(utc("2026-11-22 03:30"))
    await priced.dispatch()
    assert stored(priced.database, campaign.id) == {"used": 2, "spent": {"CNY": 1_000}}
    ends = {each["member_id"]: each["reason"] for each in priced.database["touches"].find()}
    assert [ends[member] for member in refusing] == ["PROVIDER_REFUSED"] * 2
    assert sorted(ends[member] for member in later) == ["", "", "MONEY_SPENT"]


async def test_a_channel_that_stands_in_is_charged_by_its_own_price(
    priced: Greetings, mail: Keeping, sms: Keeping
) -> None:
    priced.member(birthday=BORN, phone="+8613800138000")
    only_sms = priced.member(birthday=BORN, phone="+8613800138001")
    priced.set_on(only_sms.id, consents=ONLY_SMS)
    campaign = priced.running(budget=yuan(1_000), **TWO_CHANNELS)
    priced.plan(campaign)
    await priced.dispatch()
    assert (len(mail.kept), len(sms.kept)) == (1, 1)
    assert stored(priced.database, campaign.id) == {"used": 2, "spent": {"CNY": 45_500}}


async def test_money_that_is_too_little_for_the_dear_channel_still_buys_the_cheap_one(
    priced: Greetings, mail: Keeping, sms: Keeping
) -> None:
    priced.member(birthday=BORN, phone="+8613800138000")
    for number in range(3):
        only_sms = priced.member(birthday=BORN, phone=f"+861380013800{number}")
        priced.set_on(only_sms.id, consents=ONLY_SMS)
    campaign = priced.running(budget=yuan(91), **TWO_CHANNELS)
    priced.plan(campaign)
    await priced.dispatch()
    ends = Counter(each for each in priced.lines() if each[2] != "NO_EMAIL_CONSENT")
    assert ends == {("email", "SENT", ""): 1, ("sms", "SENT", ""): 2, ("sms", "SKIPPED", "MONEY_SPENT"): 1}


@pytest.mark.parametrize("prices", ["", "CNY sms=45000", "USD email=500"])
async def test_a_price_that_is_gone_holds_what_it_must_pay_and_nothing_leaves_until_it_is_back(
    priced: Greetings, mail: Keeping, prices: str
) -> None:
    priced.rules(caps=(Cap(1, CapPeriod.DAY),))
    priced.member(birthday=BORN)
    campaign = priced.running(budget=yuan(100))
    priced.plan(campaign)
    priced.prices = Prices.parse(prices)
    assert await priced.dispatch() == 0
    (touch,) = priced.database["touches"].find()
    assert (touch["state"], touch["reason"]) == ("TOUCH_STATE_HELD", "PRICE_UNKNOWN")
    assert touch["held_until"] == utc("2026-11-22 02:10")
    assert (mail.kept, stored(priced.database, campaign.id)) == ([], {})
    assert priced.database["contact_history"].count_documents({}) == 0
    priced.prices = PRICES
    priced.clock.set(utc("2026-11-22 02:10"))
    await priced.dispatch()
    assert (len(mail.kept), priced.lines()) == (1, [("email", "SENT", "")])


async def test_a_dry_run_foresees_whom_the_money_reaches_by_which_channel(
    priced: Greetings, mail: Keeping, sms: Keeping, calling: Calling
) -> None:
    priced.clock.set(utc("2030-06-14 12:00"))
    MongoProviders(priced.clock).add(a_provider(ProviderKind.ALIYUN_SMS), request_key="")
    early = [somebody(priced) for _ in range(3)]
    texted = [somebody(priced, consents=ONLY_SMS, time_zone="Asia/Kolkata") for _ in range(3)]
    late = [somebody(priced, time_zone="Pacific/Honolulu") for _ in range(4)]
    campaign = priced.running(trigger=OneOffTrigger(date(2030, 6, 15)), budget=yuan(92), **TWO_CHANNELS)
    foretold = foreseen(calling, campaign)  # 1.5 + 90 leave half a fen: one of Hawaii
    assert await ran(priced, campaign, *(f"2030-06-15 {hour}" for hour in ("01:00", "03:30", "19:00"))) == foretold
    assert [foretold[member][1] for member in early] == ["", "", ""]
    assert sorted(foretold[member][1] for member in texted) == ["", "", "MONEY_SPENT"]
    assert sorted(foretold[member][1] for member in late) == ["", *["MONEY_SPENT"] * 3]
    assert stored(priced.database, campaign.id) == {"used": 6, "spent": {"CNY": 92_000}}


async def test_a_dry_run_foresees_that_a_price_is_missing(priced: Greetings, mail: Keeping, calling: Calling) -> None:
    priced.clock.set(utc("2030-06-14 12:00"))
    member = priced.member()
    campaign = priced.running(trigger=OneOffTrigger(date(2030, 6, 15)), budget=Budget(0, 100, "USD"))
    foretold = foreseen(calling, campaign)
    assert foretold == {member.id: ("TOUCH_STATE_HELD", "PRICE_UNKNOWN", "2030-06-15T01:10:00+00:00")}
    priced.plan(campaign)
    priced.clock.set(utc("2030-06-15 01:00"))
    await priced.dispatch()
    assert priced.lines() == [("email", "HELD", "PRICE_UNKNOWN")]


class Calls(CommandListener):
    """Counts what is asked of each collection, by name."""

    def __init__(self) -> None:
        self.made: Counter[tuple[str, str]] = Counter()

    def started(self, event: CommandStartedEvent) -> None:
        if isinstance(collection := event.command.get(event.command_name), str):
            self.made[event.command_name, collection] += 1

    def succeeded(self, event: CommandSucceededEvent) -> None:
        """Only what begins is counted."""

    def failed(self, event: CommandFailedEvent) -> None:
        """Only what begins is counted."""


async def test_money_asks_the_database_no_oftener_than_a_number_does_and_without_either_nothing_is_asked(
    priced: Greetings, mail: Keeping, mongo_url: str
) -> None:
    async def calls_of(budget: Budget | None) -> Counter[tuple[str, str]]:
        calls = Calls()
        campaign = priced.running(budget=budget)
        priced.plan(campaign)
        async with AsyncMongoClient[dict[str, Any]](mongo_url, tz_aware=True, event_listeners=[calls]) as client:
            priced.client = client
            await priced.dispatch()
        return calls.made

    for _ in range(5):
        priced.member(birthday=BORN)
    by_number, by_money, free = await calls_of(Budget(3)), await calls_of(yuan(1)), await calls_of(None)
    assert by_number == by_money
    assert sum(each for (_, where), each in by_number.items() if where == "campaign_budgets") == 2
    assert sum(each for (_, where), each in free.items() if where == "campaign_budgets") == 0


def by_call(**budget: Any) -> campaign_pb2.CampaignPlan:
    plan = a_plan(channels=[channel_pb2.CHANNEL_CALL], budget=budget)
    for template in plan.templates:
        template.channel = channel_pb2.CHANNEL_CALL
    return plan


@pytest.mark.parametrize(
    ("plan", "finding", "field"),
    [
        (a_plan(budget={"minor_units": 100, "currency_code": "USD"}), "CURRENCY_DIFFERS", "plan.budget.currency_code"),
        (by_call(minor_units=100, currency_code="CNY"), "PRICE_UNKNOWN", "plan.budget.minor_units"),
    ],
)
def test_a_budget_that_could_not_be_kept_is_found_by_the_check_and_refused_when_approval_is_asked_for(
    calling: Calling, plan: campaign_pb2.CampaignPlan, finding: str, field: str
) -> None:
    ops = calling.as_role(CareServiceStub, "ops")
    draft = a_draft(ops, plan=plan)
    asked = pb.CheckCampaignRequest(campaign_id=draft.id)
    (found,) = calling.as_role(CampaignsServiceStub, "ops").CheckCampaign(asked).findings
    assert (found.blocks, found.code, found.field) == (True, finding, field)
    refusal = refused(ops.SubmitCampaign, core.SubmitCampaignRequest(campaign_id=draft.id))
    assert (refusal.kind, refusal.reason, refusal.field) == (Kind.PRECONDITION, "CAMPAIGN_NOT_READY", field)
    kept = ops.GetCampaign(core.GetCampaignRequest(campaign_id=draft.id)).campaign
    assert kept.state == campaign_pb2.CAMPAIGN_STATE_DRAFT


async def test_the_gateway_shows_what_the_money_did_not_reach(
    priced: Greetings, mail: Keeping, gateway: Client
) -> None:
    for _ in range(3):
        priced.member(birthday=BORN)
    campaign = priced.running(budget=yuan(1))
    priced.plan(campaign)
    await priced.dispatch()
    asked = '{ touches(first: 9, filter: {campaignId: "%s"}) { nodes { state reason reasonZh } } }'
    nodes = (await gateway.data(asked % campaign.id))["touches"]["nodes"]
    assert sorted((each["state"], each["reason"] or "") for each in nodes) == [
        ("SENT", ""),
        ("SENT", ""),
        ("SKIPPED", "MONEY_SPENT"),
    ]
    (skipped,) = [each for each in nodes if each["state"] == "SKIPPED"]
    assert skipped["reasonZh"] == "活动费用预算的余额不足以支付此消息。"
