"""Editing a campaign while it runs: nobody is greeted twice and nobody is dropped."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from deploy.local.sink_client import SinkProcess
from services.care.domain.campaigns.campaign import Campaign
from services.care.domain.campaigns.versions import RevisionVerb
from services.care.domain.language import Language
from tests.integration.care.greetings import TEMPLATES, Greetings, a_plan, solar, utc

SHORTER = tuple(replace(each, subject=f"New: {each.subject}") for each in TEMPLATES)


def edit(greetings: Greetings, campaign: Campaign, **plan: Any) -> Campaign:
    """Write, ask for and approve another version, now."""
    now = greetings.clock.now()

    def step(stored: Campaign) -> Campaign:
        written = stored.revise(a_plan(**plan), name=stored.name, by="author", now=now)
        asked = written.move_revision(RevisionVerb.SUBMIT, by="author", now=now)
        return asked.move_revision(RevisionVerb.APPROVE, by="approver", now=now)

    return greetings.campaigns.change(campaign.id, step, etag="", request_id="")


async def test_editing_a_birthday_campaign_at_10_00_that_day_that_days_members_still_get_exactly_one(
    greetings: Greetings, sink: SinkProcess
) -> None:
    campaign = greetings.running()
    members = {
        zone: greetings.member(birthday=solar("1990-11-22"), time_zone=zone)
        for zone in ("Asia/Shanghai", "Europe/Berlin", "America/Los_Angeles")
    }
    tomorrow = greetings.member(birthday=solar("1990-11-23"))
    greetings.plan(campaign)
    assert await greetings.dispatch() == 1  # it is 10:00 in Shanghai: 09:00 is over there, and nowhere west of it
    edit(greetings, campaign, send_at="11:00", templates=SHORTER)
    late = greetings.member(birthday=solar("1991-11-22"), language=Language.ZH_HANS)
    for _ in range(60):
        greetings.plan(campaign)
        await greetings.dispatch()
        greetings.clock.advance(timedelta(hours=1))
    everybody = [*members.values(), tomorrow, late]
    subjects = {each.id: [mail["subject"] for mail in sink.messages(to=each.email)] for each in everybody}
    assert {key: len(found) for key, found in subjects.items()} == dict.fromkeys(subjects, 1)
    assert subjects[members["America/Los_Angeles"].id] == ["Happy birthday, Li"]
    assert subjects[late.id] == ["Li Na，生日快乐"]
    assert subjects[tomorrow.id] == ["New: Happy birthday, Li"]
    assert {state for _, state, _ in greetings.ledger()} == {"SENT"}
    (moved,) = greetings.database["touches"].find({"member_id": tomorrow.id})
    assert (moved["version"], moved["due_at"]) == (2, utc("2026-11-23 03:00").replace(tzinfo=moved["due_at"].tzinfo))


async def test_what_an_old_version_planned_leaves_with_its_words_also_after_the_new_one_counts(
    greetings: Greetings, sink: SinkProcess
) -> None:
    campaign = greetings.running()
    member = greetings.member(birthday=solar("1990-11-22"), time_zone="Asia/Tokyo")
    greetings.plan(campaign)
    edit(greetings, campaign, templates=SHORTER)
    greetings.clock.advance(timedelta(days=2))
    greetings.plan(campaign)
    assert await greetings.dispatch() == 1
    assert [mail["subject"] for mail in sink.messages(to=member.email)] == ["Happy birthday, Li"]
