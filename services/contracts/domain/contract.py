"""A contract: terms that are fixed once signed, and a life that moves by verbs only."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from services.chassis.checks import civil_date, line, text
from services.chassis.errors import InvalidField
from services.chassis.ids import check_id, optional_id
from services.contracts.domain.errors import ContractTransitionRefused
from services.contracts.domain.events import ContractActivated, ContractSigned, ContractTerminated
from services.contracts.domain.money import Money, checked_price

MOST_TITLE, MOST_REASON = 200, 500


class ContractState(StrEnum):
    """Where a contract stands."""

    DRAFT = "draft"
    SIGNED = "signed"
    ACTIVE = "active"
    TERMINATED = "terminated"


class Verb(StrEnum):
    """What can be done to a contract."""

    SIGN = "sign"
    ACTIVATE = "activate"
    TERMINATE = "terminate"


TRANSITIONS: dict[tuple[ContractState, Verb], ContractState] = {
    (ContractState.DRAFT, Verb.SIGN): ContractState.SIGNED,
    (ContractState.SIGNED, Verb.ACTIVATE): ContractState.ACTIVE,
    (ContractState.SIGNED, Verb.TERMINATE): ContractState.TERMINATED,
    (ContractState.ACTIVE, Verb.TERMINATE): ContractState.TERMINATED,
}
"""Every move there is; whatever is not in here is refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractTerms:
    """What people write into a draft, not yet checked."""

    customer_id: str
    title: str
    start_date: str
    end_date: str
    price: Money | None
    owner_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """A contract as stored. The term includes its last day."""

    id: str
    version: int = 1
    customer_id: str
    title: str
    state: ContractState
    start_date: date
    end_date: date
    price: Money
    owner_id: str
    signed_time: datetime | None = None
    activated_time: datetime | None = None
    terminated_time: datetime | None = None
    termination_reason: str = ""
    create_time: datetime
    update_time: datetime
    events: tuple[object, ...] = ()

    @classmethod
    def draft(cls, contract_id: str, terms: ContractTerms, *, now: datetime) -> "Contract":
        """Return the new draft, or refuse with INVALID_FIELD or INVALID_ID and the field's name."""
        start, end = civil_date(terms.start_date, "start_date"), civil_date(terms.end_date, "end_date")
        if end < start:
            raise InvalidField("end_date", f"end_date {end} is before start_date {start}.")
        return cls(
            id=contract_id,
            customer_id=check_id(terms.customer_id, "cus", field="customer_id"),
            title=line(terms.title, "title", most=MOST_TITLE, least=1),
            state=ContractState.DRAFT,
            start_date=start,
            end_date=end,
            price=checked_price(terms.price),
            owner_id=optional_id(terms.owner_id, "emp", field="owner_id"),
            create_time=now,
            update_time=now,
        )

    def sign(self, now: datetime) -> "Contract":
        """Return the contract signed by both sides."""
        said = ContractSigned(
            contract_id=self.id,
            customer_id=self.customer_id,
            owner_id=self.owner_id,
            contract_version=self.version + 1,
            occurred_time=now,
        )
        return replace(self._moved(Verb.SIGN, now), signed_time=now, events=(said,))

    def activate(self, now: datetime) -> "Contract":
        """Return the contract in force."""
        said = ContractActivated(
            contract_id=self.id,
            customer_id=self.customer_id,
            owner_id=self.owner_id,
            start_date=self.start_date,
            end_date=self.end_date,
            contract_version=self.version + 1,
            occurred_time=now,
        )
        return replace(self._moved(Verb.ACTIVATE, now), activated_time=now, events=(said,))

    def terminate(self, reason: str, *, now: datetime) -> "Contract":
        """Return the contract ended before its term, or refuse a missing or over-long reason."""
        why = text(reason, "termination_reason", most=MOST_REASON, least=1)
        said = ContractTerminated(
            contract_id=self.id,
            customer_id=self.customer_id,
            owner_id=self.owner_id,
            termination_reason=why,
            contract_version=self.version + 1,
            occurred_time=now,
        )
        return replace(self._moved(Verb.TERMINATE, now), terminated_time=now, termination_reason=why, events=(said,))

    def _moved(self, verb: Verb, now: datetime) -> "Contract":
        state = TRANSITIONS.get((self.state, verb))
        if state is None:
            raise ContractTransitionRefused(self.id, state=self.state.value, verb=verb.value)
        return replace(self, state=state, update_time=now)
