"""The statistics of a month, by owner: what was signed, renewed and lost, and what became of warranties.

Everything is read off dates and moments of recording, so the same month as known at the same moment is the same for
ever. A term is renewed when another one follows it on the next day, of the same contract or of its successor; a
contract that another one replaced is neither renewed nor lost.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction

from services.contracts.domain.figures.attached import Asked, EndedWarranty, ended
from services.contracts.domain.figures.booked import Agreed, BookedContract
from services.contracts.domain.life_cycle.contract_states import ContractState, TerminationCode
from services.contracts.domain.terms.money import Money
from services.contracts.domain.terms.periods import Span

_DAY = timedelta(days=1)
_GONE = frozenset({ContractState.EXPIRED, ContractState.TERMINATED})
"""States that say so; a term that ran out may still be followed by another until a job has said either."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargedService:
    """A chargeable service that was completed."""

    owner_id: str
    """Who owns the customer."""
    charge: Money
    completed_day: date
    completed_time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """All that the statistics rest on."""

    contracts: Sequence[BookedContract]
    services: Sequence[ChargedService] = ()
    warranties: Sequence[EndedWarranty] = ()
    covering: Sequence[BookedContract] = ()
    """Contracts of the customers whose warranties ended, whoever owns them, with what their lines cover."""


@dataclass(slots=True)
class Tally:
    """How many, and their amounts by currency."""

    count: int = 0
    amounts: dict[str, int] = field(default_factory=dict)

    def add(self, amount: Money) -> None:
        """Count one more."""
        self.count += 1
        self.amounts[amount.currency_code] = self.amounts.get(amount.currency_code, 0) + amount.minor_units

    def join(self, other: "Tally") -> None:
        """Count the others, too."""
        self.count += other.count
        for currency, amount in other.amounts.items():
            self.amounts[currency] = self.amounts.get(currency, 0) + amount


@dataclass(slots=True)
class OwnerMonth:
    """The month of one owner."""

    owner_id: str = ""
    signed: Tally = field(default_factory=Tally)
    renewed: Tally = field(default_factory=Tally)
    lost: Tally = field(default_factory=Tally)
    warranties_ended: int = 0
    warranties_attached: int = 0
    services: Tally = field(default_factory=Tally)

    @property
    def renewal_rate(self) -> Fraction | None:
        """Renewed of renewed and lost, or None where nothing ended."""
        ended = self.renewed.count + self.lost.count
        return Fraction(self.renewed.count, ended) if ended else None

    @property
    def attach_rate(self) -> Fraction | None:
        """Attached of ended warranties, or None where none ended."""
        return Fraction(self.warranties_attached, self.warranties_ended) if self.warranties_ended else None

    def join(self, other: "OwnerMonth") -> None:
        """Count the other owner's, too."""
        for mine, theirs in (
            (self.signed, other.signed),
            (self.renewed, other.renewed),
            (self.lost, other.lost),
            (self.services, other.services),
        ):
            mine.join(theirs)
        self.warranties_ended += other.warranties_ended
        self.warranties_attached += other.warranties_attached


def owners_of(sources: Sources, asked: Asked) -> list[OwnerMonth]:
    """Return the month of each owner to whom anything happened, in the order of their ids."""
    months: defaultdict[str, OwnerMonth] = defaultdict(OwnerMonth)
    known = [found for each in sources.contracts if (found := each.known(asked.known_at))]
    _count_contracts(known, asked, months=months)
    for warranty, attached in ended(sources.warranties, sources.covering, asked=asked):
        month = months[warranty.owner_id]
        month.warranties_ended += 1
        month.warranties_attached += attached
    for service in sources.services:
        if service.completed_time <= asked.known_at and asked.span.holds(service.completed_day):
            months[service.owner_id].services.add(service.charge)
    for owner_id, month in months.items():
        month.owner_id = owner_id
    return [months[owner_id] for owner_id in sorted(months)]


def total_of(owners: Iterable[OwnerMonth]) -> OwnerMonth:
    """Return all owners together."""
    whole = OwnerMonth()
    for each in owners:
        whole.join(each)
    return whole


def _count_contracts(known: Sequence[BookedContract], asked: Asked, *, months: Mapping[str, OwnerMonth]) -> None:
    followers = {each.predecessor_id: each for each in known if each.predecessor_id and _was_signed(each)}
    for contract in known:
        follower = followers.get(contract.id)
        signed = _signed(contract, asked.span)
        renewed = _renewed(contract, follower, asked=asked)
        lost = _lost(contract, follower, asked=asked)
        if signed or renewed or lost:
            month = months[contract.owner_id]
            _add_to(month.signed, [signed])
            _add_to(month.renewed, renewed)
            _add_to(month.lost, [lost])


def _add_to(tally: Tally, amounts: Iterable[Money | None]) -> None:
    for amount in amounts:
        if amount:
            tally.add(amount)


def _was_signed(contract: BookedContract) -> bool:
    return any(each.state is ContractState.SIGNED for each in contract.moves)


def _signed(contract: BookedContract, span: Span) -> Money | None:
    """Return the price of what was signed within the days, or None."""
    step = next((each for each in contract.moves if each.state is ContractState.SIGNED), None)
    if step is None or not span.holds(step.effective_date):
        return None
    agreed = [each for each in contract.versions if each.recorded_time <= step.recorded_time]
    return (agreed or contract.versions[:1])[-1].price


def _renewed(contract: BookedContract, follower: BookedContract | None, *, asked: Asked) -> list[Money]:
    """Return the prices of the terms that follow those which ended within the days."""
    if follower is not None and (last := _last_day(contract)) and asked.over(last):
        first = follower.terms_at(max(last + _DAY, follower.versions[0].start_date)) or follower.versions[0]
        following = [first.price]
    else:
        following = []
    starts = {each.start_date: each for each in contract.versions}  # the newest of a term that was amended, too
    first_start = min(starts)
    following += [starts[start].price for start in sorted(starts) if start > first_start and asked.over(start - _DAY)]
    return following


def _lost(contract: BookedContract, follower: BookedContract | None, *, asked: Asked) -> Money | None:
    """Return the price of the term that ended for good within the days, or None."""
    end, last = contract.termination, _last_day(contract)
    if follower is not None or (end and end.code is TerminationCode.REPLACED):
        return None
    if last is None or not asked.over(last) or contract.state_at(last + _DAY) not in _GONE:
        return None
    return _final_terms(contract, last).price


def _last_day(contract: BookedContract) -> date | None:
    """Return the last day that the contract was or will be in force, as known; None before it is signed."""
    if not _was_signed(contract):
        return None
    ends = max(each.end_date for each in _standing(contract))
    return min(ends, contract.termination.last_date) if contract.termination else ends


def _standing(contract: BookedContract) -> list[Agreed]:
    """Return the newest version of each term: an amendment may have moved its end."""
    newest: dict[date, Agreed] = {}
    for each in sorted(contract.versions, key=lambda version: version.number):
        newest[each.start_date] = each
    return list(newest.values())


def _final_terms(contract: BookedContract, last: date) -> Agreed:
    return contract.terms_at(last) or contract.versions[-1]
