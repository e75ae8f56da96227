"""What is said of a contract in force: amended, suspended, resumed, expired; the fields are those of events.proto."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from services.contracts.domain.life_cycle.contract_states import TerminationCode
from services.contracts.domain.terms.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractSigned:
    """Both sides have signed; the terms no longer change."""

    type: ClassVar[str] = "contract_signed"
    schema: ClassVar[str] = "membercare.contracts.v1.ContractSigned"
    subject: ClassVar[str] = "contract_id"

    contract_id: str
    customer_id: str
    owner_id: str
    departments: tuple[str, ...] = ()
    contract_version: int
    occurred_time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractActivated:
    """A contract came into force."""

    type: ClassVar[str] = "contract_activated"
    schema: ClassVar[str] = "membercare.contracts.v1.ContractActivated"
    subject: ClassVar[str] = "contract_id"

    contract_id: str
    customer_id: str
    owner_id: str
    start_date: date
    end_date: date
    contract_version: int
    occurred_time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractTerminated:
    """A contract ended before its term."""

    type: ClassVar[str] = "contract_terminated"
    schema: ClassVar[str] = "membercare.contracts.v1.ContractTerminated"
    subject: ClassVar[str] = "contract_id"

    contract_id: str
    customer_id: str
    owner_id: str
    termination_reason: str
    termination_code: TerminationCode
    effective_date: date
    credit: Money | None
    contract_version: int
    occurred_time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractAmended:
    """A new version of a signed contract was agreed."""

    type: ClassVar[str] = "contract_amended"
    schema: ClassVar[str] = "membercare.contracts.v1.ContractAmended"
    subject: ClassVar[str] = "contract_id"

    contract_id: str
    customer_id: str
    owner_id: str
    number: int
    effective_date: date
    start_date: date
    end_date: date
    price: Money
    reason: str
    term_number: int
    contract_version: int
    occurred_time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractSuspended:
    """From a day on nothing is owed, until the contract is resumed."""

    type: ClassVar[str] = "contract_suspended"
    schema: ClassVar[str] = "membercare.contracts.v1.ContractSuspended"
    subject: ClassVar[str] = "contract_id"

    contract_id: str
    customer_id: str
    owner_id: str
    start_date: date
    planned_end_date: date | None
    reason: str
    contract_version: int
    occurred_time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractResumed:
    """A suspended contract is in force again."""

    type: ClassVar[str] = "contract_resumed"
    schema: ClassVar[str] = "membercare.contracts.v1.ContractResumed"
    subject: ClassVar[str] = "contract_id"

    contract_id: str
    customer_id: str
    owner_id: str
    effective_date: date
    end_date: date
    contract_version: int
    occurred_time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractExpired:
    """The term ran out and nothing follows it."""

    type: ClassVar[str] = "contract_expired"
    schema: ClassVar[str] = "membercare.contracts.v1.ContractExpired"
    subject: ClassVar[str] = "contract_id"

    contract_id: str
    customer_id: str
    owner_id: str
    end_date: date
    contract_version: int
    occurred_time: datetime
