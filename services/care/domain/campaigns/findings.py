"""What would go wrong with a plan that is well formed: dates that are over, tests that cannot be counted."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from services.care.domain.campaigns.plan import CampaignPlan
from services.care.domain.campaigns.planning import first_open_day
from services.care.domain.campaigns.triggers import last_day, moment_of
from services.care.domain.results.prices import Prices
from services.care.domain.sending.reasons import Reason
from services.chassis.errors import DomainError, Kind


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that would go wrong."""

    blocks: bool
    """Approval cannot be asked for."""
    code: str
    """Data: add, never rename."""
    field: str
    english: str
    chinese: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsMistake:
    """What keeps words of a plan from being sent."""

    field: str
    code: str
    what: str
    """The part of the words that is wrong, as written; empty: all of them."""
    english: str
    chinese: str


class CampaignNotReady(DomainError):
    kind, reason = Kind.PRECONDITION, "CAMPAIGN_NOT_READY"

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.english, field=finding.field, finding=finding.code)


def findings_of(plan: CampaignPlan, *, now: datetime, prices: Prices) -> Iterator[Finding]:
    """Yield what the plan itself tells; the words are looked at by those who know the variables."""
    last = last_day(plan.trigger)
    if moment_of(plan.trigger):
        yield from moment_is_over(plan, now=now)
    elif last is not None and last + timedelta(days=plan.catch_up_days) < first_open_day(now):
        yield Finding(
            blocks=True,
            code="DAY_IS_OVER",
            field=f"plan.trigger.{plan.trigger.kind}",
            english=f"The last day, {last.isoformat()}, is over everywhere: nobody would hear anything.",
            chinese=f"最后一天（{last.isoformat()}）在各地均已过去，不会有人收到消息。",
        )
    yield from _unpriced(plan, prices)
    if plan.variants and plan.goal is None:
        yield _warning(
            "VARIANTS_WITHOUT_GOAL",
            "plan.goal",
            english="There are variants but no goal: no winner can be told.",
            chinese="设有多个方案但没有目标，无法判断哪个更好。",
        )
    if plan.variants and not any(template.variant for template in plan.templates):
        yield _warning(
            "VARIANTS_ALIKE",
            "plan.variants",
            english="All variants have the same words.",
            chinese="所有方案的文案都相同。",
        )
    if plan.holdout.basis_points and plan.goal is None:
        yield _warning(
            "HOLDOUT_WITHOUT_GOAL",
            "plan.goal",
            english="Members are held out but there is no goal: nothing can be compared.",
            chinese="设有对照组但没有目标，无法比较效果。",
        )


def moment_is_over(plan: CampaignPlan, *, now: datetime) -> Iterator[Finding]:
    """Say that the moment at which everybody was to hear has passed: whoever heard now would hear too late."""
    moment = moment_of(plan.trigger)
    if moment is not None and moment <= now:
        told = f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
        yield Finding(
            blocks=True,
            code="MOMENT_IS_OVER",
            field=f"plan.trigger.{plan.trigger.kind}.send_time",
            english=f"The moment, {told}, is over: nobody would hear in time.",
            chinese=f"发送时刻（{told}）已过，无人能按时收到消息。",
        )


def _unpriced(plan: CampaignPlan, prices: Prices) -> Iterator[Finding]:
    """Say that a budget of money could not be kept: nothing would leave."""
    if plan.budget is None or not plan.budget.minor_units:
        return
    currency = plan.budget.currency_code
    if prices.currency_code and currency != prices.currency_code:
        yield Finding(
            blocks=True,
            code="CURRENCY_DIFFERS",
            field="plan.budget.currency_code",
            english=f"The budget is in {currency}, but prices are known in {prices.currency_code}.",
            chinese=f"预算币种为 {currency}，而已知价格的币种为 {prices.currency_code}。",
        )
        return
    channels = {channel: None for _, channel in plan.sends()}
    unpriced = [each.value for each in channels if prices.thousandths(each, currency_code=currency) is None]
    if unpriced:
        yield Finding(
            blocks=True,
            code=Reason.PRICE_UNKNOWN,
            field="plan.budget.minor_units",
            english=f"There is a budget of money, and what a message costs is not known by: {', '.join(unpriced)}.",
            chinese=f"设有费用预算，但以下渠道的价格未知：{'、'.join(unpriced)}。",
        )


def _warning(code: str, field: str, *, english: str, chinese: str) -> Finding:
    return Finding(blocks=False, code=code, field=field, english=english, chinese=chinese)
