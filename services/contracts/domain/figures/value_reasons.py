"""Why a customer counts as it does: stable codes, the points that each adds to the risk, and words in two languages."""

from dataclasses import dataclass
from enum import StrEnum

from services.contracts.domain.terms.numbered import numbered


class Because(StrEnum):
    """A reason's stable name."""

    NOTHING_IN_FORCE = "NOTHING_IN_FORCE"
    CONTRACT_ENDING = "CONTRACT_ENDING"
    RENEWAL_CANCELLED = "RENEWAL_CANCELLED"
    TURNOVER_FALLING = "TURNOVER_FALLING"
    COMPLAINTS = "COMPLAINTS"
    LATE_CASES = "LATE_CASES"
    DISSATISFIED_VISITS = "DISSATISFIED_VISITS"
    PURCHASES_STOPPED = "PURCHASES_STOPPED"
    HIGH_CURRENT_VALUE = "HIGH_CURRENT_VALUE"
    TURNOVER_GROWING = "TURNOVER_GROWING"
    VALUE_STEADY = "VALUE_STEADY"
    HIGH_POTENTIAL = "HIGH_POTENTIAL"
    NOTHING_YET = "NOTHING_YET"
    LITTLE_SO_FAR = "LITTLE_SO_FAR"
    COSTS_MORE_THAN_IT_BRINGS = "COSTS_MORE_THAN_IT_BRINGS"
    NO_FORECAST_OF_ORDERS = "NO_FORECAST_OF_ORDERS"
    CURRENCY_WITHOUT_RATE = "CURRENCY_WITHOUT_RATE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One reason, with the words as of when it was found."""

    code: str
    risk_points: int = 0
    text_en: str
    text_zh: str


WORDS: dict[Because, tuple[str, str]] = {
    Because.NOTHING_IN_FORCE: (
        "No contract is in force any more; the last ended on {day}.",
        "已无生效合同，最后一份于 {day} 结束。",
    ),
    Because.CONTRACT_ENDING: (
        "{count} contract(s) (ends|end) by {day}, and none that follows is signed.",
        "{count} 份合同将于 {day} 前到期，尚未签订后续合同。",
    ),
    Because.RENEWAL_CANCELLED: (
        "{count} contract(s) will not go on: cancelled or terminated.",
        "{count} 份合同不再延续：已取消续约或已终止。",
    ),
    Because.TURNOVER_FALLING: (
        "Brings {percent} % less than in the year before.",
        "较上一年度减少 {percent}%。",
    ),
    Because.COMPLAINTS: ("{count} complaint(s) closed in the last 180 days.", "近 180 天内办结投诉 {count} 起。"),
    Because.LATE_CASES: (
        "{count} case(s) closed after the deadline in the last 180 days.",
        "近 180 天内有 {count} 件工单逾期办结。",
    ),
    Because.DISSATISFIED_VISITS: (
        "Dissatisfied at {count} return visit(s) in the last 180 days.",
        "近 180 天内有 {count} 次回访不满意。",
    ),
    Because.PURCHASES_STOPPED: (
        "Still buys with a probability of {percent} % only; the last purchase was on {day}.",
        "仍会购买的概率仅 {percent}%，最近一次购买在 {day}。",
    ),
    Because.HIGH_CURRENT_VALUE: (
        "A margin of {amount} in twelve months, at least {least}.",
        "十二个月毛利 {amount}，达到 {least}。",
    ),
    Because.TURNOVER_GROWING: (
        "Brings {percent} % more than in the year before.",
        "较上一年度增长 {percent}%。",
    ),
    Because.VALUE_STEADY: ("A margin of {amount} in twelve months.", "十二个月毛利 {amount}。"),
    Because.HIGH_POTENTIAL: (
        "A margin of {amount} is expected within {months} month(s).",
        "预计 {months} 个月内毛利 {amount}。",
    ),
    Because.NOTHING_YET: ("Has signed and bought nothing yet.", "尚未签约或购买。"),
    Because.LITTLE_SO_FAR: (
        "Brought nothing in the last twelve months.",
        "近十二个月无收入。",
    ),
    Because.COSTS_MORE_THAN_IT_BRINGS: (
        "Serving it cost {amount} more than its margin in twelve months.",
        "十二个月服务成本超出毛利 {amount}。",
    ),
    Because.NO_FORECAST_OF_ORDERS: (
        "Purchases ahead are not counted: too few customers buy again to forecast.",
        "未计入未来订单：重复购买客户太少，无法预测。",
    ),
    Because.CURRENCY_WITHOUT_RATE: (
        "Amounts in {currencies} are left out: the policy has no exchange rate.",
        "{currencies} 金额未计入：策略中没有汇率。",
    ),
}


def reason(because: Because, *, points: int = 0, **values: object) -> Reason:
    """Return a reason with its words filled in."""
    english, chinese = WORDS[because]
    return Reason(
        code=because.value,
        risk_points=points,
        text_en=numbered(english, values.get("count", values.get("months"))).format(**values),
        text_zh=chinese.format(**values),
    )
