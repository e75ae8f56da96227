"""What the room says: one of each event."""

from datetime import UTC, date, datetime

from services.care.domain.loyalty.account import Account
from services.care.domain.loyalty.entry import Posting
from services.care.domain.loyalty.events import PointsExpired, PointsExpiry
from services.care.domain.loyalty.program import LoyaltyTerms, Tier

NOON = datetime(2026, 5, 4, 12, 0, 0, 250_000, tzinfo=UTC)
TODAY = date(2026, 5, 4)
MEMBER = "mem_01JTDB8D40CQS3K9Q8YV1H2T3E"
TERMS = LoyaltyTerms(TODAY, 12, 3, 24, (Tier("basic", "Basic", "普通"), Tier("gold", "Gold", "金卡", 500)))


def said() -> list[object]:
    """Somebody reaches a tier, and loses points."""
    posting = Posting(key="order:1", reason="order", by="somebody", today=TODAY, now=NOON)
    account, _ = Account(id=MEMBER).earn(500, posting, terms=TERMS, expires_on=None)
    expiry = PointsExpiry(member_id=MEMBER, entry_id="pnt_01JTDB8D40CQS3K9Q8YV1H2T3E", points=30)
    expired = PointsExpired(
        run_id="pnr_01JTDB8D40CQS3K9Q8YV1H2T3F", day=TODAY.isoformat(), expiries=(expiry,), occurred_time=NOON
    )
    return [*account.judged(TERMS, today=TODAY, now=NOON).events, expired]
