"""What the room of renewals needs of the outside, in its own words."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from services.chassis.paging import Page
from services.contracts.domain.life_cycle.contract import Contract
from services.contracts.domain.life_cycle.contract_states import ContractState
from services.contracts.domain.renewals.next_term import Quotes
from services.contracts.domain.renewals.notice_states import Bounds
from services.contracts.domain.renewals.renewal import Renewal
from services.contracts.domain.renewals.renewal_calls import CallCategory
from services.contracts.domain.renewals.renewal_signals import Signal
from services.contracts.domain.renewals.renewal_stages import RenewalStage
from services.contracts.domain.terms.money import Money
from services.contracts.domain.terms.terms import Period, RenewalKind


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewalFilter:
    """What a listed renewal must match; what is empty matches all."""

    contract_id: str = ""
    customer_id: str = ""
    owner_id: str = ""
    stage: RenewalStage | None = None
    month: str = ""
    category: CallCategory | None = None
    needs_leader: bool = False
    notice: Bounds | None = None
    open_only: bool = False


class Renewals(Protocol):
    """The renewals on record."""

    def add(self, renewal: Renewal) -> Renewal:
        """Store the renewal and what it says, or return the one that the term has."""

    def add_many(self, renewals: Sequence[Renewal]) -> int:
        """Store those whose term has none yet, and return how many."""

    def get(self, renewal_id: str) -> Renewal:
        """Return the renewal, or refuse with RENEWAL_NOT_FOUND."""

    def batch_get(self, renewal_ids: Sequence[str]) -> Sequence[Renewal]:
        """Return those that exist and can be read, in no promised order."""

    def page(self, match: RenewalFilter, *, size: int, after: str) -> Page[Renewal]:
        """Return the page of matching renewals whose ids follow `after`."""

    def of_contracts(self, contract_ids: Sequence[str], *, most: int) -> Mapping[str, Sequence[Renewal]]:
        """Return the renewals of each contract that has any, latest term first, at most so many for each."""

    def of_customers(self, customer_ids: Sequence[str], *, most: int) -> Mapping[str, Sequence[Renewal]]:
        """Return the renewals of each customer that has any, latest term first, at most so many for each."""

    def of_months(self, first: str, last: str, *, owner_id: str) -> Iterator[Renewal]:
        """Yield the renewals whose term ends in these months, both included."""

    def change(
        self, renewal_id: str, step: Callable[[Renewal], Renewal], *, etag: str = "", request_key: str = ""
    ) -> Renewal:
        """Apply the step to the stored renewal; see `AggregateStore.change`."""

    def change_many(self, changes: Sequence[tuple[Renewal, Renewal]]) -> int:
        """Store each second in place of its first unless somebody was faster; return how many were stored."""

    def known(self, renewal_ids: Sequence[str]) -> frozenset[str]:
        """Return the ids of those that exist."""

    def open_binding(self, today: date, *, size: int) -> Iterator[Sequence[Renewal]]:
        """Yield batches of readable renewals without an outcome whose last cancellation date lies before that day."""

    def all_open(self, *, size: int) -> Iterator[Sequence[Renewal]]:
        """Yield batches of the readable renewals without an outcome."""

    def open_unscored(self, today: date, *, size: int) -> Iterator[Sequence[Renewal]]:
        """Yield batches of readable renewals without an outcome that were not scored today."""


@dataclass(frozen=True, slots=True)
class Ending:
    """A contract in force whose term ends before long, read just far enough to see whether anything is to be done."""

    contract_id: str
    term_number: int
    end_date: date
    kind: RenewalKind
    notices: tuple[Period, ...]
    """Every notice that any version of its terms has known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where the contract of a renewal stands."""

    state: ContractState
    term_number: int
    successor_id: str
    cancelled: bool
    price: Money


@dataclass(frozen=True, slots=True)
class Broken:
    """A contract that cannot be read."""

    contract_id: str
    error: Exception


class RenewableContracts(Protocol):
    """The contracts, as far as renewals change them."""

    def ending(self, through: date, *, long_notice_through: date, size: int) -> Iterator[Sequence[Ending | Broken]]:
        """Yield batches of the contracts in force whose term ends on that day or before.

        Those that must be cancelled more than two months ahead are yielded to the other, later day.
        """

    def standing(self, contract_ids: Sequence[str]) -> Mapping[str, Standing]:
        """Return where the contracts stand that exist and can be read."""

    def read(self, contract_ids: Sequence[str]) -> Sequence[Contract | Broken]:
        """Return the contracts that exist; one that cannot be read says so and spoils no other."""

    def get(self, contract_id: str) -> Contract:
        """Return the contract, or refuse with CONTRACT_NOT_FOUND."""

    def change_many(self, changes: Sequence[tuple[Contract, Contract]]) -> Sequence[str]:
        """Store each second in place of its first; return the ids of those where somebody was faster."""


@dataclass(frozen=True, slots=True)
class Change:
    """What is stored at once: the renewal, the contract it is about, and perhaps the contract that follows."""

    renewal: Renewal
    contract: Contract
    successor: Contract | None = None


class Outcomes(Protocol):
    """Renewals and contracts that change together."""

    def store(
        self,
        renewal_id: str,
        step: Callable[[Renewal, Contract], Change],
        *,
        etag: str = "",
        request_key: str = "",
    ) -> Renewal:
        """Store all of what the step makes of a renewal and its contract, or nothing; return the renewal."""


class Signals(Protocol):
    """What was heard of customers."""

    def add(self, signal: Signal) -> bool:
        """Keep the signal; return False, and change nothing, where its event was heard before."""

    def of_customers(self, customer_ids: Sequence[str], *, since: datetime) -> Mapping[str, Sequence[Signal]]:
        """Return what was heard of each customer since a moment, and of cases that may be open, since ever."""

    def latest(self, customer_id: str, *, since: datetime, most: int) -> Sequence[Signal]:
        """Return what was heard of one customer, newest first."""


class Prices(Protocol):
    """What prices of next terms are found by."""

    def quotes(self, contracts: Sequence[Contract]) -> Mapping[str, Quotes]:
        """Return what was found for each contract that goes by a price list or an index, by its id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stuck:
    """A contract whose renewal could not be computed."""

    contract_id: str
    reason: str
    message: str
    first_time: datetime
    last_time: datetime


class StuckRenewals(Protocol):
    """The contracts whose renewal could not be computed."""

    def keep(self, contract_id: str, *, reason: str, message: str, now: datetime) -> None:
        """Note that it failed, for the first time or again."""

    def forget(self, contract_ids: Sequence[str]) -> None:
        """Forget those that could be computed."""

    def page(self, *, size: int, after: str) -> Page[Stuck]:
        """Return the page of those whose contracts' ids follow `after`."""


class KnownCustomers(Protocol):
    """The customers, as far as a signal must be about one."""

    def exists(self, customer_id: str) -> bool:
        """Say whether there is such a customer."""
