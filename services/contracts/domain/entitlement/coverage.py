"""What a verdict on cover is asked of, what it looks at, and what it says."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from services.contracts.domain.life_cycle.contract_states import FINAL, ContractState
from services.contracts.domain.terms.terms import AllowanceUnit


class Verdict(StrEnum):
    """Whether the customer pays."""

    COVERED = "covered"
    PARTIAL = "partial"
    CHARGEABLE = "chargeable"


class Reason(StrEnum):
    """Why. The order is that of closeness to cover: where several hold, the first is told."""

    WARRANTY = "warranty"
    CONTRACT = "contract"
    ALLOWANCE_INSUFFICIENT = "allowance_insufficient"
    ALLOWANCE_EXHAUSTED = "allowance_exhausted"
    CONTRACT_SUSPENDED = "contract_suspended"
    CONTRACT_NOT_IN_FORCE_YET = "contract_not_in_force_yet"
    CONTRACT_EXPIRED = "contract_expired"
    CONTRACT_TERMINATED = "contract_terminated"
    ASSET_NOT_COVERED = "asset_not_covered"
    SERVICE_TYPE_NOT_COVERED = "service_type_not_covered"
    WARRANTY_ENDED = "warranty_ended"
    ASSET_OF_ANOTHER_CUSTOMER = "asset_of_another_customer"
    NO_CONTRACT = "no_contract"


class ServiceUnit(StrEnum):
    """What a quantity of service counts."""

    CASES = "cases"
    MINUTES = "minutes"
    VISITS = "visits"


class CoverSource(StrEnum):
    """What covers something."""

    WARRANTY = "warranty"
    CONTRACT = "contract"


UNIT_OF: Mapping[AllowanceUnit, ServiceUnit] = {
    AllowanceUnit.CASES: ServiceUnit.CASES,
    AllowanceUnit.HOURS: ServiceUnit.MINUTES,
    AllowanceUnit.VISITS: ServiceUnit.VISITS,
}
MINUTES_PER_HOUR = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One request for service."""

    customer_id: str
    asset_id: str = ""
    service_type: str
    at: datetime
    known_at: datetime | None = None
    """As of whose knowledge. None: what is known now."""
    quantity: int = 1
    unit: ServiceUnit | None = None
    """None: one call for service, whatever it will take."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """How much of a unit a line allows in a term, as contracts write it."""

    unit: AllowanceUnit
    amount: int

    @property
    def service_unit(self) -> ServiceUnit:
        """What is counted."""
        return UNIT_OF[self.unit]

    @property
    def total(self) -> int:
        """How much of it; hours in minutes."""
        return self.amount * MINUTES_PER_HOUR if self.unit is AllowanceUnit.HOURS else self.amount


@dataclass(frozen=True, slots=True)
class PromisedLine:
    """What a line of a contract covers; the fields are those of `ContractLine`, the rest of it does not matter here."""

    id: str
    description: str
    asset_ids: tuple[str, ...]
    service_types: tuple[str, ...]
    allowances: tuple[Allowed, ...]
    start_date: date | None
    end_date: date | None

    @property
    def totals(self) -> Mapping[ServiceUnit, int]:
        """How much a term allows of each unit that is counted."""
        totals: dict[ServiceUnit, int] = {}
        for each in self.allowances:
            totals[each.service_unit] = totals.get(each.service_unit, 0) + each.total
        return totals


@dataclass(frozen=True, slots=True)
class PromisedTerms:
    """A version of the terms; the fields are those of `TermsVersion`."""

    number: int
    effective_date: date
    recorded_time: datetime
    title: str
    start_date: date
    end_date: date
    lines: tuple[PromisedLine, ...]


@dataclass(frozen=True, slots=True)
class PromiseMove:
    """A change of state; the fields are those of `Move`."""

    state: ContractState
    effective_date: date
    recorded_time: datetime


@dataclass(frozen=True, slots=True)
class PromiseEnd:
    """An end before the term, as agreed; the fields are those of `Termination`."""

    last_date: date
    """The last day in force; may lie in the future."""
    recorded_time: datetime


@dataclass(frozen=True, slots=True)
class Promise:
    """A contract, as far as cover goes; a test holds its answers against those of `Contract`."""

    id: str
    time_zone: str
    versions: tuple[PromisedTerms, ...]
    moves: tuple[PromiseMove, ...]
    termination: PromiseEnd | None = None

    def terms_at(self, day: date, known_at: datetime | None) -> PromisedTerms | None:
        """Return what was agreed for a day, as known at a moment (None: as known now)."""
        known = [
            each
            for each in self.versions
            if each.effective_date <= day and (known_at is None or each.recorded_time <= known_at)
        ]
        return max(known, key=lambda each: (each.effective_date, each.number), default=None)

    def first_terms(self, known_at: datetime | None) -> PromisedTerms | None:
        """Return what was agreed first; None: nothing was known of it at the moment."""
        known = [each for each in self.versions if known_at is None or each.recorded_time <= known_at]
        return known[0] if known else None

    def state_at(self, day: date, known_at: datetime | None) -> ContractState | None:
        """Return where the contract stood on a day, as known at a moment (None: as known now)."""
        agreed = self.termination
        if agreed and day > agreed.last_date and (known_at is None or agreed.recorded_time <= known_at):
            return ContractState.TERMINATED
        moves = [
            each.state
            for each in self.moves
            if each.effective_date <= day and (known_at is None or each.recorded_time <= known_at)
        ]
        ends = [state for state in moves if state in FINAL]
        return (ends or moves)[-1] if moves else None


@dataclass(frozen=True, slots=True)
class CoveredAsset:
    """An asset, as far as cover goes."""

    id: str
    customer_id: str
    delivery_date: date | None = None
    """First day of free maintenance. None: not delivered yet."""
    warranty_end: date | None = None
    """Last day of free maintenance, included. None: it never had any."""


@dataclass(frozen=True, slots=True)
class CounterKey:
    """What an allowance is counted by: a line's unit in a term."""

    contract_id: str
    line_id: str
    term_start: date
    unit: ServiceUnit


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that a verdict rests on."""

    time_zone: str
    """The customer's."""
    family: frozenset[str]
    """The customer asked for and its doublets: what belongs to one of them belongs to it."""
    asset: CoveredAsset | None = None
    promises: tuple[Promise, ...] = ()
    used: Mapping[CounterKey, int]
    """How much of each allowance is reserved or consumed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """Something that covers a quantity."""

    source: CoverSource
    quantity: int
    end_date: date
    """Last day of the cover, included."""
    contract_id: str = ""
    terms_number: int = 0
    line_id: str = ""
    term_start: date | None = None
    total: int | None = None
    """What the term allows. None: without limit."""
    remaining: int | None = None
    """What was left before this quantity was taken. None: without limit."""
    unit: ServiceUnit | None = None
    """What `remaining` counts. None: without limit."""

    def counter(self, unit: ServiceUnit) -> CounterKey | None:
        """Return what this is counted by; None for a warranty."""
        if self.source is CoverSource.WARRANTY or self.term_start is None:
            return None
        return CounterKey(self.contract_id, self.line_id, self.term_start, unit)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The verdict, before prices."""

    ask: Ask
    verdict: Verdict
    reason: Reason
    covers: tuple[Cover, ...] = ()
    contract_id: str = ""
    """The contract that the reason speaks of."""
    terms_number: int = 0
    contract_title: str = ""
    on_date: date | None = None
    """The day that the reason speaks of: the last day of cover, or the first, as the case may be."""
    remaining: int | None = None
    """What is left of the allowances of all lines that cover this. None: without limit, or no line."""

    @property
    def covered(self) -> int:
        """How much is free of charge."""
        return sum(cover.quantity for cover in self.covers)

    @property
    def chargeable(self) -> int:
        """How much is charged."""
        return self.ask.quantity - self.covered
