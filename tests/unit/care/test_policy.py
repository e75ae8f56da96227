from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.care.domain.campaigns.campaign import Campaign, CampaignState
from services.care.domain.campaigns.explanation import _WORDS, Explanation
from services.care.domain.campaigns.words import LiquidWords
from services.care.domain.channels import Purpose
from services.care.domain.language import Language
from services.care.domain.sending.holdout import in_holdout
from services.care.domain.sending.message import Rendered
from services.care.domain.sending.policy import Circumstances, judge
from services.care.domain.sending.reasons import Reason
from services.care.domain.sending.recipient import Recipient
from services.care.domain.sending.settings import SendingSettings
from services.care.domain.sending.terms import terms_of
from services.care.domain.sending.touch import Touch, message_id, touch_id
from services.care.domain.sending.verdict import SEND_NOW, HoldUntil, Skip, Verdict
from services.care.domain.templates.liquid_engine import WordsFailed
from services.care.domain.templates.words_errors import TemplateInvalid
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


HAD = ("cmp_1", "birthday/2026", "greeting")


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


def judged(
    touch: Touch | None = None,
    *,
    recipient: Recipient | None = LI,
    state: CampaignState = CampaignState.RUNNING,
    now: datetime = NOON,
    around: dict[str, Any] | None = None,
    **terms: Any,
) -> Verdict:
    campaign = replace(running(), state=state)
    told = replace(terms_of(campaign), **terms)
    circumstances = Circumstances(now=now, **around or {})
    return judge(touch or a_touch(), campaign, terms=told, recipient=recipient, around=circumstances)


@pytest.mark.parametrize(
    ("recipient", "touch", "state", "expected"),
    [
        (LI, a_touch(), CampaignState.RUNNING, None),
        (LI, a_touch(), CampaignState.ARCHIVED, Reason.CAMPAIGN_ARCHIVED),
        (None, a_touch(), CampaignState.RUNNING, Reason.MEMBER_GONE),
        (replace(LI, do_not_contact=True), a_touch(), CampaignState.RUNNING, Reason.DO_NOT_CONTACT),
        (replace(LI, had=frozenset({HAD})), a_touch(), CampaignState.RUNNING, Reason.ALREADY_GREETED),
        (replace(LI, had=frozenset({HAD})), a_touch(channel="sms"), CampaignState.RUNNING, Reason.ALREADY_GREETED),
        (replace(LI, had=frozenset({HAD})), a_touch(occurrence="2027"), CampaignState.RUNNING, None),
        (replace(LI, had=frozenset({HAD})), a_touch(step="later"), CampaignState.RUNNING, None),
        (replace(LI, email=""), a_touch(), CampaignState.RUNNING, Reason.NO_EMAIL_ADDRESS),
        (replace(LI, consents={}), a_touch(), CampaignState.RUNNING, Reason.NO_EMAIL_CONSENT),
        (replace(LI, suppressed={"email": "bounced"}), a_touch(), CampaignState.RUNNING, Reason.ADDRESS_SUPPRESSED),
        (LI, a_touch(channel="sms"), CampaignState.RUNNING, Reason.NO_ADDRESS),
        (replace(LI, phone="+8613800138000"), a_touch(channel="sms"), CampaignState.RUNNING, Reason.NO_CONSENT),
        (replace(LI, time_zone=""), a_touch(), CampaignState.RUNNING, Reason.UNKNOWN_TIME_ZONE),
        (replace(LI, time_zone="Mars/Olympus"), a_touch(), CampaignState.RUNNING, Reason.UNKNOWN_TIME_ZONE),
        (replace(LI, birthday_key=1123), a_touch(), CampaignState.RUNNING, Reason.BIRTHDAY_CHANGED),
        (replace(LI, birthday_key=None), a_touch(), CampaignState.RUNNING, Reason.BIRTHDAY_CHANGED),
        (replace(LI, birthday_key=1119), a_touch(date="2026-11-19"), CampaignState.RUNNING, None),
        (replace(LI, birthday_key=1118), a_touch(date="2026-11-18"), CampaignState.RUNNING, Reason.TOO_LATE),
        (replace(LI, complaints=("cas_1",)), a_touch(), CampaignState.RUNNING, Reason.COMPLAINT_OPEN),
        (replace(LI, cheerless_until="2026-11-22"), a_touch(), CampaignState.RUNNING, Reason.NO_CHEERFUL_MESSAGES),
        (replace(LI, cheerless_until="2026-11-21"), a_touch(), CampaignState.RUNNING, None),
    ],
)
def test_the_policy_at_the_moment_of_send(
    recipient: Recipient | None, touch: Touch, state: CampaignState, expected: Reason | None
) -> None:
    assert judged(touch, recipient=recipient, state=state) == (Skip(expected) if expected else SEND_NOW)


def test_a_sober_message_reaches_those_who_complain_or_mourn() -> None:
    li = replace(LI, complaints=("cas_1",), cheerless_until="2027-01-01")
    assert judged(recipient=li, cheerful=False) == SEND_NOW


def test_service_needs_no_consent_and_still_respects_do_not_contact() -> None:
    touch = a_touch(purpose=Purpose.SERVICE)
    assert judged(touch, recipient=replace(LI, consents={})) == SEND_NOW
    assert judged(touch, recipient=replace(LI, do_not_contact=True)) == Skip(Reason.DO_NOT_CONTACT)


def test_consent_to_care_is_no_consent_to_marketing() -> None:
    assert judged(a_touch(purpose=Purpose.MARKETING)) == Skip(Reason.NO_EMAIL_CONSENT)


@pytest.mark.parametrize(
    ("contracts", "expected"),
    [
        ((), SEND_NOW),
        (({"id": "con_1", "state": "active", "end_date": "2026-12-31"},), SEND_NOW),
        (({"id": "con_2", "state": "active", "end_date": "2026-12-31"},), Skip(Reason.RENEWAL_WON)),
        (({"id": "con_1", "state": "active", "end_date": "2027-12-31"},), Skip(Reason.RENEWAL_WON)),
        (({"id": "con_1", "state": "suspended", "end_date": "2026-12-31"},), SEND_NOW),
        (({"id": "con_1", "state": "expired", "end_date": "2026-12-31"},), Skip(Reason.RENEWAL_LOST)),
        (({"id": "con_1", "state": "terminated", "end_date": "2026-11-30"},), Skip(Reason.RENEWAL_LOST)),
    ],
)
def test_a_reminder_leaves_only_while_its_contract_ends_on_the_day_it_names(
    contracts: tuple[Any, ...], expected: Verdict
) -> None:
    touch = a_touch(occurrence="contract_end/con_1/2026-12-31")
    assert judged(touch, recipient=replace(LI, contracts=contracts), about_renewal=True) == expected


@pytest.mark.parametrize("state", ["active", "suspended", "expired", "terminated"])
@pytest.mark.parametrize(
    ("renewal", "reason"), [("won", Reason.RENEWAL_WON), ("lost", Reason.RENEWAL_LOST)], ids=["won", "lost"]
)
def test_a_settled_renewal_is_asked_for_no_more_wherever_the_contract_stands(
    state: str, renewal: str, reason: Reason
) -> None:
    """One that another contract won ends like one that was lost."""
    contract = {"id": "con_1", "state": state, "end_date": "2026-12-31", "renewal": renewal}
    touch = a_touch(occurrence="contract_end/con_1/2026-12-31")
    assert judged(touch, recipient=replace(LI, contracts=(contract,)), about_renewal=True) == Skip(reason)


def test_a_renewal_of_another_contract_or_an_earlier_term_keeps_no_reminder_back() -> None:
    contracts = (
        {"id": "con_1", "state": "active", "end_date": "2026-12-31", "renewal": None},
        {"id": "con_2", "state": "active", "end_date": "2026-12-31", "renewal": "lost"},
    )
    touch = a_touch(occurrence="contract_end/con_1/2026-12-31")
    assert judged(touch, recipient=replace(LI, contracts=contracts), about_renewal=True) == SEND_NOW


def test_an_emergency_stop_holds_everything_and_skips_nothing() -> None:
    settings = SendingSettings().stopped("wrong words", by="ops", now=NOON)
    held = judged(around={"settings": settings})
    assert held == HoldUntil(NOON + timedelta(minutes=1), Reason.SENDING_STOPPED)
    assert judged(around={"settings": settings.resumed(by="ops", now=NOON)}) == SEND_NOW


def test_a_control_group_is_drawn_once_and_about_as_large_as_asked() -> None:
    members = [f"mem_{number}" for number in range(10_000)]
    held_out = [each for each in members if in_holdout(each, draw="cmp_1", basis_points=1_000)]
    assert 900 < len(held_out) < 1_100
    assert held_out == [each for each in members if in_holdout(each, draw="cmp_1", basis_points=1_000)]
    assert set(held_out) <= {each for each in members if in_holdout(each, draw="cmp_1", basis_points=2_000)}
    assert set(held_out) != {each for each in members if in_holdout(each, draw="cmp_2", basis_points=1_000)}
    assert not [each for each in members if in_holdout(each, draw="cmp_1", basis_points=0)]


def test_a_control_member_is_skipped_even_where_service_is_meant() -> None:
    assert judged(held_out=10_000) == Skip(Reason.HOLDOUT)
    assert judged(a_touch(purpose=Purpose.SERVICE, step="by_hand"), held_out=10_000) == Skip(Reason.HOLDOUT)


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
