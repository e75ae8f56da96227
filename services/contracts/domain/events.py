"""What the contracts service says; the fields are those of events.proto."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from services.contracts.domain.contract_states import TerminationCode
from services.contracts.domain.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerRegistered:
    """A customer was created."""

    type: ClassVar[str] = "customer_registered"
    schema: ClassVar[str] = "membercare.contracts.v1.CustomerRegistered"
    subject: ClassVar[str] = "customer_id"

    customer_id: str
    owner_id: str
    occurred_time: datetime


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
