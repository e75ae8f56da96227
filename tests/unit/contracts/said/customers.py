"""What the room says: one of each event."""

from datetime import UTC, datetime

from services.contracts.domain.customers.customer import Customer, CustomerDetails, CustomerKind

NOON = datetime(2026, 5, 4, 12, 0, 0, 250_000, tzinfo=UTC)
DOUBLET = "cus_01JTDB8D40CQS3K9Q8YV1H2T3A"
SURVIVOR = "cus_01JTDB8D40CQS3K9Q8YV1H2T4A"


def said() -> list[object]:
    doublet, survivor = (
        Customer.register(key, CustomerDetails(kind=CustomerKind.PERSON, name="Li"), now=NOON)
        for key in (DOUBLET, SURVIVOR)
    )
    merged, kept = doublet.merge_into(survivor, now=NOON)
    return [*merged.events, *kept.events]
