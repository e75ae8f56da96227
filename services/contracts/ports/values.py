"""Where the nightly computation of customers' value reads and writes."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Protocol

from services.chassis.paging import Page
from services.contracts.domain.customers.customer import CustomerStage, CustomerTier
from services.contracts.domain.figures.booked import BookedContract
from services.contracts.domain.figures.customer_value import CustomerValue, Judgement
from services.contracts.domain.figures.forecast_shapes import History
from services.contracts.domain.figures.judge_value import Forecast
from services.contracts.domain.figures.value_facts import CustomerFacts, Purchase, Survival
from services.contracts.domain.figures.value_model import ValueModel
from services.contracts.domain.figures.value_policy import ValuePolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueFilter:
    """What a listed value must match; what is empty matches all."""

    tier: CustomerTier | None = None
    stage: CustomerStage | None = None
    risk_from: int = 0
    owner_id: str = ""
    """Of the customer, as it is now."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """What could not be read of a customer, and why."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far the computation has come."""

    touched_until: datetime | None = None
    """What changed before was taken into account. None: it never ran."""
    last_day: date | None = None
    """The company's day of the last run that came to its end."""
    full_began: datetime | None = None
    """Set while every customer is computed anew."""
    full_after: str = ""
    """The last customer of that who is done."""
    requested_time: datetime | None = None
    """Set while somebody has asked for a run out of turn."""

    def ended(self, *, began: datetime, day: date) -> "Progress":
        """Return the progress after a run that began at a moment."""
        return replace(self, touched_until=began, last_day=day, full_began=None, full_after="")


class ValuePolicies(Protocol):
    """The rules."""

    def current(self) -> ValuePolicy:
        """Return the rules as set, or the defaults."""

    def replace(self, wanted: ValuePolicy, *, now: datetime, etag: str, request_key: str) -> ValuePolicy:
        """Store the rules; STALE_VERSION where the etag is not of the stored version."""


class CustomerValues(Protocol):
    """The values as last computed."""

    def get(self, customer_id: str) -> CustomerValue:
        """Return the value, or refuse with CUSTOMER_VALUE_NOT_FOUND."""

    def batch_get(self, customer_ids: Sequence[str]) -> Sequence[CustomerValue]:
        """Return those that exist, in no promised order."""

    def owned(self, customer_ids: Sequence[str], owner_id: str) -> Sequence[str]:
        """Return those of the customers that the employee owns."""

    def page(self, match: ValueFilter, *, size: int, after: str) -> Page[CustomerValue]:
        """Return the page of matching values whose ids follow `after`."""

    def judge(self, judged: Mapping[str, Judgement], *, now: datetime) -> int:
        """Store what was judged, with each change of tier and its event; return how many tiers changed."""


class ValueModels(Protocol):
    """What the fits over all customers found."""

    def latest(self) -> ValueModel | None:
        """Return the last model, or None before the first."""

    def get(self) -> ValueModel:
        """Return the last model, or refuse with VALUE_MODEL_NOT_FOUND."""

    def store(self, model: ValueModel) -> None:
        """Keep the model as the last."""


class ValueSources(Protocol):
    """All that values are computed from; what belongs to a doublet belongs to its survivor."""

    def customers_after(self, customer_id: str, *, size: int) -> Sequence[str]:
        """Return the next ids of customers that are no doublets."""

    def touched_since(self, moment: datetime) -> Sequence[str]:
        """Return the customers of whom anything was written at or after a moment, in the order of their ids."""

    def facts(self, customer_ids: Sequence[str]) -> Mapping[str, CustomerFacts | Unreadable]:
        """Return what is known of each."""

    def purchases(self) -> Iterable[tuple[str, Sequence[Purchase]]]:
        """Return the purchases of every customer who made any; what cannot be read is left out."""

    def signed_contracts(self) -> Iterable[BookedContract]:
        """Return every contract that was signed; what cannot be read is left out."""


class ValueRuns(Protocol):
    """The progress of the computation, and those of whom it failed."""

    def progress(self) -> Progress:
        """Return how far it has come."""

    def advance(self, progress: Progress, *, token: int) -> None:
        """Store the progress, unless a later leader has stored its own; requests that a run heeded are forgotten."""

    def request(self, now: datetime) -> None:
        """Ask for a run out of turn."""

    def failed(self, customer_id: str, reason: str, *, now: datetime) -> None:
        """Note that a customer could not be computed; it is tried again at every run."""

    def settled(self, customer_ids: Sequence[str]) -> None:
        """Forget failures of customers that could be computed."""

    def failures(self) -> Sequence[str]:
        """Return the customers that could not be computed."""


class Forecaster(Protocol):
    """The purchase models; numpy is loaded when the first method is called, and not before."""

    def history_of(self, purchases: Sequence[Purchase], today: date, *, policy: ValuePolicy) -> History | None:
        """Return the history, or None without a purchase that counts."""

    def fit(
        self, histories: Sequence[History], survival: Survival, *, policy: ValuePolicy, now: datetime
    ) -> ValueModel:
        """Return the model of all customers."""

    def forecasts(
        self, histories: Mapping[str, History], model: ValueModel, *, policy: ValuePolicy
    ) -> Mapping[str, Forecast]:
        """Return what is expected of each customer."""


Holds = Callable[[], bool]
"""Says whether the lead still holds."""
