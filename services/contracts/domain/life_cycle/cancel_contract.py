"""A customer leaves: which term that ends, and what becomes of the contract and its renewal."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from services.contracts.domain.life_cycle.contract import Contract
from services.contracts.domain.life_cycle.contract_end import Ending, terminate
from services.contracts.domain.life_cycle.contract_states import TerminationCode
from services.contracts.domain.renewals.cancellation import Cancellation, Term, judged
from services.contracts.domain.renewals.next_term import Quotes, next_term, renewal_rule
from services.contracts.domain.renewals.notice_policies import policy_of
from services.contracts.domain.renewals.reminders import reminded_in_time
from services.contracts.domain.renewals.renewal import Renewal
from services.contracts.domain.renewals.renewal_opening import legal_window_of
from services.contracts.domain.terms.notice import last_cancellation_date, still_cancellable
from services.contracts.domain.terms.periods import Span
from services.contracts.domain.terms.terms import CreditPolicy, RenewalKind

_DAY = timedelta(days=1)
_MOST_TERMS = 60


@dataclass(frozen=True, slots=True)
class Leaving:
    """What a cancellation would do to a contract."""

    verdict: Cancellation
    term_number: int
    """Of the term in which the customer said so."""
    notice_date: date
    contract: Contract
    """The contract after it."""


def leaving(
    contract: Contract,
    received: date,
    *,
    renewals: Sequence[Renewal],
    quotes: Quotes,
    note: str,
    by: str,
    now: datetime,
) -> Leaving:
    """Return what a cancellation that reached us on a day brings about; `renewals` are the contract's own.

    The contract ends with the first term that it can still end with, whether or not it went on beyond already; or at
    once, where the law lets a customer leave who was not reminded.
    """
    spans = _terms_of(contract)
    place = max((at for at, span in enumerate(spans) if span.start <= received), default=0)
    number = contract.term_number - (len(spans) - 1 - place)
    rule, by_number = renewal_rule(contract), {renewal.term_number: renewal for renewal in renewals}
    by_itself = rule.kind is not RenewalKind.OFFER
    ends = [span.end for span in spans[place:]]
    grown = contract
    if by_itself:
        while not still_cancellable(received, end=ends[-1], notice=rule.notice) and len(ends) < _MOST_TERMS:
            grown = grown.extended(next_term(grown, quotes).terms, now=now, by=by)
            ends.append(grown.end_date)
    last = next((end for end in ends if still_cancellable(received, end=end, notice=rule.notice)), ends[0])
    notice_date = last_cancellation_date(ends[0], rule.notice)
    term = Term(
        end_date=ends[0],
        notice_date=notice_date,
        next_end_date=last,
        by_itself=by_itself,
        free_from=_free_from(contract, spans[place], number=number, renewals=by_number),
    )
    verdict = replace(judged(term, received), note=note, recorded_by=by, recorded_time=now)
    return Leaving(verdict, number, notice_date, _ended(contract, grown, verdict=verdict, by=by, now=now))


def _ended(contract: Contract, grown: Contract, *, verdict: Cancellation, by: str, now: datetime) -> Contract:
    if verdict.last_date > contract.end_date:
        return replace(grown.renewal_cancelled(now), events=grown.events)
    if verdict.last_date == contract.end_date:
        return contract.renewal_cancelled(now)
    ending = Ending(
        code=TerminationCode.CUSTOMER_REQUEST,
        reason=verdict.note or verdict.english,
        effective_date=verdict.last_date + _DAY,
        credit_policy=CreditPolicy.PRORATED,
    )
    return terminate(contract, ending, by=by, now=now)


def _terms_of(contract: Contract) -> list[Span]:
    """Return the days of every term so far; an amendment of a term replaces what was said of its days before."""
    ends = {version.start_date: version.end_date for version in contract.versions}
    starts = sorted(start for start in ends if start <= contract.start_date)
    return [Span(start, ends[start]) for start in starts][-contract.term_number :]


def _free_from(contract: Contract, span: Span, *, number: int, renewals: dict[int, Renewal]) -> date | None:
    """Return the day from which the law lets the customer leave at any time, because a reminder was missed."""
    policy = policy_of(contract.jurisdiction, consumer=contract.consumer)
    if not policy.leave_any_time_if_missed or renewal_rule(contract).kind is RenewalKind.OFFER:
        return None
    before = renewals.get(number - 1)
    if before and not reminded_in_time(before.legal_window, before.reminders):
        return span.start
    here = renewals.get(number)
    window = here.legal_window if here else legal_window_of(contract)
    return None if reminded_in_time(window, here.reminders if here else ()) else span.end + _DAY
