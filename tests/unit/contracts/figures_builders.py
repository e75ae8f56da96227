"""Contracts as the figures read them, naming only what matters to a test."""

from datetime import UTC, date, datetime, timedelta

from services.contracts.domain.figures.booked import Agreed, BookedContract, EarlyEnd, Step
from services.contracts.domain.life_cycle.contract_states import ContractState, TerminationCode
from services.contracts.domain.terms.money import Money

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def a_version(
    price: int,
    start: str,
    *,
    end: str,
    number: int = 1,
    effective: str = "",
    recorded: datetime = LONG_AGO,
    currency: str = "CNY",
) -> Agreed:
    return Agreed(
        number=number,
        effective_date=date.fromisoformat(effective or start),
        recorded_time=recorded,
        start_date=date.fromisoformat(start),
        end_date=date.fromisoformat(end),
        price=Money(currency, price),
    )


def a_step(state: ContractState, day: str, *, recorded: datetime = LONG_AGO) -> Step:
    return Step(state=state, effective_date=date.fromisoformat(day), recorded_time=recorded)


def a_booked(
    *versions: Agreed,
    contract_id: str = "con_1",
    customer: str = "cus_1",
    owner: str = "emp_1",
    steps: tuple[Step, ...] = (),
    ends: str = "",
    ends_known: datetime = LONG_AGO,
    code: TerminationCode = TerminationCode.CUSTOMER_REQUEST,
    predecessor: str = "",
) -> BookedContract:
    """In force from the first day of its first version, or as the steps say."""
    start = versions[0].start_date.isoformat()
    last = date.fromisoformat(ends) if ends else None
    return BookedContract(
        id=contract_id,
        customer_id=customer,
        owner_id=owner,
        predecessor_id=predecessor,
        versions=versions,
        moves=steps or (a_step(ContractState.SIGNED, start), a_step(ContractState.ACTIVE, start)),
        termination=EarlyEnd(code=code, last_date=last, recorded_time=ends_known) if last else None,
    )


def a_day(text: str) -> date:
    return date.fromisoformat(text)


def next_day(text: str) -> str:
    return (date.fromisoformat(text) + timedelta(days=1)).isoformat()
