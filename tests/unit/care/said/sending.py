"""What the room says: one of each event."""

from datetime import UTC, datetime

from services.care.domain.sending.events import TouchesSettled, TouchOutcome

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
    return [TouchesSettled(campaign_id="cmp_01JTDB8D40CQS3K9Q8YV1H2T3F", outcomes=(sent, skipped), occurred_time=NOON)]
