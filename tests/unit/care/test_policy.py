from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from services.care.domain.campaigns.campaign import Campaign, CampaignState
from services.care.domain.campaigns.explanation import _WORDS, Explanation
from services.care.domain.campaigns.words import LiquidWords, TemplateInvalid, WordsFailed
from services.care.domain.language import Language
from services.care.domain.sending.message import Rendered
from services.care.domain.sending.policy import reason_to_skip
from services.care.domain.sending.reasons import Reason
from services.care.domain.sending.recipient import Recipient
from services.care.domain.sending.touch import Touch, message_id, touch_id
from services.chassis.codec import Codec
from tests.unit.care.test_campaign import CHINESE, ENGLISH, a_campaign, a_plan

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)  # in Shanghai
LI = Recipient(
    "mem_1",
    "Li Na",
    "GENDER_FEMALE",
    Language.EN,
    "Asia/Shanghai",
    "li@example.com",
    1122,
    consents={"email": {"care": True}},
)


def a_touch(**fields: Any) -> Touch:
    defaults: dict[str, Any] = {
        "occurrence": "birthday/2026",
        "channel": "email",
        "date": "2026-11-22",
        "batch_id": "bat_1",
    }
    return Touch(id="tch_1", campaign_id="cmp_1", member_id="mem_1", due_at=NOON, updated_at=NOON, **defaults | fields)


def running(**plan: Any) -> Campaign:
    return replace(a_campaign(CampaignState.RUNNING), plan=a_plan(**plan))


@pytest.mark.parametrize(
    ("recipient", "touch", "state", "expected"),
    [
        (LI, a_touch(), CampaignState.RUNNING, None),
        (LI, a_touch(), CampaignState.ARCHIVED, Reason.CAMPAIGN_ARCHIVED),
        (None, a_touch(), CampaignState.RUNNING, Reason.MEMBER_GONE),
        (replace(LI, do_not_contact=True), a_touch(), CampaignState.RUNNING, Reason.DO_NOT_CONTACT),
        (replace(LI, email=""), a_touch(), CampaignState.RUNNING, Reason.NO_EMAIL_ADDRESS),
        (replace(LI, consents={}), a_touch(), CampaignState.RUNNING, Reason.NO_EMAIL_CONSENT),
        (replace(LI, time_zone=""), a_touch(), CampaignState.RUNNING, Reason.UNKNOWN_TIME_ZONE),
        (replace(LI, birthday_key=1123), a_touch(), CampaignState.RUNNING, Reason.BIRTHDAY_CHANGED),
        (replace(LI, birthday_key=None), a_touch(), CampaignState.RUNNING, Reason.BIRTHDAY_CHANGED),
        (replace(LI, birthday_key=1119), a_touch(date="2026-11-19"), CampaignState.RUNNING, None),
        (replace(LI, birthday_key=1118), a_touch(date="2026-11-18"), CampaignState.RUNNING, Reason.TOO_LATE),
    ],
)
def test_the_policy_at_the_moment_of_send(
    recipient: Recipient | None, touch: Touch, state: CampaignState, expected: Reason | None
) -> None:
    assert reason_to_skip(touch, replace(running(), state=state), recipient=recipient, now=NOON) is expected


def test_a_touch_has_one_id_however_often_it_is_planned() -> None:
    first = touch_id("cmp_1", "mem_1", occurrence="birthday/2026")
    assert first == touch_id("cmp_1", "mem_1", occurrence="birthday/2026")
    others = [
        touch_id("cmp_2", "mem_1", occurrence="birthday/2026"),
        touch_id("cmp_1", "mem_2", occurrence="birthday/2026"),
        touch_id("cmp_1", "mem_1", occurrence="birthday/2027"),
        touch_id("cmp_1", "mem_1", occurrence="birthday/2026", step="reminder"),
        touch_id("cmp_1", "mem_1", occurrence="birthday/2026", channel="sms"),
    ]
    assert len({first, *others}) == 6


def test_each_handover_has_its_own_message_id() -> None:
    assert message_id("tch_1", 2, domain="example.com") == "<tch_1.2@example.com>"


def test_words_are_in_the_language_of_the_member() -> None:
    assert LiquidWords().render(running(), LI, touch=a_touch()) == Rendered("Happy birthday", "Dear Li Na")
    chinese = replace(LI, name="李娜", language=Language.ZH_HANS)
    assert LiquidWords().render(running(), chinese, touch=a_touch()) == Rendered("生日快乐", "亲爱的李娜")


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("Dear {{ member.nmae }}", "member.nmae"),
        ("{% if %}", "no Liquid template"),
        ("{{ member.name | shout }}", "no Liquid template"),
        ("{% for i in (1..100000) %}x{% endfor %}", "no Liquid template"),
    ],
)
def test_a_template_that_would_fail_is_refused_before_anybody_approves_it(body: str, told: str) -> None:
    with pytest.raises(TemplateInvalid) as refusal:
        LiquidWords().check(running(templates=(replace(ENGLISH, body=body), CHINESE)))
    assert told in refusal.value.message
    assert refusal.value.field == "plan.templates[0].body"


def test_a_template_that_fails_for_one_member_fails_for_that_member_alone() -> None:
    endless = "{% if member.name == 'Li Na' %}{% for i in (1..100000) %}x{% endfor %}{% endif %}"
    campaign = running(templates=(replace(ENGLISH, body=endless), CHINESE))
    with pytest.raises(WordsFailed):
        LiquidWords().render(campaign, LI, touch=a_touch())
    assert LiquidWords().render(campaign, replace(LI, name="Bo"), touch=a_touch()) == Rendered("Happy birthday", "")


def test_every_reason_is_explained_in_both_languages() -> None:
    for reason in Reason:
        explained = Explanation(reason)
        assert explained.english
        assert explained.chinese
    assert all(english != chinese for english, chinese in _WORDS.values())


def test_a_touch_that_was_stored_before_there_were_channels_is_read_as_a_greeting_by_e_mail() -> None:
    codec = Codec(Touch)
    whole = codec.to_document(a_touch())
    first_kept = (
        "_id",
        "campaign_id",
        "member_id",
        "occurrence",
        "channel",
        "date",
        "due_at",
        "batch_id",
        "updated_at",
    )
    assert codec.to_aggregate({field: whole[field] for field in first_kept}) == a_touch()
