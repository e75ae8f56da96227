"""The fixed words of a contract's paper, and how it writes days, periods and money, in both languages."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from services.contracts.domain.paperwork.contract_paper import PaperLanguage
from services.contracts.domain.terms.currencies import decimals
from services.contracts.domain.terms.money import Money
from services.contracts.domain.terms.numbered import numbered
from services.contracts.domain.terms.terms import BillingTiming, Period, PeriodUnit, RenewalKind, RenewalTerms

ZH, EN = PaperLanguage.ZH_HANS, PaperLanguage.EN

LABELS: Mapping[PaperLanguage, Mapping[str, str]] = {
    EN: {
        "number": "Contract number",
        "provider": "Provider",
        "customer": "Customer",
        "amendment": "Amendment",
        "amendment_value": "Version {number}, holds from {day} on: {reason}",
        "tax_id": "Tax number",
        "term": "Term",
        "term_value": "{start} to {end}, both days included",
        "billing": "Billing",
        "renewal": "Renewal",
        "notice": "Notice of cancellation",
        "notice_value": "at least {period} before the last day of the term",
        "price": "Price of the whole term",
        "lines": "Services and prices",
        "line_number": "No.",
        "description": "Description",
        "days": "From / to",
        "quantity": "Quantity",
        "unit_price": "Unit price per period",
        "amount": "Amount per period",
        "clauses": "Terms and conditions",
        "only": "(This clause exists in Chinese only.)",
        "signature": "Signature and date",
        "text_hash": "SHA-256 of the text",
        "page": "Page {page} of {pages}",
        "unnamed": "The provider",
    },
    ZH: {
        "number": "合同编号",
        "provider": "服务方",
        "customer": "客户",
        "amendment": "合同变更",
        "amendment_value": "第 {number} 版，自{day}起执行：{reason}",
        "tax_id": "税号",
        "term": "合同期限",
        "term_value": "{start}至{end}，首尾两日均包含在内",
        "billing": "计费方式",
        "renewal": "续约方式",
        "notice": "解约通知",
        "notice_value": "不迟于期限最后一日前{period}",
        "price": "合同期限总价",
        "lines": "服务内容与价格",
        "line_number": "序号",
        "description": "服务内容",
        "days": "起止日期",
        "quantity": "数量",
        "unit_price": "每期单价",
        "amount": "每期金额",
        "clauses": "合同条款",
        "only": "（本条款仅有英文文本。）",
        "signature": "签章及日期",
        "text_hash": "正文 SHA-256",
        "page": "第 {page} 页，共 {pages} 页",
        "unnamed": "服务方",
    },
}

_UNITS: Mapping[PeriodUnit, tuple[str, str, str]] = {
    PeriodUnit.DAY: ("day", "日", "天"),
    PeriodUnit.WEEK: ("week", "周", "周"),
    PeriodUnit.MONTH: ("month", "月", "个月"),
    PeriodUnit.QUARTER: ("quarter", "季度", "个季度"),
    PeriodUnit.YEAR: ("year", "年", "年"),
}
"""English; Chinese after "every"; Chinese after a number."""

_TIMINGS = {
    BillingTiming.IN_ADVANCE: ("in advance", "期初预付"),
    BillingTiming.IN_ARREARS: ("in arrears", "期末后付"),
}
_RENEWALS = {
    RenewalKind.OFFER: ("by agreement of both sides only", "须经双方另行约定"),
    RenewalKind.AUTO: ("by itself, for {period}, unless it is cancelled in time", "未按时解约的，自动续约{period}"),
    RenewalKind.EVERGREEN: (
        "by itself, {period} after {period}, until it is cancelled",
        "未解约前，按每{period}持续有效",
    ),
}
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def day_in(day: date, language: PaperLanguage) -> str:
    """Return `1 June 2026` or `2026年6月1日`."""
    if language is ZH:
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def money_in(money: Money) -> str:
    """Return `CNY 1,234.50`, with as many decimals as ISO 4217 gives the currency; both languages write it so."""
    places = decimals(money.currency_code)
    return f"{money.currency_code} {Decimal(money.minor_units).scaleb(-places):,.{places}f}"


def period_in(period: Period, language: PaperLanguage) -> str:
    """Return `3 months` or `3个月`."""
    english, _, counted = _UNITS[period.unit]
    if language is ZH:
        return f"{period.count}{counted}"
    return numbered(f"{period.count} {english}(s)", period.count)


def every(period: Period, language: PaperLanguage) -> str:
    """Return `every 3 months` or `每3个月`; of a single one no number is said."""
    english, single, _ = _UNITS[period.unit]
    if period.count == 1:
        return f"每{single}" if language is ZH else f"every {english}"
    return f"每{period_in(period, language)}" if language is ZH else f"every {period_in(period, language)}"


def timing_in(timing: BillingTiming, language: PaperLanguage) -> str:
    """Return when a period is paid."""
    return _TIMINGS[timing][language is ZH]


def renewal_in(renewal: RenewalTerms, language: PaperLanguage) -> str:
    """Return what happens at the end of the term."""
    return _RENEWALS[renewal.kind][language is ZH].format(period=period_in(renewal.term, language))


def capital_yuan(money: Money) -> str:
    """Return an amount of yuan in the capital numerals that Chinese contracts write beside it; else nothing.

    The rules are those of the People's Bank of China for bills (支付结算办法, appendix 1): `零` for a run of zeros
    inside the number, `整` behind whole yuan or whole jiao.
    """
    if money.currency_code != "CNY" or money.minor_units < 0:
        return ""
    yuan, cents = divmod(money.minor_units, 100)
    jiao, fen = divmod(cents, 10)
    whole = _capital_whole(yuan) + "元" if yuan else ""
    if not cents:
        return f"人民币{whole or '零元'}整"
    part = _DIGITS[jiao] + "角" if jiao else ("零" if yuan else "")
    return f"人民币{whole}{part}{_DIGITS[fen] + '分' if fen else '整'}"


_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_LEAST_OF_FOUR_DIGITS = 1000
_GROUPS = ("", "万", "亿", "兆", "京")


def _capital_whole(number: int) -> str:
    groups: list[int] = []
    while number:
        number, low = divmod(number, 10_000)
        groups.append(low)
    said = ""
    for place in range(len(groups) - 1, -1, -1):
        group = groups[place]
        if not group:
            continue
        gap = bool(said) and (group < _LEAST_OF_FOUR_DIGITS or not groups[place + 1])
        said += ("零" if gap else "") + _capital_group(group) + _GROUPS[place]
    return said


def _capital_group(group: int) -> str:
    said, gap = "", False
    for place in range(3, -1, -1):
        digit = group // 10**place % 10
        if not digit:
            gap = bool(said)
            continue
        said += ("零" if gap else "") + _DIGITS[digit] + _PLACES[place]
        gap = False
    return said
