"""What the room says: one of each event."""

from datetime import UTC, datetime

from services.care.domain.sending.events import Engagement, TouchEngaged, TouchesSettled, TouchFailed, TouchOutcome

NOON = datetime(2026, 5, 4, 12, 0, 0, 250_000, tzinfo=UTC)


def said() -> list[object]:
    sent = TouchOutcome(
        touch_id="tch_01", member_id="mem_01JTDB8D40CQS3K9Q8YV1H2T3E", state="TOUCH_STATE_SENT", reason=""
    )
    skipped = TouchOutcome(
        touch_id="tch_02",
        member_id="mem_01JTDB8D40CQS3K9Q8YV1H2T4E",
        state="TOUCH_STATE_SKIPPED",
        reason="NO_EMAIL_CONSENT",
    )
    bounced = TouchOutcome(
        touch_id="tch_01", member_id="mem_01JTDB8D40CQS3K9Q8YV1H2T3E", state="TOUCH_STATE_FAILED", reason="BOUNCED"
    )
    clicked = Engagement(touch_id="tch_01", member_id="mem_01JTDB8D40CQS3K9Q8YV1H2T3E", kind="clicked", time=NOON)
    campaign = "cmp_01JTDB8D40CQS3K9Q8YV1H2T3F"
    return [
        TouchesSettled(campaign_id=campaign, outcomes=(sent, skipped), occurred_time=NOON),
        TouchFailed(campaign_id=campaign, outcomes=(bounced,), occurred_time=NOON),
        TouchEngaged(campaign_id=campaign, engagements=(clicked,), occurred_time=NOON),
    ]
