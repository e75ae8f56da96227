"""The verdict in words, in English and Simplified Chinese: what is covered, why, and what it costs."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.contracts.domain.entitlement.coverage import MINUTES_PER_HOUR, Judgement, Reason, ServiceUnit, Verdict
from services.contracts.domain.entitlement.entitlement import Entitlement
from services.contracts.domain.terms.numbered import numbered


@dataclass(frozen=True, slots=True)
class Words:
    """One text in both languages."""

    en: str
    zh: str


_NAMED_EN, _NAMED_ZH = "contract “{title}” ({contract}, version {number})", "合同“{title}”（{contract}，第{number}版）"

_WHY: Mapping[Reason, Words] = {
    Reason.WARRANTY: Words(
        "Free of charge: the asset is within its free maintenance, to {date} inclusive.",
        "免费：设备在免费保修期内，保修至{date}（含当日）。",
    ),
    Reason.CONTRACT: Words(
        f"Free of charge: covered by {_NAMED_EN}, in force to {{date}} inclusive{{left_en}}.",
        f"免费：由{_NAMED_ZH}承保，有效期至{{date}}（含当日）{{left_zh}}。",
    ),
    Reason.ALLOWANCE_INSUFFICIENT: Words(
        f"Partly charged: of {{asked_en}}, {{covered_en}} {{covered_be}} covered by {_NAMED_EN}; "
        "its allowance is used up then, and {charged_en} {charged_be} charged.",
        f"部分收费：共{{asked_zh}}，其中{{covered_zh}}由{_NAMED_ZH}承保；额度随即用完，其余{{charged_zh}}需要收费。",
    ),
    Reason.ALLOWANCE_EXHAUSTED: Words(
        f"Charged: {_NAMED_EN} covers this service, but nothing is left of its allowance for this term.",
        f"收费：{_NAMED_ZH}包含此项服务，但本期额度已用完。",
    ),
    Reason.CONTRACT_SUSPENDED: Words(
        f"Charged: {_NAMED_EN} covers this service, but was suspended on that day.",
        f"收费：{_NAMED_ZH}包含此项服务，但当日处于暂停状态。",
    ),
    Reason.CONTRACT_NOT_IN_FORCE_YET: Words(
        f"Charged: {_NAMED_EN} covers this service, but was not in force yet on that day; its term begins on {{date}}.",
        f"收费：{_NAMED_ZH}包含此项服务，但当日尚未生效；合同期自{{date}}开始。",
    ),
    Reason.CONTRACT_EXPIRED: Words(
        f"Charged: {_NAMED_EN} covered this service to {{date}} inclusive; that is over.",
        f"收费：{_NAMED_ZH}曾包含此项服务，已于{{date}}（含当日）到期。",
    ),
    Reason.CONTRACT_TERMINATED: Words(
        f"Charged: {_NAMED_EN} covered this service until it was terminated; its last day was {{date}}.",
        f"收费：{_NAMED_ZH}曾包含此项服务，但已提前终止，最后有效日为{{date}}。",
    ),
    Reason.ASSET_NOT_COVERED: Words(
        f"Charged: {_NAMED_EN} covers this service, but not for this asset.",
        f"收费：{_NAMED_ZH}包含此项服务，但不适用于该设备。",
    ),
    Reason.SERVICE_TYPE_NOT_COVERED: Words(
        f"Charged: {_NAMED_EN} covers the asset, but not this service.",
        f"收费：{_NAMED_ZH}适用于该设备，但不包含此项服务。",
    ),
    Reason.WARRANTY_ENDED: Words(
        "Charged: the free maintenance of the asset ended on {date}, and no contract follows it.",
        "收费：设备的免费保修已于{date}结束，之后没有合同。",
    ),
    Reason.ASSET_OF_ANOTHER_CUSTOMER: Words(
        "Charged: the asset belongs to another customer, so no cover of this customer counts for it. "
        "Check whether the right asset was named.",
        "收费：该设备属于其他客户，本客户的保障对其不适用。请核对设备是否正确。",
    ),
    Reason.NO_CONTRACT: Words(
        "Charged: the customer has neither a contract nor a warranty that has to do with this.",
        "收费：客户没有与此相关的合同或保修。",
    ),
}


def explain(said: Entitlement) -> Words:
    """Return the verdict in words, with the price and what a contract saves or would have saved."""
    why = reason_words(said.judgement)
    parts = [why, *_price_words(said)]
    return Words(" ".join(part.en for part in parts), "".join(part.zh for part in parts))


def reason_words(judgement: Judgement) -> Words:
    """Return why, without prices."""
    words, ask = _WHY[judgement.reason], judgement.ask
    named = {
        "title": judgement.contract_title,
        "contract": judgement.contract_id,
        "number": judgement.terms_number,
        "date": judgement.on_date,
    }
    asked = quantity_words(ask.quantity, ask.unit)
    covered = quantity_words(judgement.covered, ask.unit)
    charged = quantity_words(judgement.chargeable, ask.unit)
    left = _left_words(judgement)
    return Words(
        words.en.format(
            **named,
            asked_en=asked.en,
            covered_en=covered.en,
            covered_be=_be(judgement.covered, ask.unit),
            charged_en=charged.en,
            charged_be=_be(judgement.chargeable, ask.unit),
            left_en=left.en,
        ),
        words.zh.format(**named, asked_zh=asked.zh, covered_zh=covered.zh, charged_zh=charged.zh, left_zh=left.zh),
    )


def quantity_words(quantity: int, unit: ServiceUnit | None) -> Words:
    """Return a quantity as people say it: `2 cases`, `1 h 30 min`."""
    if unit is ServiceUnit.CASES:
        return Words(numbered(f"{quantity} case(s)", quantity), f"{quantity}个工单")
    if unit is ServiceUnit.VISITS:
        return Words(numbered(f"{quantity} visit(s)", quantity), f"{quantity}次上门")
    if unit is None:
        return Words("one call for service", "一次服务请求")
    hours, minutes = divmod(quantity, MINUTES_PER_HOUR)
    en = " ".join([f"{hours} h"] * bool(hours) + [f"{minutes} min"] * bool(minutes or not hours))
    return Words(en, f"{hours}小时" * bool(hours) + f"{minutes}分钟" * bool(minutes or not hours))


def _be(quantity: int, unit: ServiceUnit | None) -> str:
    """Return the verb of a quantity: cases and visits are counted, time is one amount however long."""
    counted = unit in {ServiceUnit.CASES, ServiceUnit.VISITS}
    return numbered("(is|are)", quantity if counted else 1)


def _left_words(judgement: Judgement) -> Words:
    first = next(iter(judgement.covers), None)
    if first is None or first.remaining is None or first.unit is None:
        return Words("", "")
    left = quantity_words(first.remaining - (first.quantity if judgement.ask.unit else 0), first.unit)
    return Words(f"; {left.en} left of its allowance", f"，额度还剩{left.zh}")


def _price_words(said: Entitlement) -> list[Words]:
    if said.judgement.verdict is Verdict.COVERED:
        if said.list_price is None:
            return []
        return [Words(f"Without cover it would cost {said.list_price}.", f"如无保障，费用为{said.list_price}。")]
    if said.price is None:
        return [Words("The price list has no price for it: a quote is needed.", "价目表没有此项价格，需要报价。")]
    words = [Words(f"The price is {said.price}.", f"价格为{said.price}。")]
    if said.hint is not None:
        with_it = said.hint
        words.append(
            Words(
                f"With “{with_it.title_en}” it would have cost {with_it.price}.",
                f"如有“{with_it.title_zh}”，费用为{with_it.price}。",
            )
        )
    return words
