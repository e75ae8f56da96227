"""Versions of a campaign: how the next one is written and approved, from when it counts, and what it changes."""

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import product

import pytest

from services.care.domain.calendars.birthday_rules import BirthdayRules, LeapDayPolicy
from services.care.domain.campaigns.campaign import (
    Campaign,
    CampaignState,
    CampaignVerb,
    RevisionNotPossible,
)
from services.care.domain.campaigns.changes import Change, changes_of
from services.care.domain.campaigns.events import CampaignFinished
from services.care.domain.campaigns.plan import CampaignPlan, Holdout
from services.care.domain.campaigns.triggers import BirthdayTrigger, OneOffTrigger, RecurringTrigger
from services.care.domain.campaigns.versions import (
    REVISION_TRANSITIONS,
    ApproverIsAuthor,
    NoRevision,
    Revision,
    RevisionState,
    RevisionTransitionRefused,
    RevisionVerb,
)
from services.chassis.errors import InvalidField, NotFound
from tests.unit.care.plans import CHINESE, ENGLISH, TRIGGERS, a_plan

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
LATER = datetime(2026, 12, 1, 9, tzinfo=UTC)
ALLOWED = {
    ("submit", "draft"): "in_review",
    ("approve", "in_review"): None,
    ("reject", "in_review"): "draft",
    ("discard", "draft"): None,
    ("discard", "in_review"): None,
}


def a_draft(plan: CampaignPlan | None = None) -> Campaign:
    return Campaign("cmp_1", "Birthdays", plan or a_plan(), "anna", NOON, NOON)


def running(plan: CampaignPlan | None = None) -> Campaign:
    campaign = a_draft(plan).move(CampaignVerb.SUBMIT, by="anna", now=NOON)
    for verb in (CampaignVerb.APPROVE, CampaignVerb.START):
        campaign = campaign.move(verb, by="bert", now=NOON)
    return campaign


def edited(campaign: Campaign, plan: CampaignPlan, *, now: datetime = NOON) -> Campaign:
    written = campaign.revise(plan, name=campaign.name, by="anna", now=now)
    asked = written.move_revision(RevisionVerb.SUBMIT, by="anna", now=now)
    return asked.move_revision(RevisionVerb.APPROVE, by="bert", now=now)


@pytest.mark.parametrize(("verb", "state"), list(product(RevisionVerb, RevisionState)))
def test_a_revision_moves_only_as_the_table_says(verb: RevisionVerb, state: RevisionState) -> None:
    campaign = replace(running(), revision=Revision(a_plan(send_at="10:00"), "anna", NOON, state))
    if (verb.value, state.value) not in ALLOWED:
        with pytest.raises(RevisionTransitionRefused):
            campaign.move_revision(verb, by="bert", now=NOON)
        return
    left = campaign.move_revision(verb, by="bert", now=NOON).revision
    assert (left.state.value if left else None) == ALLOWED[verb.value, state.value]


def test_every_verb_of_a_revision_has_its_line_in_the_table() -> None:
    assert set(REVISION_TRANSITIONS) == set(RevisionVerb)


@pytest.mark.parametrize("verb", RevisionVerb)
def test_where_nobody_revises_there_is_nothing_to_move(verb: RevisionVerb) -> None:
    with pytest.raises(NoRevision):
        running().move_revision(verb, by="bert", now=NOON)


def test_an_edited_draft_stays_a_draft_and_an_edited_approved_campaign_becomes_one_again() -> None:
    draft = a_draft()
    assert draft.revise(a_plan(send_at="10:00"), name="B", by="carl", now=LATER).author == "carl"
    approved = draft.move(CampaignVerb.SUBMIT, by="anna", now=NOON).move(CampaignVerb.APPROVE, by="bert", now=NOON)
    again = approved.revise(a_plan(send_at="10:00"), name="B", by="anna", now=LATER)
    assert (again.state, again.approver, again.versions) == (CampaignState.DRAFT, "", ())
    assert (again.plan.send_at, again.revision) == ("10:00", None)


@pytest.mark.parametrize("state", [CampaignState.IN_REVIEW, CampaignState.FINISHED, CampaignState.ARCHIVED])
def test_what_is_in_review_or_over_is_not_edited(state: CampaignState) -> None:
    with pytest.raises(RevisionNotPossible):
        replace(a_draft(), state=state).revise(a_plan(), name="B", by="anna", now=NOON)


def test_a_running_campaign_follows_its_old_plan_until_the_new_one_is_approved() -> None:
    campaign = running().revise(a_plan(send_at="10:00"), name="Birthdays", by="anna", now=NOON)
    assert (campaign.state, campaign.plan.send_at, campaign.plan_version) == (CampaignState.RUNNING, "09:00", 1)
    assert campaign.on(date(2026, 12, 24)).plan.send_at == "09:00"


def test_a_new_version_counts_from_the_first_day_that_nobody_on_earth_lives_in_yet() -> None:
    late = datetime(2026, 11, 22, 11, tzinfo=UTC)  # in Kiritimati the 23rd has begun
    campaign = edited(running(), a_plan(send_at="10:00"), now=late)
    assert campaign.versions[-1].effective_from == date(2026, 11, 24)
    assert [campaign.on(date(2026, 11, day)).plan.send_at for day in (22, 23, 24)] == ["09:00", "09:00", "10:00"]
    assert [campaign.as_planned(number).plan.send_at for number in (1, 2)] == ["09:00", "10:00"]


def test_who_wrote_the_next_version_cannot_approve_it() -> None:
    campaign = running().revise(a_plan(), name="B", by="bert", now=NOON)
    asked = campaign.move_revision(RevisionVerb.SUBMIT, by="anna", now=NOON)
    with pytest.raises(ApproverIsAuthor):
        asked.move_revision(RevisionVerb.APPROVE, by="bert", now=NOON)
    assert asked.move_revision(RevisionVerb.APPROVE, by="anna", now=NOON).approver == "anna"


@pytest.mark.parametrize(
    ("plan", "field"),
    [
        (a_plan(trigger=TRIGGERS["one_off"]), "plan.trigger"),
        (a_plan(trigger=BirthdayTrigger(5)), "plan.trigger.birthday"),
        (a_plan(rules=BirthdayRules(LeapDayPolicy.MAR_1)), "plan.leap_day_policy"),
        (a_plan(holdout=Holdout(0, "other")), "plan.holdout.salt"),
    ],
)
def test_a_started_campaign_keeps_what_makes_members_due_and_who_is_held_out(plan: CampaignPlan, field: str) -> None:
    with pytest.raises(InvalidField) as refusal:
        running().revise(plan, name="B", by="anna", now=NOON)
    assert refusal.value.field == field


def test_a_recurring_campaign_may_end_on_another_day() -> None:
    trigger = TRIGGERS["recurring"]
    assert isinstance(trigger, RecurringTrigger)
    longer = a_plan(trigger=replace(trigger, last_date=date(2030, 1, 1)))
    campaign = running(a_plan(trigger=trigger)).revise(longer, name="B", by="anna", now=NOON)
    assert campaign.revision
    assert campaign.revision.plan == longer


def test_a_finished_campaign_says_so_and_gives_up_its_revision() -> None:
    campaign = running().revise(a_plan(), name="B", by="anna", now=NOON)
    over = campaign.move(CampaignVerb.FINISH, by="bert", now=LATER)
    assert (over.state, over.finished_at, over.revision) == (CampaignState.FINISHED, LATER, None)
    assert over.events == (CampaignFinished(campaign_id="cmp_1", occurred_time=LATER),)


def test_it_is_on_record_who_asked_who_approved_and_what_was_said() -> None:
    campaign = a_draft().move(CampaignVerb.SUBMIT, by="anna", now=NOON)
    sent_back = campaign.move(CampaignVerb.REJECT, by="bert", now=LATER, comment="请写得短一点")
    said = [(note.by, note.verb, note.text, note.version) for note in sent_back.notes]
    assert said == [("anna", "submit", "", 1), ("bert", "reject", "请写得短一点", 1)]


def test_of_a_draft_that_was_never_approved_everything_is_new() -> None:
    found = changes_of(a_draft())
    assert (found.from_version, found.to_version) == (0, 1)
    assert Change("send_at", "", "09:00") in found.changes
    assert Change("templates[en,email].body", "", "Dear {{ member.name }}") in found.changes
    assert {change.before for change in found.changes} == {""}


def test_the_changes_since_the_last_approval_are_told_field_by_field() -> None:
    shorter = replace(ENGLISH, body="Hi")
    plan = a_plan(send_at="10:00", templates=(CHINESE, shorter), holdout=Holdout(500))
    campaign = running().revise(plan, name="B", by="anna", now=NOON)
    found = changes_of(campaign)
    assert (found.from_version, found.to_version) == (1, 2)
    assert found.changes == (
        Change("send_at", "09:00", "10:00"),
        Change("templates[en,email].body", "Dear {{ member.name }}", "Hi"),
        Change("holdout.basis_points", "0", "500"),
    )


def test_two_approved_versions_are_compared_and_a_version_that_is_not_there_is_refused() -> None:
    campaign = edited(edited(running(), a_plan(send_at="10:00")), a_plan(send_at="11:00"))
    assert changes_of(campaign).changes == (Change("send_at", "10:00", "11:00"),)
    assert changes_of(campaign, from_version=1, to_version=3).changes == (Change("send_at", "09:00", "11:00"),)
    for numbers in ({"to_version": 9}, {"from_version": 9}):
        with pytest.raises(NotFound) as refusal:
            changes_of(campaign, **numbers)
        assert refusal.value.code == "CAMPAIGN_VERSION_NOT_FOUND"


def test_the_one_day_of_a_campaign_may_not_be_moved_once_it_was_started() -> None:
    moved = a_plan(trigger=OneOffTrigger(date(2027, 1, 1)))
    with pytest.raises(InvalidField):
        running(a_plan(trigger=TRIGGERS["one_off"])).revise(moved, name="B", by="anna", now=NOON)
