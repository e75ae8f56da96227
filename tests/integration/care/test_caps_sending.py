"""Caps and budgets at work in the dispatcher: who gets a place, also where dispatchers compete."""

import asyncio

from services.care.domain.campaigns.budget import Budget
from services.care.domain.campaigns.campaign import CampaignVerb
from services.care.domain.campaigns.plan import Holdout
from services.care.domain.sending.caps import Cap, CapPeriod
from services.care.ports.sending import Handover
from tests.integration.care.greetings import Greetings, solar
from tests.integration.care.keeping import Keeping

BORN = solar("1990-11-22")


async def test_cap_conflict_5_eligible_and_a_cap_of_3_sends_the_3_by_priority_and_writes_2_reasons(
    greetings: Greetings, mail: Keeping
) -> None:
    greetings.rules(caps=(Cap(3, CapPeriod.DAY),))
    greetings.member(birthday=BORN)
    campaigns = {priority: greetings.running(priority=priority) for priority in (10, 50, 20, 40, 30)}
    for campaign in campaigns.values():
        greetings.plan(campaign)
    assert await greetings.dispatch() == 5
    assert sorted(mail.campaigns) == sorted(campaigns[priority].id for priority in (50, 40, 30))
    reasons = {each["reason"] for each in greetings.database["touches"].find({"state": "TOUCH_STATE_SKIPPED"})}
    assert reasons <= {"OUTRANKED", "FREQUENCY_CAP"}
    assert greetings.database["touches"].count_documents({"state": "TOUCH_STATE_SKIPPED"}) == 2


async def test_no_place_is_kept_for_a_higher_campaign_that_would_not_send(greetings: Greetings, mail: Keeping) -> None:
    greetings.rules(caps=(Cap(1, CapPeriod.DAY),))
    greetings.member(birthday=BORN)
    held_out = greetings.running(priority=90, holdout=Holdout(5_000, "everybody"))
    paused, low = greetings.running(priority=80), greetings.running(priority=10)
    for campaign in (held_out, paused, low):
        greetings.plan(campaign)
    greetings.database["campaigns"].update_one({"_id": held_out.id}, {"$set": {"plan.holdout.basis_points": 10_000}})
    greetings.move(paused, CampaignVerb.PAUSE)
    await greetings.dispatch()
    assert mail.campaigns == [low.id]


async def test_dispatchers_at_once_never_pass_a_cap_together(greetings: Greetings, mail: Keeping) -> None:
    greetings.rules(caps=(Cap(2, CapPeriod.ROLLING, rolling_hours=24),))
    members = [greetings.member(birthday=BORN) for _ in range(30)]
    for _ in range(6):
        greetings.plan(greetings.running())
    settled = await asyncio.gather(*(greetings.dispatch() for _ in range(6)))
    assert sum(settled) == 6 * 30
    got = [each.touch.member_id for each in mail.kept if each.touch]
    assert {member.id: got.count(member.id) for member in members} == {member.id: 2 for member in members}


async def test_what_was_sent_before_there_was_a_cap_counts(greetings: Greetings, mail: Keeping) -> None:
    greetings.member(birthday=BORN)
    greetings.plan(greetings.running())
    await greetings.dispatch()
    greetings.rules(caps=(Cap(1, CapPeriod.MONTH),))
    greetings.plan(greetings.running())
    assert await greetings.dispatch() == 1
    assert greetings.lines() == [("email", "SENT", ""), ("email", "SKIPPED", "FREQUENCY_CAP")]
    assert len(mail.kept) == 1


async def test_a_message_that_was_refused_leaves_its_place_under_the_cap_to_another(
    greetings: Greetings, mail: Keeping
) -> None:
    greetings.rules(caps=(Cap(1, CapPeriod.DAY),))
    greetings.member(birthday=BORN)
    mail.answer = Handover.REFUSED
    greetings.plan(greetings.running(priority=90))
    await greetings.dispatch()
    mail.answer = Handover.ACCEPTED
    second = greetings.running()
    greetings.plan(second)
    await greetings.dispatch()
    assert mail.campaigns == [second.id]


async def test_without_caps_no_contact_record_is_read_or_written(greetings: Greetings, mail: Keeping) -> None:
    greetings.member(birthday=BORN)
    greetings.plan(greetings.running())
    await greetings.dispatch()
    assert greetings.database["contact_history"].count_documents({}) == 0


async def test_a_campaign_never_sends_more_than_its_budget_however_many_dispatchers_there_are(
    greetings: Greetings, mail: Keeping
) -> None:
    for _ in range(40):
        greetings.member(birthday=BORN)
    campaign = greetings.running(budget=Budget(most_touches=25))
    greetings.plan(campaign)
    half = list(greetings.database["touches"].find().limit(20))
    batch = greetings.database["batches"].find_one() or {}
    greetings.database["batches"].insert_one(batch | {"_id": "bat_second"})
    ids = [each["_id"] for each in half]
    greetings.database["touches"].update_many({"_id": {"$in": ids}}, {"$set": {"batch_id": "bat_second"}})
    await asyncio.gather(greetings.dispatch(), greetings.dispatch())
    assert len(mail.kept) == 25
    states = [(state, reason) for _, state, reason in greetings.lines()]
    assert (states.count(("SENT", "")), states.count(("SKIPPED", "BUDGET_SPENT"))) == (25, 15)
