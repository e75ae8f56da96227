from dataclasses import replace
from datetime import UTC, datetime
from itertools import product
from typing import Any

import pytest

from services.care.domain.calendars.birthday_rules import (
    BirthdayRules,
    LeapDayPolicy,
    LeapMonthPolicy,
    LunarDay30Policy,
)
from services.care.domain.campaigns.campaign import (
    TRANSITIONS,
    Campaign,
    CampaignState,
    CampaignTransitionRefused,
    CampaignVerb,
)
from services.care.domain.campaigns.plan import CampaignPlan, MessageTemplate
from services.care.domain.campaigns.versions import ApproverIsAuthor
from services.care.domain.language import Language
from services.chassis.errors import InvalidField

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
RULES = BirthdayRules(LeapDayPolicy.FEB_28, LeapMonthPolicy.REGULAR_MONTH, LunarDay30Policy.DAY_29)
ENGLISH = MessageTemplate(Language.EN, "Happy birthday", "Dear {{ member.name }}")
CHINESE = MessageTemplate(Language.ZH_HANS, "生日快乐", "亲爱的{{ member.name }}")

ALLOWED = {
    ("submit", "DRAFT"): "IN_REVIEW",
    ("approve", "IN_REVIEW"): "APPROVED",
    ("reject", "IN_REVIEW"): "DRAFT",
    ("start", "APPROVED"): "RUNNING",
    ("pause", "RUNNING"): "PAUSED",
    ("resume", "PAUSED"): "RUNNING",
    ("archive", "DRAFT"): "ARCHIVED",
    ("archive", "IN_REVIEW"): "ARCHIVED",
    ("archive", "APPROVED"): "ARCHIVED",
    ("archive", "RUNNING"): "ARCHIVED",
    ("archive", "PAUSED"): "ARCHIVED",
    ("archive", "FINISHED"): "ARCHIVED",
    ("finish", "RUNNING"): "FINISHED",
    ("finish", "PAUSED"): "FINISHED",
    ("withdraw", "IN_REVIEW"): "DRAFT",
}


def a_plan(**fields: Any) -> CampaignPlan:
    defaults: dict[str, Any] = {"send_at": "09:00", "catch_up_days": 3, "rules": RULES, "templates": (ENGLISH, CHINESE)}
    return CampaignPlan(**defaults | fields)


def a_campaign(state: CampaignState = CampaignState.DRAFT) -> Campaign:
    return Campaign("cmp_1", "Birthdays", a_plan(), "anna", NOON, NOON, state=state)


@pytest.mark.parametrize(("verb", "state"), list(product(CampaignVerb, CampaignState)))
def test_a_campaign_moves_only_as_the_table_says(verb: CampaignVerb, state: CampaignState) -> None:
    target = ALLOWED.get((verb.value, state.name))
    if target is None:
        with pytest.raises(CampaignTransitionRefused):
            a_campaign(state).move(verb, by="bert", now=NOON)
    else:
        assert a_campaign(state).move(verb, by="bert", now=NOON).state is CampaignState[target]


def test_every_verb_has_its_line_in_the_table() -> None:
    assert set(TRANSITIONS) == set(CampaignVerb)


def test_the_author_cannot_approve() -> None:
    with pytest.raises(ApproverIsAuthor):
        a_campaign(CampaignState.IN_REVIEW).move(CampaignVerb.APPROVE, by="anna", now=NOON)


def test_the_approver_is_on_record() -> None:
    approved = a_campaign(CampaignState.IN_REVIEW).move(CampaignVerb.APPROVE, by="bert", now=NOON)
    assert approved.approver == "bert"


def test_a_resumed_campaign_keeps_the_moment_it_started() -> None:
    paused = replace(a_campaign(CampaignState.PAUSED), started_at=NOON)
    later = datetime(2026, 12, 24, tzinfo=UTC)
    assert paused.move(CampaignVerb.RESUME, by="bert", now=later).started_at == NOON


@pytest.mark.parametrize("send_at", ["", "9:00", "24:00", "09:60", "09:00:00", "noon"])
def test_a_wall_time_that_is_none_is_refused(send_at: str) -> None:
    with pytest.raises(InvalidField) as refusal:
        a_plan(send_at=send_at).checked()
    assert refusal.value.field == "plan.send_at"


@pytest.mark.parametrize("days", [-1, 31])
def test_a_catch_up_out_of_range_is_refused(days: int) -> None:
    with pytest.raises(InvalidField) as refusal:
        a_plan(catch_up_days=days).checked()
    assert refusal.value.field == "plan.catch_up_days"


@pytest.mark.parametrize("templates", [(), (ENGLISH,), (ENGLISH, ENGLISH), (ENGLISH, CHINESE, ENGLISH)])
def test_a_plan_needs_each_language_once(templates: tuple[MessageTemplate, ...]) -> None:
    with pytest.raises(InvalidField) as refusal:
        a_plan(templates=templates).checked()
    assert refusal.value.field == "plan.templates"


def test_a_subject_of_two_lines_is_refused() -> None:
    broken = replace(ENGLISH, subject="Happy\nbirthday")
    with pytest.raises(InvalidField) as refusal:
        a_plan(templates=(broken, CHINESE)).checked()
    assert refusal.value.field == "plan.templates[0].subject"
