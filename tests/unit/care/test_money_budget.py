"""Budgets of money: what a message costs, when there is room for one more, and where a budget ends in a day."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.care.domain.campaigns.budget import MOST_MINOR_UNITS, Budget
from services.care.domain.campaigns.explanation import Explanation
from services.care.domain.campaigns.findings import findings_of
from services.care.domain.campaigns.triggers import OneOffTrigger
from services.care.domain.channels import Channel
from services.care.domain.results.prices import Prices
from services.care.domain.sending.reasons import Reason
from services.care.domain.sending.spending import Spent, cost_of
from services.care.usecases.campaigns.foresee_budget import Place, Rationed, ration
from services.chassis.errors import InvalidField
from tests.unit.care.plans import CHINESE, ENGLISH, TRIGGERS, a_plan

PRICES = Prices.parse("CNY sms=45000 email=500 wecom=0")
NOW = datetime(2026, 11, 22, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("budget", "spent", "cost", "reason", "left"),
    [
        (Budget(0, 45, "CNY"), Spent(), 45_000, None, 1),
        (Budget(0, 44, "CNY"), Spent(), 45_000, Reason.MONEY_SPENT, 0),
        (Budget(0, 1, "CNY"), Spent(1, 500), 500, None, 1),
        (Budget(0, 1, "CNY"), Spent(2, 1_000), 500, Reason.MONEY_SPENT, 0),
        (Budget(0, 1, "CNY"), Spent(2, 1_000), 0, None, None),
        (Budget(0, 1, "CNY"), Spent(3, 1_500), 0, Reason.MONEY_SPENT, 0),
        (Budget(2, 1, "CNY"), Spent(2, 1_000), 500, Reason.BUDGET_SPENT, 0),
        (Budget(5, 1, "CNY"), Spent(2, 500), 500, None, 1),
        (Budget(5), Spent(2, 9_000), 500, None, 3),
        (Budget(1), Spent(2), 0, Reason.BUDGET_SPENT, 0),
    ],
)
def test_there_is_room_for_a_message_that_costs_no_more_than_is_left_to_the_thousandth(
    budget: Budget, spent: Spent, cost: int, reason: Reason | None, left: int | None
) -> None:
    assert (spent.over(budget, cost=cost), spent.most_left(budget, cost=cost)) == (reason, left)


def test_a_price_in_another_currency_is_no_price() -> None:
    assert cost_of("sms", Budget(0, 1, "CNY"), prices=PRICES) == 45_000
    assert cost_of("sms", Budget(0, 1, "USD"), prices=PRICES) is None
    assert cost_of("call", Budget(0, 1, "CNY"), prices=PRICES) is None
    assert cost_of("call", Budget(10), prices=PRICES) == 0


MESSAGES = st.lists(
    st.tuples(
        st.tuples(st.integers(0, 5).map(lambda hours: NOW + timedelta(hours=hours)), st.integers(0, 99).map(str)),
        st.sampled_from(["sms", "email", "wecom", "call"]),
    ),
    unique_by=lambda each: each[0],
    max_size=60,
)
BUDGETS = st.builds(Budget, st.integers(0, 20), st.integers(1, 400), st.just("CNY")) | st.builds(
    Budget, st.integers(1, 20)
)


@example(
    [((NOW, "0"), "sms"), ((NOW, "1"), "sms"), ((NOW, "2"), "email"), ((NOW, "8"), "sms")], Budget(1, 1, "CNY"), Spent()
)  # who comes after the number is used up, by a channel that the money had left before
@given(MESSAGES, BUDGETS, st.builds(Spent, st.integers(0, 3), st.integers(0, 60_000)))
def test_a_budget_ends_in_a_dry_run_where_it_ends_if_messages_are_paid_one_by_one(
    messages: list[tuple[Place, str]], budget: Budget, spent: Spent
) -> None:
    found = ration(messages, spent, budget=budget, prices=PRICES)
    for place, channel in sorted(messages):
        cost = cost_of(channel, budget, prices=PRICES)
        if cost is None:  # is held, and takes no place
            continue
        reason = spent.over(budget, cost=cost)
        assert found.refused(place, channel) is reason
        spent = spent if reason else spent.with_one_more(cost)
    assert not budget.minor_units or spent.thousandths <= max(budget.thousandths, 60_000)


def test_a_budget_that_is_not_reached_ends_nowhere() -> None:
    assert ration([((NOW, "tch_1"), "sms")], Spent(), budget=Budget(0, 45, "CNY"), prices=PRICES) == Rationed()


@pytest.mark.parametrize(
    ("budget", "prices", "found"),
    [
        (Budget(0, 100, "CNY"), PRICES, []),
        (Budget(5), Prices(), []),
        (Budget(0, 100, "USD"), PRICES, [("CURRENCY_DIFFERS", "plan.budget.currency_code")]),
        (Budget(0, 100, "CNY"), Prices.parse("CNY sms=1"), [("PRICE_UNKNOWN", "plan.budget.minor_units")]),
        (Budget(0, 100, "CNY"), Prices(), [("PRICE_UNKNOWN", "plan.budget.minor_units")]),
    ],
)
def test_a_budget_that_could_not_be_kept_blocks(budget: Budget, prices: Prices, found: list[tuple[str, str]]) -> None:
    told = list(findings_of(a_plan(budget=budget), now=NOW, prices=prices))
    assert [(each.code, each.field) for each in told if each.blocks] == found
    assert all(each.english and each.chinese for each in told)


def test_every_channel_without_a_price_is_named() -> None:
    trigger = TRIGGERS["one_off"]
    assert isinstance(trigger, OneOffTrigger)
    plan = a_plan(
        trigger=trigger,
        budget=Budget(0, 100, "CNY"),
        channels=(Channel.EMAIL, Channel.CALL, Channel.WECHAT),
        templates=(ENGLISH, CHINESE),
    )
    (told,) = findings_of(plan, now=NOW, prices=PRICES)
    assert told.english == "There is a budget of money, and what a message costs is not known by: call, wechat."
    assert told.chinese == "设有费用预算，但以下渠道的价格未知：call、wechat。"


def test_an_amount_that_cannot_be_counted_is_refused() -> None:
    assert Budget(0, MOST_MINOR_UNITS, "CNY").checked("plan.budget").thousandths < 2**63
    with pytest.raises(InvalidField) as refusal:
        Budget(0, MOST_MINOR_UNITS + 1, "CNY").checked("plan.budget")
    assert refusal.value.field == "plan.budget.minor_units"


@pytest.mark.parametrize("text", ["CNY sms=1234567890123", "CNY sms=4.5", "CNY sms=-1"])
def test_a_price_that_is_no_whole_number_of_12_digits_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must be a channel"):
        Prices.parse(text)


def test_the_reasons_are_told_in_both_languages() -> None:
    told = [Explanation(reason) for reason in (Reason.MONEY_SPENT, Reason.PRICE_UNKNOWN)]
    assert [(each.english, each.chinese) for each in told] == [
        (
            "The message would cost more than is left of the campaign's money.",
            "活动费用预算的余额不足以支付此消息。",
        ),
        (
            "The campaign has a budget of money, and what the channel costs is not known.",
            "活动设有费用预算，但该渠道的价格未知。",
        ),
    ]
