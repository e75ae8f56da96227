"""Points: lots, the ledger and what expires; sums hold whatever happens to an account."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.care.domain.loyalty.account import Account, return_key
from services.care.domain.loyalty.entry import Entry, EntryKind, Lot, Posting
from services.care.domain.loyalty.months import within_window
from services.care.domain.loyalty.program import LoyaltyTerms, Privilege, Tier
from services.care.domain.loyalty.refusals import (
    PointsNotEnough,
    PointsNotRedeemed,
    PrivilegeNotOfTier,
    PrivilegeUsedUp,
)
from services.care.domain.span import months_later

TODAY = date(2026, 11, 22)
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
MEMBER = "mem_00000000000000000000000001"
TERMS = LoyaltyTerms(
    effective_from=date(2026, 1, 1),
    window_months=12,
    protection_months=3,
    points_live_months=24,
    tiers=(Tier("basic", "Basic", "普通", privileges=(Privilege("lounge", "Lounge", "休息室", 2),)),),
)


def posting(key: str = "k", **fields: Any) -> Posting:
    told: dict[str, Any] = {"reason": "order", "by": "somebody", "today": TODAY, "now": NOON}
    return Posting(key=key, **told | fields)


def holding(*lots: tuple[int, str]) -> Account:
    ends = [Lot(points, date.fromisoformat(end) if end else None) for points, end in lots]
    return Account(id=MEMBER, lots=tuple(ends))


def test_points_live_for_the_months_of_the_program_and_never_end_without_one() -> None:
    account, entry = Account(id=MEMBER).earn(100, posting(), terms=TERMS, expires_on=None)
    assert (entry.points, entry.balance, entry.expires_on, entry.number) == (100, 100, date(2028, 11, 22), 1)
    assert account.lots == (Lot(100, date(2028, 11, 22)),)
    forever, _ = Account(id=MEMBER).earn(100, posting(), terms=None, expires_on=None)
    assert forever.lots == (Lot(100, None),)


def test_what_ends_first_is_redeemed_first() -> None:
    account = holding((30, "2026-12-31"), (50, "2027-12-31"), (20, ""))
    left, entry = account.redeem(60, posting())
    assert left.lots == (Lot(20, date(2027, 12, 31)), Lot(20, None))
    assert entry.parts == (Lot(30, date(2026, 12, 31)), Lot(30, date(2027, 12, 31)))
    assert (entry.points, entry.balance) == (-60, 40)


def test_points_can_be_used_on_their_last_day_and_not_on_the_next_though_no_job_has_run() -> None:
    account = holding((30, "2026-11-22"), (5, ""))
    assert (account.balance(TODAY), account.balance(TODAY + timedelta(days=1))) == (35, 5)
    with pytest.raises(PointsNotEnough) as refusal:
        account.redeem(6, posting(today=TODAY + timedelta(days=1)))
    assert refusal.value.metadata["balance"] == "5"


def test_more_than_there_is_can_be_neither_redeemed_nor_taken_away() -> None:
    account = holding((30, ""))
    with pytest.raises(PointsNotEnough):
        account.redeem(31, posting())
    with pytest.raises(PointsNotEnough):
        account.adjust(-31, posting(), terms=TERMS)


def test_a_redemption_returns_to_the_days_its_points_ended_on() -> None:
    account = holding((30, "2026-12-31"), (50, ""))
    left, redemption = account.redeem(40, posting())
    again, entry = left.give_back(redemption, posting(return_key(redemption)))
    assert again.lots == account.lots
    assert (entry.kind, entry.points, entry.balance) == (EntryKind.RETURN, 40, 80)
    with pytest.raises(PointsNotRedeemed):
        again.give_back(entry, posting("x"))


def test_what_has_ended_is_struck_off_once() -> None:
    account = holding((30, "2026-11-20"), (50, "2026-11-22"))
    rest, entry = account.expire(TODAY, NOON)
    assert entry is not None
    assert (entry.kind, entry.points, entry.balance, entry.by) == (EntryKind.EXPIRE, -30, 50, "")
    assert rest.expire(TODAY, NOON) == (rest, None)


def test_a_correction_counts_for_no_tier() -> None:
    account, _ = Account(id=MEMBER).adjust(500, posting(), terms=TERMS)
    assert (account.balance(TODAY), account.earned, account.lifetime) == (500, {}, 0)


def test_a_privilege_is_used_so_often_in_a_calendar_year_and_again_in_the_next() -> None:
    account = Account(id=MEMBER).judged(TERMS, today=TODAY, now=NOON)
    for key in ("a", "b"):
        account, entry = account.use_privilege("lounge", posting(key), terms=TERMS)
        assert (entry.points, entry.reference) == (0, "lounge")
    with pytest.raises(PrivilegeUsedUp):
        account.use_privilege("lounge", posting("c"), terms=TERMS)
    account.use_privilege("lounge", posting("d", today=date(2027, 1, 1)), terms=TERMS)
    with pytest.raises(PrivilegeNotOfTier):
        account.use_privilege("spa", posting("e"), terms=TERMS)


def test_a_month_that_is_too_short_gives_its_last_day() -> None:
    assert months_later(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert months_later(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert months_later(date(2026, 1, 31), -2) == date(2025, 11, 30)


def test_the_window_counts_whole_calendar_months_with_the_present_one() -> None:
    earned = {"2025-11": 1, "2025-12": 10, "2026-11": 100, "2026-12": 1000}
    assert within_window(earned, TODAY, months=12) == 110


MOVES = st.lists(
    st.tuples(st.sampled_from(["earn", "redeem", "adjust", "return", "expire"]), st.integers(1, 90)), max_size=40
)


@given(MOVES)
def test_whatever_happens_the_balance_is_never_negative_and_is_the_sum_of_the_ledger(
    moves: list[tuple[str, int]],
) -> None:
    account, ledger, today = Account(id=MEMBER), list[Entry](), TODAY
    terms = LoyaltyTerms(TODAY, 12, 3, 1, TERMS.tiers)
    for number, (move, amount) in enumerate(moves):
        said = posting(str(number), today=today)
        try:
            account, entry = _moved(account, move, amount=amount, said=said, terms=terms, ledger=ledger)
        except PointsNotEnough:
            continue
        today += timedelta(days=amount % 20)
        if entry is not None:
            ledger.append(entry)
        assert account.balance(today) >= 0
        assert sum(lot.points for lot in account.lots) == sum(each.points for each in ledger)
        assert all(lot.points > 0 for lot in account.lots)


def _moved(
    account: Account, move: str, *, amount: int, said: Posting, terms: LoyaltyTerms, ledger: list[Entry]
) -> tuple[Account, Entry | None]:
    redeemed = [entry for entry in ledger if entry.kind is EntryKind.REDEEM]
    if move == "earn":
        return account.earn(amount, said, terms=terms, expires_on=None)
    if move == "redeem":
        return account.redeem(amount, said)
    if move == "adjust":
        return account.adjust(amount - 45 or 1, said, terms=terms)
    if move == "return" and redeemed:
        return account.give_back(redeemed[amount % len(redeemed)], said)
    return account.expire(said.today, said.now)
