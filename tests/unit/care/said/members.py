"""What the room says: one of each event."""

from datetime import UTC, datetime

from services.care.domain.channels import Channel, Purpose
from services.care.domain.members.consents import ConsentSource, ConsentWord
from services.care.domain.members.details import MemberDetails
from services.care.domain.members.erasure import erase
from services.care.domain.members.member import Member

NOON = datetime(2026, 5, 4, 12, 0, 0, 250_000, tzinfo=UTC)
LATER = datetime(2026, 5, 5, 12, 0, 0, 250_000, tzinfo=UTC)
MEMBER, CUSTOMER = "mem_01JTDB8D40CQS3K9Q8YV1H2T3E", "cus_01JTDB8D40CQS3K9Q8YV1H2T3A"


def said() -> list[object]:
    """A member is registered, changes the name, unsubscribes by a link and is forgotten: no event tells who it was."""
    registered = Member.register(MEMBER, MemberDetails(name="王小明", customer_id=CUSTOMER), now=NOON)
    changed = registered.change(MemberDetails(name="王大明"), {"name"}, now=LATER)
    word = ConsentWord(
        channel=Channel.EMAIL,
        purpose=Purpose.MARKETING,
        granted=False,
        source=ConsentSource.PERSON,
        proof="王的链接",
        touch_id="tch_01JTDB8D40CQS3K9Q8YV1H2T3F",
    )
    unsubscribed = changed.take_over({}, now=LATER, words=[word]).events[1]
    return [*registered.events, *changed.events, unsubscribed, *erase(changed, now=LATER).events]
