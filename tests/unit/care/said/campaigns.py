"""What the room says: one of each event."""

from datetime import UTC, datetime

from services.care.domain.campaigns.events import CampaignFinished

NOON = datetime(2026, 5, 4, 12, 0, 0, 250_000, tzinfo=UTC)


def said() -> list[object]:
    return [CampaignFinished(campaign_id="cmp_01JTDB8D40CQS3K9Q8YV1H2T3F", occurred_time=NOON)]
