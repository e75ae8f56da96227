"""A doublet's account goes into that of the member who stays: nothing is lost, and the sums of both ledgers hold."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from services.care.domain.loyalty.account import Account, merged_lots, posted
from services.care.domain.loyalty.entry import Entry, EntryKind, Posting
from services.care.domain.loyalty.program import LoyaltyTerms
from services.care.domain.loyalty.tiers import TierState

Booked = tuple[Account, Entry]


def united(
    doublet: Account, survivor: Account, *, posting: Posting, terms: LoyaltyTerms | None
) -> tuple[Booked, Booked]:
    """Return the emptied account and the one that holds both, each with the line of its ledger."""
    points = sum(lot.points for lot in doublet.lots)
    # Versions tell two mergers apart, should the doublet ever have had points again.
    name = f"{doublet.id}:{doublet.version}"
    emptied = replace(doublet, lots=(), earned={}, lifetime=0, used={}, tier=TierState())
    given = posted(emptied, EntryKind.MERGE, points=-points, posting=replace(posting, key=f"given:{name}"))
    whole = replace(
        survivor,
        lots=merged_lots([*survivor.lots, *doublet.lots]),
        earned=_added(survivor.earned, doublet.earned),
        used=_added(survivor.used, doublet.used),
        lifetime=survivor.lifetime + doublet.lifetime,
        **_worth(survivor if survivor.value_tier else doublet),
    )
    taken = posted(whole, EntryKind.MERGE, points=points, posting=replace(posting, key=f"taken:{name}"))
    return (_silent(given, terms, posting=posting), _judged(taken, terms, posting=posting))


def has_nothing(account: Account) -> bool:
    """Say whether there is nothing that could go along."""
    return not (account.lots or account.earned or account.lifetime or account.used)


def _worth(account: Account) -> dict[str, Any]:
    return {field: getattr(account, field) for field in ("value_tier", "value_version", "value_customer_id")}


def _judged(booked: Booked, terms: LoyaltyTerms | None, *, posting: Posting) -> Booked:
    account, entry = booked
    return account.judged(terms, today=posting.today, now=posting.now), entry


def _silent(booked: Booked, terms: LoyaltyTerms | None, *, posting: Posting) -> Booked:
    """Nobody stands behind a doublet any more, so its tier is not told."""
    account, entry = _judged(booked, terms, posting=posting)
    return replace(account, events=()), entry


def _added(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    return dict(Counter(one) + Counter(other))
