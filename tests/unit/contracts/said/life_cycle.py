"""What the room says: one of each event."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from services.contracts.domain.contract import Contract, ContractTerms
from services.contracts.domain.customer import Customer, CustomerDetails, CustomerKind
from services.contracts.domain.money import Money

NOON = datetime(2026, 5, 4, 12, 0, 0, 250_000, tzinfo=UTC)
CUSTOMER = "cus_01JTDB8D40CQS3K9Q8YV1H2T3A"
CONTRACT = "con_01JTDB8D40CQS3K9Q8YV1H2T3B"
OWNER = "emp_01JTDB8D40CQS3K9Q8YV1H2T3C"


def said() -> list[object]:
    """The life of one customer and its contract."""
    details = CustomerDetails(kind=CustomerKind.ORGANISATION, name="North Trading", owner_id=OWNER)
    customer = Customer.register(CUSTOMER, details, now=NOON)
    terms = ContractTerms(
        customer_id=CUSTOMER,
        title="Care",
        start_date="2026-06-01",
        end_date="2027-05-31",
        price=Money("CNY", 120_000),
        owner_id=OWNER,
    )
    draft = Contract.draft(CONTRACT, terms, now=NOON)
    signed = stored(draft.sign(NOON + timedelta(hours=1)), version=2)
    active = stored(signed.activate(NOON + timedelta(hours=2)), version=3)
    ended = active.terminate("moved away", now=NOON + timedelta(hours=3))
    return [*customer.events, *signed.events, *active.events, *ended.events]


def stored(contract: Contract, *, version: int) -> Contract:
    """As the store returns it."""
    return replace(contract, version=version)
