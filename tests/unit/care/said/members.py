"""What the room says: one of each event."""

from datetime import UTC, datetime

from services.care.domain.members.member import Member, MemberDetails

NOON = datetime(2026, 5, 4, 12, 0, 0, 250_000, tzinfo=UTC)
LATER = datetime(2026, 5, 5, 12, 0, 0, 250_000, tzinfo=UTC)
MEMBER, CUSTOMER = "mem_01JTDB8D40CQS3K9Q8YV1H2T3E", "cus_01JTDB8D40CQS3K9Q8YV1H2T3A"


def said() -> list[object]:
    """A member is registered, then changes the name: no event carries it."""
    registered = Member.register(MEMBER, MemberDetails(name="王小明", customer_id=CUSTOMER), now=NOON)
    changed = registered.change(MemberDetails(name="王大明"), {"name"}, now=LATER)
    return [*registered.events, *changed.events]
