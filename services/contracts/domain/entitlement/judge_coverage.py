"""The verdict on a request for service: what covers it, in which order, and if nothing does, what came closest."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from services.contracts.domain.entitlement.coverage import (
    Ask,
    CounterKey,
    Cover,
    CoverSource,
    Facts,
    Judgement,
    Promise,
    PromisedLine,
    PromisedTerms,
    Reason,
    ServiceUnit,
    Verdict,
)
from services.contracts.domain.life_cycle.contract_states import UNSIGNED, ContractState

_RANK = {reason: place for place, reason in enumerate(Reason)}
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Miss:
    """Why a contract or warranty does not help."""

    reason: Reason
    on_date: date | None = None
    promise_id: str = ""
    terms: PromisedTerms | None = None

    @property
    def closeness(self) -> tuple[int, int, str]:
        """Sorts the reason to tell first: by reason, then the latest day, then the oldest contract."""
        latest = -self.on_date.toordinal() if self.on_date else 0
        return _RANK[self.reason], latest, self.promise_id


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A line in force that covers the asset and the service, with what is left of its allowances."""

    promise: Promise
    terms: PromisedTerms
    line: PromisedLine
    place: int
    end_date: date
    unit: ServiceUnit | None
    """The unit of its allowance that counts here. None: without limit."""
    total: int | None
    remaining: int | None
    draws: int
    """The most that it can cover of the quantity asked for."""

    @property
    def priority(self) -> tuple[bool, bool, date, str, int]:
        """Sorts what is drawn on first. The order is stated in entitlement_service.proto and README.md."""
        return not self.line.asset_ids, self.unit is not None, self.end_date, self.promise.id, self.place

    def cover(self, quantity: int) -> Cover:
        return Cover(
            source=CoverSource.CONTRACT,
            quantity=quantity,
            end_date=self.end_date,
            contract_id=self.promise.id,
            terms_number=self.terms.number,
            line_id=self.line.id,
            term_start=self.terms.start_date,
            total=self.total,
            remaining=self.remaining,
            unit=self.unit,
        )


def judge(ask: Ask, facts: Facts) -> Judgement:
    """Return the verdict. Covered and chargeable quantity add up to the quantity asked for, whatever the facts.

    More contracts never cover less: what each covers depends on it alone, and all are drawn on until it is enough.
    """
    asset = facts.asset
    if asset is not None and asset.customer_id not in facts.family:
        return Judgement(ask=ask, verdict=Verdict.CHARGEABLE, reason=Reason.ASSET_OF_ANOTHER_CUSTOMER)
    if last_day := _warranty(ask, facts):
        cover = Cover(source=CoverSource.WARRANTY, quantity=ask.quantity, end_date=last_day)
        return Judgement(ask=ask, verdict=Verdict.COVERED, reason=Reason.WARRANTY, covers=(cover,), on_date=last_day)
    candidates = sorted(_candidates(ask, facts), key=lambda each: each.priority)
    if not candidates:
        return _uncovered(ask, facts)
    drawn = tuple(_drawn(ask, candidates))
    verdict, reason = _outcome(sum(quantity for _, quantity in drawn), ask.quantity)
    named = drawn[0][0] if drawn else candidates[0]
    return Judgement(
        ask=ask,
        verdict=verdict,
        reason=reason,
        covers=tuple(each.cover(quantity) for each, quantity in drawn),
        contract_id=named.promise.id,
        terms_number=named.terms.number,
        contract_title=named.terms.title,
        on_date=named.end_date,
        remaining=_left(candidates),
    )


def _outcome(covered: int, asked: int) -> tuple[Verdict, Reason]:
    if covered == asked:
        return Verdict.COVERED, Reason.CONTRACT
    if covered:
        return Verdict.PARTIAL, Reason.ALLOWANCE_INSUFFICIENT
    return Verdict.CHARGEABLE, Reason.ALLOWANCE_EXHAUSTED


def _warranty(ask: Ask, facts: Facts) -> date | None:
    """Return the last day of free maintenance if the asset is within it; a day before the delivery is not."""
    asset = facts.asset
    if asset is None or asset.delivery_date is None or asset.warranty_end is None:
        return None
    day = _local_day(ask, facts.time_zone)
    return asset.warranty_end if asset.delivery_date <= day <= asset.warranty_end else None


def _candidates(ask: Ask, facts: Facts) -> Iterator[_Candidate]:
    for promise in facts.promises:
        day = _local_day(ask, promise.time_zone)
        terms = promise.terms_at(day, ask.known_at)
        if terms is None or not terms.start_date <= day <= terms.end_date:
            continue
        if promise.state_at(day, ask.known_at) is not ContractState.ACTIVE:
            continue
        for place, line in enumerate(terms.lines):
            if _matches(line, ask) and (line.start_date or day) <= day <= (line.end_date or day):
                yield _candidate(ask, promise, terms=terms, line=line, place=place, used=facts.used.get)


def _candidate(
    ask: Ask,
    promise: Promise,
    *,
    terms: PromisedTerms,
    line: PromisedLine,
    place: int,
    used: Callable[[CounterKey, int], int],
) -> _Candidate:
    totals = line.totals
    left = {
        unit: max(0, total - used(CounterKey(promise.id, line.id, terms.start_date, unit), 0))
        for unit, total in totals.items()
    }
    if ask.unit is None:
        # One call for service: nothing may be exhausted; what is told is the scarcest.
        unit = min(left, key=lambda each: left[each], default=None)
        draws = 1 if all(left.values()) else 0
    else:
        unit = ask.unit if ask.unit in left else None
        draws = ask.quantity if unit is None else min(ask.quantity, left[unit])
    return _Candidate(
        promise=promise,
        terms=terms,
        line=line,
        place=place,
        end_date=min(terms.end_date, line.end_date or terms.end_date),
        unit=unit,
        total=totals[unit] if unit else None,
        remaining=left[unit] if unit else None,
        draws=draws,
    )


def _drawn(ask: Ask, candidates: Iterable[_Candidate]) -> Iterator[tuple[_Candidate, int]]:
    wanted = ask.quantity
    for each in candidates:
        taken = min(wanted, each.draws)
        if taken:
            yield each, taken
            wanted -= taken


def _left(candidates: Iterable[_Candidate]) -> int | None:
    total = 0
    for each in candidates:
        if each.remaining is None:
            return None
        total += each.remaining
    return total


def _uncovered(ask: Ask, facts: Facts) -> Judgement:
    misses = [*_warranty_miss(ask, facts), *(miss for each in facts.promises if (miss := _miss(ask, each)))]
    closest = min(misses, key=lambda each: each.closeness, default=_Miss(Reason.NO_CONTRACT))
    return Judgement(
        ask=ask,
        verdict=Verdict.CHARGEABLE,
        reason=closest.reason,
        contract_id=closest.promise_id,
        terms_number=closest.terms.number if closest.terms else 0,
        contract_title=closest.terms.title if closest.terms else "",
        on_date=closest.on_date,
    )


def _warranty_miss(ask: Ask, facts: Facts) -> Iterator[_Miss]:
    end = facts.asset.warranty_end if facts.asset else None
    if end and end < _local_day(ask, facts.time_zone):
        yield _Miss(Reason.WARRANTY_ENDED, end)


def _miss(ask: Ask, promise: Promise) -> _Miss | None:
    """Return why a contract does not cover a request; None if it has nothing to do with it."""
    day = _local_day(ask, promise.time_zone)
    terms = promise.terms_at(day, ask.known_at) or _first_known(promise, ask)
    if terms is None:
        return None
    state = promise.state_at(day, ask.known_at)
    line = next((each for each in terms.lines if _matches(each, ask)), None)
    if line is None:
        in_force = state is ContractState.ACTIVE and terms.start_date <= day <= terms.end_date
        reason = _nearly(terms, ask) if in_force else None
        return _Miss(reason, None, promise.id, terms) if reason else None
    start, end = line.start_date or terms.start_date, line.end_date or terms.end_date
    found = _not_in_force(promise, day=day, state=state, start=start, end=end)
    return _Miss(*found, promise.id, terms) if found else None


def _not_in_force(
    promise: Promise, *, day: date, state: ContractState | None, start: date, end: date
) -> tuple[Reason, date | None] | None:
    if state is ContractState.TERMINATED:
        ends = [each.effective_date - _DAY for each in promise.moves if each.state is ContractState.TERMINATED]
        return Reason.CONTRACT_TERMINATED, promise.termination.last_date if promise.termination else max(ends)
    never_signed = state is None or state in UNSIGNED
    if day > end:
        return None if never_signed else (Reason.CONTRACT_EXPIRED, end)
    if state is ContractState.SUSPENDED:
        return Reason.CONTRACT_SUSPENDED, None
    return Reason.CONTRACT_NOT_IN_FORCE_YET, start


def _first_known(promise: Promise, ask: Ask) -> PromisedTerms | None:
    known = (each for each in promise.versions if ask.known_at is None or each.recorded_time <= ask.known_at)
    return min(known, key=lambda each: (each.effective_date, each.number), default=None)


def _nearly(terms: PromisedTerms, ask: Ask) -> Reason | None:
    if any(ask.service_type in each.service_types for each in terms.lines):
        return Reason.ASSET_NOT_COVERED
    reach = (each for each in terms.lines if each.service_types)
    if any(not each.asset_ids or ask.asset_id in each.asset_ids for each in reach):
        return Reason.SERVICE_TYPE_NOT_COVERED
    return None


def _matches(line: PromisedLine, ask: Ask) -> bool:
    if ask.service_type not in line.service_types:
        return False
    return not line.asset_ids or ask.asset_id in line.asset_ids


def _local_day(ask: Ask, time_zone: str) -> date:
    return ask.at.astimezone(ZoneInfo(time_zone)).date()
