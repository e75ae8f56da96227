"""What a billing line is, in words, English and Chinese."""

from collections.abc import Mapping
from datetime import datetime

from services.contracts.domain.billing.billing_line import BillingLine, BillingLineKind, BillingLineState
from services.contracts.domain.terms.money import Money
from services.contracts.domain.terms.numbered import numbered

_KIND_EN: Mapping[BillingLineKind, str] = {
    BillingLineKind.CHARGE: "the price",
    BillingLineKind.ADJUSTMENT: "a further charge",
    BillingLineKind.CREDIT: "a credit",
}
_KIND_ZH: Mapping[BillingLineKind, str] = {
    BillingLineKind.CHARGE: "费用",
    BillingLineKind.ADJUSTMENT: "补收",
    BillingLineKind.CREDIT: "退还",
}
_STATE_EN: Mapping[BillingLineState, str] = {
    BillingLineState.PLANNED: "It is planned: its day lies ahead, and it changes with the contract.",
    BillingLineState.DUE: "It is due and waits for its invoice.",
    BillingLineState.BILLED: "It is billed and never changes again.",
    BillingLineState.CREDITED: "Nothing is left of it: it was taken back.",
}
_STATE_ZH: Mapping[BillingLineState, str] = {
    BillingLineState.PLANNED: "状态：计划中，尚未到期，随合同变化。",
    BillingLineState.DUE: "状态：已到期，等待开票。",
    BillingLineState.BILLED: "状态：已开票，不再变化。",
    BillingLineState.CREDITED: "状态：已全部冲销。",
}


def in_english(line: BillingLine, *, now: datetime) -> str:
    """Return what it is, how its amount was found, when it is due and where it stands."""
    days = (line.end_date - line.start_date).days + 1
    corrects = "" if line.kind is BillingLineKind.CHARGE else _corrects_en(line.amount)
    return (
        f"{line.amount} is {_KIND_EN[line.kind]} of “{line.description}” "
        f"from {line.start_date} to {line.end_date} ({numbered(f'{days} day(s)', days)}), "
        f"in the billing period from {line.period_start} to {line.period_end}.{corrects} "
        f"Computed from version {line.terms_number} of the terms: {line.formula}. "
        f"Due on {line.due_date}. {_STATE_EN[line.state_at(now)]}"
    )


def in_chinese(line: BillingLine, *, now: datetime) -> str:
    """Return the same in Simplified Chinese."""
    days = (line.end_date - line.start_date).days + 1
    corrects = "" if line.kind is BillingLineKind.CHARGE else "该期间已开票，差额单独列出。"
    return (
        f"“{line.description}”自{line.start_date}至{line.end_date}（{days}天）的{_KIND_ZH[line.kind]}"
        f"为{line.amount}，所属账期为{line.period_start}至{line.period_end}。{corrects}"
        f"按合同条款第{line.terms_number}版计算：{line.formula}。"
        f"应付日期：{line.due_date}。{_STATE_ZH[line.state_at(now)]}"
    )


def _corrects_en(amount: Money) -> str:
    more = "more" if amount.minor_units > 0 else "less"
    return f" The period was billed before, and now costs {more}: the difference is a line of its own."
