"""What the room says: one of each event."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from services.contracts.domain.customers.customer import Customer, CustomerDetails, CustomerKind
from services.contracts.domain.life_cycle import contract_end, contract_force, contract_review
from services.contracts.domain.life_cycle.contract import Contract
from services.contracts.domain.life_cycle.contract_end import Ending
from services.contracts.domain.life_cycle.contract_review import Particulars
from services.contracts.domain.life_cycle.contract_states import Gate, TerminationCode
from services.contracts.domain.life_cycle.contract_terms import TermsDetails
from services.contracts.domain.terms.money import Money
from services.contracts.domain.terms.terms import CreditPolicy

NOON = datetime(2026, 5, 4, 12, 0, 0, 250_000, tzinfo=UTC)
CUSTOMER = "cus_01JTDB8D40CQS3K9Q8YV1H2T3A"
CONTRACT = "con_01JTDB8D40CQS3K9Q8YV1H2T3B"
OWNER = "emp_01JTDB8D40CQS3K9Q8YV1H2T3C"


def said() -> list[object]:
    """The life of one customer and its contract, and how else it could have ended."""
    details = CustomerDetails(kind=CustomerKind.ORGANISATION, name="North Trading", owner_id=OWNER)
    customer = Customer.register(CUSTOMER, details, now=NOON)
    signed = contract_review.sign(_approved(), by="li.wen", departments=("legal", "finance"), now=at(1))
    gates = frozenset({Gate.SIGNATURE, Gate.LEGAL})
    active = contract_force.activate(stored(signed, version=4), by="li.wen", required=gates, now=at(2))
    amended = contract_force.amend(
        stored(active, version=5),
        replace(TERMS, price=Money("CNY", 150_000)),
        by="li.wen",
        effective_date=date(2026, 9, 1),
        reason="two machines more",
        now=at(3),
    )
    suspended = contract_force.suspend(
        stored(amended, version=6),
        by="li.wen",
        start_date=date(2026, 7, 1),
        planned_end_date=date(2026, 7, 31),
        reason="the hall is rebuilt",
        now=JULY,
    )
    resumed = contract_force.resume_when_due(stored(suspended, version=7), now=JULY + timedelta(days=31))
    ending = Ending(code=TerminationCode.MUTUAL, reason="moved away", effective_date=date(2026, 10, 1))
    ended = contract_end.terminate(stored(resumed, version=8), ending, by="li.wen", now=OCTOBER)
    expired = stored(resumed, version=8).expired(datetime(2027, 7, 5, tzinfo=UTC))
    steps = [signed, active, amended, suspended, resumed, ended, expired]
    return [*customer.events, *(event for step in steps for event in step.events)]


TERMS = TermsDetails(title="Care", start_date="2026-06-01", end_date="2027-05-31", price=Money("CNY", 120_000))
JULY = datetime(2026, 7, 1, 12, 0, 0, 250_000, tzinfo=UTC)
OCTOBER = datetime(2026, 10, 1, 12, 0, 0, 250_000, tzinfo=UTC)


def at(hours: int) -> datetime:
    return NOON + timedelta(hours=hours)


def _approved() -> Contract:
    particulars = Particulars(
        customer_id=CUSTOMER,
        owner_id=OWNER,
        time_zone="Asia/Shanghai",
        credit_policy=CreditPolicy.PRORATED,
        suspension_extends=True,
    )
    draft = contract_review.draft(CONTRACT, particulars, details=TERMS, author="li.wen", now=NOON)
    submitted = contract_review.submit(draft, by="li.wen", reviewer="zhou.min", now=NOON)
    return stored(contract_review.approve(submitted, by="zhou.min", now=NOON), version=3)


def stored(contract: Contract, *, version: int) -> Contract:
    """As the store returns it."""
    return replace(contract, version=version, events=())
