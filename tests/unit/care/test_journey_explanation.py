"""Where a member stands in a journey, in words that are true at the moment they are read."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from services.care.domain.journeys.explanation import explained
from services.care.domain.journeys.run import JourneyRun
from services.care.domain.sending.reasons import Reason

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
RUN = JourneyRun(
    id="jrn_1",
    campaign_id="cmp_1",
    member_id="mem_1",
    occurrence="one_off",
    plan_version=1,
    day=date(2026, 11, 22),
    step="pause",
    arrived_at=NOON,
    wake_time=NOON + timedelta(minutes=5),
    began_at=NOON,
    updated_at=NOON,
)


@pytest.mark.parametrize("waits_for", [{}, {"waiting_for": "bought"}, {"waiting_touch": "tch_1"}])
def test_who_need_not_wait_any_more_is_not_said_to_wait_while_a_pause_keeps_them(waits_for: dict[str, str]) -> None:
    run = replace(RUN, **waits_for)  # type: ignore[arg-type]
    english, chinese = explained(run, kept_by=Reason.CAMPAIGN_PAUSED, now=NOON + timedelta(hours=1))
    assert english.startswith("At step pause; it need not wait any more, and goes on next. The campaign is paused:")
    assert chinese == "位于步骤 pause，已无需再等待，随后继续。活动已暂停：该会员保留在此位置。"


def test_whoever_waits_is_told_for_what_and_until_when() -> None:
    run = replace(RUN, waiting_for="bought")
    assert explained(run, kept_by=None, now=NOON) == (
        "At step pause the member is waited for to do bought, until 2026-11-22 12:05 UTC at the latest.",
        "在步骤 pause 等待该会员的行为 bought，最晚至 2026-11-22 12:05 UTC。",
    )
