"""Contracts in force, made by the domain and stored as the service stores them; a test names only what matters."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from membercare.contracts.v1 import renewal_pb2
from membercare.contracts.v1 import renewals_service_pb2 as pb
from membercare.contracts.v1.renewals_service_pb2_grpc import RenewalsServiceStub
from services.chassis.ids import new_id
from services.contracts.domain.life_cycle.contract import Contract
from services.contracts.domain.life_cycle.contract_states import ContractState, Move
from services.contracts.domain.terms.money import Money
from services.contracts.domain.terms.periods import add_months
from services.contracts.domain.terms.terms import RenewalKind, RenewalTerms, TermsVersion
from services.contracts.store.renewals.contracts import contract_store
from tests.fakes.clock import FrozenClock

SIGNED = datetime(2025, 1, 1, 8, 0, tzinfo=UTC)
YEAR = Money("CNY", 120_000)
NOBODY = "ren_00000000000000000000000000"
OWNER = "emp_01JTDB8D40CQS3K9Q8YV1H2T3D"
AUTO = RenewalTerms(kind=RenewalKind.AUTO)
TODAY = (datetime.now(UTC) + timedelta(hours=8)).date()


def a_contract(end: date, *, start: date | None = None, renewal: RenewalTerms | None = None, **fields: Any) -> Contract:
    """Return a contract in force, a year long unless its start is given."""
    first = start or add_months(end, -12).fromordinal(add_months(end, -12).toordinal() + 1)
    terms = TermsVersion(
        number=1,
        effective_date=first,
        recorded_time=SIGNED,
        recorded_by="li.wen",
        title="Care",
        start_date=first,
        end_date=end,
        price=fields.pop("price", YEAR),
        lines=fields.pop("lines", ()),
        renewal=renewal or RenewalTerms(kind=RenewalKind.OFFER),
        **({"billing": fields.pop("billing")} if "billing" in fields else {}),
    )
    moves = (
        Move(state=ContractState.SIGNED, effective_date=first, recorded_time=SIGNED, by="li.wen"),
        Move(state=ContractState.ACTIVE, effective_date=first, recorded_time=SIGNED, by="li.wen"),
    )
    made = Contract(
        id=new_id("con", SIGNED),
        customer_id=new_id("cus", SIGNED),
        owner_id="emp_01JTDB8D40CQS3K9Q8YV1H2T3C",
        author="li.wen",
        state=ContractState.ACTIVE,
        time_zone="Asia/Shanghai",
        versions=(terms,),
        moves=moves,
        signed_time=SIGNED,
        activated_time=SIGNED,
        create_time=SIGNED,
        update_time=SIGNED,
    )
    return replace(made, **fields)


def stored(*contracts: Contract) -> list[Contract]:
    """Store contracts through the connected service's own codec."""
    assert contract_store(FrozenClock(SIGNED)).add_many(contracts) == []
    return list(contracts)


def read(contract_id: str) -> Contract:
    return contract_store(FrozenClock(SIGNED)).get(contract_id)


def complaint(customer_id: str, event_id: str, **fields: Any) -> pb.RecordRenewalSignalRequest:
    kind = pb.RENEWAL_SIGNAL_KIND_COMPLAINT_OPENED
    return pb.RecordRenewalSignalRequest(event_id=event_id, customer_id=customer_id, kind=kind, **fields)


def in_days(days: int) -> date:
    return TODAY + timedelta(days=days)


def opened(stub: RenewalsServiceStub, end: date, **fields: Any) -> renewal_pb2.Renewal:
    (contract,) = stored(a_contract(end, **fields))
    return stub.OpenRenewal(pb.OpenRenewalRequest(contract_id=contract.id)).renewal


def call(renewal: renewal_pb2.Renewal, category: "renewal_pb2.CallCategory.ValueType", **fields: Any) -> Any:
    return pb.CallRenewalRequest(renewal_id=renewal.id, category=category, **fields)


def at(clock: FrozenClock, day: str) -> None:
    """Set the clock to noon in Shanghai."""
    clock.set(datetime.fromisoformat(f"{day}T04:00:00+00:00"))


def leads() -> bool:
    """Say that this process leads all the time."""
    return True
