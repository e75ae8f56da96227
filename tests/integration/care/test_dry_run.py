"""Who would get a message on a day, who would not, and why; and nothing happens."""

from dataclasses import replace
from datetime import date

import pytest

from services.care.app.core import build_dry_run
from services.care.config import Settings
from services.care.domain.campaigns.plan import Holdout
from services.care.domain.campaigns.triggers import OneOffTrigger
from services.care.domain.channels import Channel
from services.care.domain.sending.settings import QuietRule
from services.care.domain.sending.windows import QuietWindow
from services.care.usecases.campaigns.dry_run_campaign import DryRun
from services.chassis.errors import NotFound
from tests.integration.care.greetings import TEMPLATES, Greetings, solar, utc

DAY = date(2026, 12, 24)


def dry_run(greetings: Greetings, campaign_id: str, *, day: date = DAY) -> DryRun:
    return build_dry_run(Settings(), greetings.clock)(campaign_id, day)


def test_a_dry_run_says_who_would_get_the_message_and_why_the_others_would_not(greetings: Greetings) -> None:
    born = solar("1990-12-24")
    well = greetings.member(birthday=born)
    greetings.member(birthday=born, do_not_contact=True)
    greetings.member(birthday=born, email="")
    greetings.member(birthday=born, time_zone="")
    greetings.member(birthday=solar("1990-12-25"))
    found = dry_run(greetings, greetings.running().id)
    assert (found.would_get, found.would_not) == (
        1,
        {"DO_NOT_CONTACT": 1, "NO_EMAIL_ADDRESS": 1, "UNKNOWN_TIME_ZONE": 1},
    )
    (line,) = [each for each in found.lines if each.leaves_at]
    assert (line.member_id, line.occurrence, line.leaves_at) == (well.id, "birthday/2026", utc("2026-12-24 01:00"))
    assert greetings.ledger() == []
    assert greetings.database["batches"].count_documents({}) == 0
    assert greetings.database["plan_cursors"].count_documents({}) == 0


def test_a_dry_run_of_a_day_agrees_with_what_then_happens(greetings: Greetings) -> None:
    for _ in range(20):
        greetings.member()
    campaign = greetings.running(trigger=OneOffTrigger(date(2026, 11, 22)), holdout=Holdout(5_000))
    found = dry_run(greetings, campaign.id, day=date(2026, 11, 22))
    greetings.plan(campaign)
    ledger = greetings.ledger()
    assert found.would_not == {"HOLDOUT": sum(reason == "HOLDOUT" for _, _, reason in ledger)}
    assert found.would_get == sum(state == "PLANNED" for _, state, _ in ledger)
    again = dry_run(greetings, campaign.id, day=date(2026, 11, 22))
    assert (again.would_get, again.would_not) == (0, {"ALREADY_PLANNED": 20})


def test_a_dry_run_knows_quiet_hours_and_the_channel_that_takes_over(greetings: Greetings) -> None:
    greetings.rules(quiet=(QuietRule(QuietWindow("22:00", "10:00")),))
    member = greetings.member(email="", phone="+8613800138000")
    greetings.set_on(member.id, consents={"sms": {"care": True}})
    words = TEMPLATES + tuple(replace(each, channel=Channel.SMS) for each in TEMPLATES)
    channels = (Channel.EMAIL, Channel.SMS)
    campaign = greetings.running(trigger=OneOffTrigger(DAY), channels=channels, templates=words)
    (line,) = dry_run(greetings, campaign.id).lines
    assert (line.channel, line.leaves_at, line.reason) == ("sms", utc("2026-12-24 02:00"), "QUIET_HOURS")


def test_a_campaign_that_does_not_exist_cannot_be_tried(greetings: Greetings) -> None:
    with pytest.raises(NotFound):
        dry_run(greetings, "cmp_00000000000000000000000001")
