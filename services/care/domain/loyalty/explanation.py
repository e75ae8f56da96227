"""Why a member is in a tier and what the next one needs, in words of both languages."""

from dataclasses import dataclass
from datetime import date

from services.care.domain.loyalty.account import Account
from services.care.domain.loyalty.months import within_window
from services.care.domain.loyalty.program import LoyaltyTerms, Tier
from services.care.domain.loyalty.tiers import TierReason


@dataclass(frozen=True, slots=True)
class TierExplanation:
    """What stands behind a tier today."""

    deserved: str = ""
    next_tier: str = ""
    points_to_next: int = 0
    text_en: str = "There is no loyalty program yet."
    text_zh: str = "尚未设置会员等级规则。"


def explain_tier(account: Account, terms: LoyaltyTerms | None, *, today: date) -> TierExplanation:
    """Explain an account as it was judged by these rules."""
    tier = terms.tier(account.tier.code) if terms else None
    if terms is None or tier is None:
        return TierExplanation()
    points = within_window(account.earned, today, months=terms.window_months)
    deserved = terms.deserved(points, account.value_tier)
    higher = terms.tiers[terms.rank(tier.code) + 1 :]
    missing = max(0, higher[0].least_points - points) if higher and higher[0].least_points else 0
    parts = [_why(account, tier, points=points, terms=terms), _kept(account, tier, deserved=deserved)]
    if higher:
        parts.append(_what_is_missing(higher[0], missing))
    return TierExplanation(
        deserved.code,
        higher[0].code if higher else "",
        missing,
        " ".join(english for english, _ in parts if english),
        "".join(chinese for _, chinese in parts if chinese),
    )


def _why(account: Account, tier: Tier, *, points: int, terms: LoyaltyTerms) -> tuple[str, str]:
    since, months = account.tier.since, terms.window_months
    by_value = _is_by_value(account, tier, points=points, terms=terms)
    english = f"{tier.name_en} since {since}: "
    english += "by the value of the customer." if by_value else f"{points} points earned in {months} calendar months."
    chinese = f"自{since}起为{tier.name_zh}："
    chinese += "依据所属客户的价值。" if by_value else f"{months}个自然月内累计获得{points}积分。"
    return english, chinese


def _is_by_value(account: Account, tier: Tier, *, points: int, terms: LoyaltyTerms) -> bool:
    """Say what holds the tier today, which may be another thing than what led to it."""
    if terms.deserved(points, "") == tier:
        return False
    return terms.deserved(points, account.value_tier) == tier or account.tier.reason is TierReason.VALUE


def _kept(account: Account, tier: Tier, *, deserved: Tier) -> tuple[str, str]:
    if deserved == tier or account.tier.protected_until is None:
        return "", ""
    until = account.tier.protected_until
    return (
        f"Today points and value alone would give {deserved.name_en}; {tier.name_en} is kept until {until}.",
        f"目前的积分和价值只够{deserved.name_zh}，{tier.name_zh}保留至{until}。",
    )


def _what_is_missing(tier: Tier, missing: int) -> tuple[str, str]:
    if missing:
        return f"{tier.name_en} needs {missing} more.", f"距离{tier.name_zh}还差{missing}积分。"
    if tier.least_points:
        return f"{tier.name_en} is reached with the next points.", f"下次获得积分即可升为{tier.name_zh}。"
    return f"{tier.name_en} comes with the value of the customer.", f"{tier.name_zh}取决于客户的价值。"
