"""Contracts that name only what matters to a test."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from services.contracts.domain.life_cycle import contract_force, contract_review
from services.contracts.domain.life_cycle.contract import Contract
from services.contracts.domain.life_cycle.contract_review import Particulars
from services.contracts.domain.life_cycle.contract_states import ContractState, Gate
from services.contracts.domain.life_cycle.contract_terms import LineDetails, TermsDetails
from services.contracts.domain.terms.money import Money

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)
CONTRACT = "con_00000000000000000000000001"
CUSTOMER = "cus_00000000000000000000000001"
OWNER = "emp_00000000000000000000000001"
AUTHOR, REVIEWER = "li.wen", "zhou.min"
TERMS = TermsDetails(
    title="Care for twelve months", start_date="2026-06-01", end_date="2027-05-31", price=Money("CNY", 120_000)
)
WITH = Particulars(customer_id=CUSTOMER, owner_id=OWNER, time_zone="Asia/Shanghai")
BOTH = frozenset({Gate.SIGNATURE, Gate.LEGAL})


def cny(minor_units: int) -> Money:
    return Money("CNY", minor_units)


def a_line(**fields: Any) -> LineDetails:
    told: dict[str, Any] = {"description": "Maintenance", "price": cny(10_000)}
    return LineDetails(**told | fields)


def a_draft(details: TermsDetails = TERMS, *, now: datetime = NOON, **particulars: Any) -> Contract:
    return contract_review.draft(CONTRACT, replace(WITH, **particulars), details=details, author=AUTHOR, now=now)


def in_review(details: TermsDetails = TERMS, *, now: datetime = NOON, **particulars: Any) -> Contract:
    return contract_review.submit(a_draft(details, now=now, **particulars), by=AUTHOR, reviewer="", now=now)


def approved(details: TermsDetails = TERMS, *, now: datetime = NOON, **particulars: Any) -> Contract:
    return contract_review.approve(in_review(details, now=now, **particulars), by=REVIEWER, now=now)


def signed(details: TermsDetails = TERMS, *, now: datetime = NOON, **particulars: Any) -> Contract:
    ready = approved(details, now=now, **particulars)
    return contract_review.sign(ready, by=AUTHOR, departments=(), now=now)


def active(details: TermsDetails = TERMS, *, now: datetime = NOON, **particulars: Any) -> Contract:
    done = signed(details, now=now, **particulars)
    return contract_force.activate(done, by=AUTHOR, required=BOTH, now=now)


def suspended(*, now: datetime = NOON, until: Any = None, **particulars: Any) -> Contract:
    """Suspended from the day of `now` on, which must lie in the term."""
    running = active(now=now, **particulars)
    return contract_force.suspend(
        running, by=AUTHOR, start_date=None, planned_end_date=until, reason="rebuilt", now=now
    )


def in_state(state: ContractState) -> Contract:
    """Some contract in this state, as far as the table of moves is concerned."""
    return replace(suspended(now=datetime(2026, 7, 1, 12, tzinfo=UTC)), state=state)
