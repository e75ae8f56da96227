"""A consent that is asked for counts once the person has confirmed it, and no old link brings back what was ended."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.care.domain.campaigns.confirmation import built_in_confirmation
from services.care.domain.channels import Channel, Purpose
from services.care.domain.language import Language
from services.care.domain.members.asking import CONFIRMED_BY, OPEN_FOR, purpose_asked_for
from services.care.domain.members.confirmations import (
    ConfirmationEnded,
    ConfirmationRule,
    LinksNotSetUp,
    MemberNotReachable,
    asked_by,
    asking_messages,
    confirmed,
    require_reachable,
)
from services.care.domain.members.consents import ConsentSource, ConsentWord
from services.care.domain.members.details import MemberDetails
from services.care.domain.members.erasure import erase
from services.care.domain.members.links import Link
from services.care.domain.members.member import Member
from services.care.domain.members.merging import merge
from services.care.domain.sending.channel_choice import unreachable
from services.care.domain.sending.reasons import Reason
from services.care.domain.sending.recipient import Recipient
from services.care.domain.templates.lint import WordsText, findings
from services.chassis.errors import DomainError, InvalidField
from tests.unit.care.asking import (
    IMPORT,
    MEMBER,
    NOON,
    OTHER,
    PERSON,
    STAFF,
    a_member,
    a_word,
    an_ask,
    asked,
    fact_of,
    link_of,
)

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def refusal(member: Member, word: ConsentWord, *, at: datetime = NOON + MINUTE) -> str:
    with pytest.raises(DomainError) as refused:
        member.hear(word, now=at)
    return refused.value.code


def test_what_is_asked_for_is_pending_and_allows_nothing() -> None:
    member = asked()
    fact = fact_of(member)
    assert (fact.granted, fact.pending, fact.withdrawn) == (False, True, False)
    assert (member.consents, member.unasked) == ({"email": {"marketing": False}}, True)
    assert member.unconfirmed == {"email": {"marketing": fact.asked_touch_id}}
    (message,) = asking_messages(member)
    assert (message.id, message.channel, message.purpose) == (fact.asked_touch_id, "email", Purpose.SERVICE)
    assert purpose_asked_for(message.occurrence) is Purpose.MARKETING


@pytest.mark.parametrize("source", [PERSON, STAFF])
def test_nobody_hears_of_an_unsubscription_when_somebody_is_asked(source: ConsentSource) -> None:
    member = asked(source=source)
    assert [event.type for event in member.events] == ["member_changed"]  # type: ignore[attr-defined]


def test_asking_again_within_a_day_changes_nothing_and_later_asks_by_another_message() -> None:
    member = asked()
    assert asked(member, at=NOON + DAY - MINUTE) is member
    again = asked(member, at=NOON + DAY)
    assert fact_of(again).asked_touch_id != fact_of(member).asked_touch_id
    with pytest.raises(ConfirmationEnded):
        confirmed(again, link_of(member), now=NOON + DAY)


def test_the_link_grants_what_was_asked_with_its_proof_and_a_repeat_changes_nothing() -> None:
    member = asked()
    link = link_of(member)
    done = confirmed(member, link, now=NOON + MINUTE)
    fact = fact_of(done)
    assert (done.consents, done.unconfirmed) == ({"email": {"marketing": True}}, {})
    assert (fact.source, fact.time, fact.proof, fact.touch_id) == (
        PERSON,
        NOON + MINUTE,
        "confirmed by the link in a message",
        link.touch_id,
    )
    assert confirmed(done, link, now=NOON + 30 * DAY) is done


@pytest.mark.parametrize(("late", "open_"), [(-MINUTE, True), (timedelta(), False)])
def test_a_link_is_open_for_seven_days(late: timedelta, *, open_: bool) -> None:
    member, at = asked(), NOON + OPEN_FOR + late
    if open_:
        assert asked_by(member.consent_facts, link_of(member), now=at).pending
        return
    with pytest.raises(ConfirmationEnded):
        confirmed(member, link_of(member), now=at)


@pytest.mark.parametrize("source", [PERSON, STAFF])
def test_a_withdrawal_after_the_asking_wins_over_the_link(source: ConsentSource) -> None:
    member = asked()
    ended = member.take_over({}, now=NOON + MINUTE, words=[a_word(False, source)])
    assert ended.unconfirmed == {}
    with pytest.raises(ConfirmationEnded):
        confirmed(ended, link_of(member), now=NOON + 2 * MINUTE)


def test_a_link_of_another_message_confirms_nothing() -> None:
    member = asked()
    stranger = replace(link_of(member), touch_id="tch_01JTDB8D40CQS3K9Q8YV1H2T3F")
    with pytest.raises(ConfirmationEnded):
        confirmed(member, stranger, now=NOON)


@pytest.mark.parametrize(
    ("known", "word", "code"),
    [
        (a_word(True), an_ask(), "CONSENT_GRANTED_ALREADY"),
        (a_word(True, PERSON), an_ask(), "CONSENT_GRANTED_ALREADY"),
        (a_word(False, PERSON), an_ask(), "CONSENT_WITHDRAWN_BY_PERSON"),
        (a_word(False, PERSON), an_ask(IMPORT), "CONSENT_OUTDATED"),
        (an_ask(), a_word(True), "CONSENT_AWAITS_CONFIRMATION"),
        (an_ask(IMPORT), a_word(True, IMPORT), "CONSENT_AWAITS_CONFIRMATION"),
        (an_ask(), an_ask(time=NOON - DAY), "CONSENT_OUTDATED"),
    ],
)
def test_what_cannot_be_asked_or_granted_by_others_is_refused(known: ConsentWord, word: ConsentWord, code: str) -> None:
    assert refusal(a_member().hear(known, now=NOON), word, at=NOON + 2 * DAY) == code


@pytest.mark.parametrize("source", [PERSON, STAFF])
def test_a_person_who_asks_anew_may_be_asked_after_a_withdrawal(source: ConsentSource) -> None:
    member = a_member().hear(a_word(False, source), now=NOON)
    assert member.hear(an_ask(PERSON), now=NOON + MINUTE).unconfirmed != {}


def test_a_person_who_says_yes_elsewhere_need_not_confirm() -> None:
    member = asked().hear(a_word(True, PERSON, proof="form 17"), now=NOON + MINUTE)
    assert (member.consents, member.unconfirmed) == ({"email": {"marketing": True}}, {})


@pytest.mark.parametrize("channel", [Channel.CALL, Channel.WECOM, Channel.WECHAT, Channel.WEBHOOK])
def test_only_channels_whose_messages_hold_a_link_can_ask(channel: Channel) -> None:
    with pytest.raises(InvalidField) as wrong:
        an_ask(channel=channel).checked(NOON)
    assert wrong.value.field == "channel"


@pytest.mark.parametrize(
    ("fields", "why"),
    [({"do_not_contact": True}, "DO_NOT_CONTACT"), ({"email": ""}, "NO_ADDRESS"), ({}, "ADDRESS_SUPPRESSED")],
)
def test_who_gets_no_message_cannot_be_asked(fields: dict[str, Any], why: str) -> None:
    member = a_member(**fields)
    if not fields:
        member = member.suppress(Channel.EMAIL, "bounced", now=NOON)
    with pytest.raises(MemberNotReachable) as refused:
        require_reachable(member, Channel.EMAIL)
    assert refused.value.metadata["why"] == why
    require_reachable(member, Channel.SMS) if why != "DO_NOT_CONTACT" else None


@pytest.mark.parametrize(
    ("rule", "word", "granted", "confirm", "pending"),
    [
        (ConfirmationRule(can_ask=True), a_word(True), False, False, False),
        (ConfirmationRule(can_ask=True), a_word(True), False, True, True),
        (ConfirmationRule(can_ask=True), a_word(True), True, True, True),
        (ConfirmationRule(can_ask=True, marketing=True), a_word(True), False, False, True),
        (ConfirmationRule(can_ask=True, marketing=True), a_word(True, PERSON), False, False, True),
        (ConfirmationRule(can_ask=True, marketing=True), a_word(True), True, False, False),
        (ConfirmationRule(can_ask=True, marketing=True), a_word(False), False, False, False),
        (ConfirmationRule(can_ask=True, marketing=True), a_word(True, purpose=Purpose.CARE), False, False, False),
        (ConfirmationRule(can_ask=True, marketing=True), a_word(True, channel=Channel.CALL), False, False, False),
    ],
)
def test_a_grant_waits_where_it_is_wished_or_the_rule(
    rule: ConfirmationRule, word: ConsentWord, *, granted: bool, confirm: bool, pending: bool
) -> None:
    assert rule.applied(word, granted=granted, confirm=confirm).pending is pending


def test_nobody_is_asked_where_messages_carry_no_links() -> None:
    with pytest.raises(LinksNotSetUp):
        ConfirmationRule(can_ask=False).applied(a_word(True), granted=False, confirm=True)


def test_pending_has_a_reason_of_its_own_and_asks_no_consent_for_itself() -> None:
    member = asked()
    reader = Recipient(
        MEMBER, "王", "", Language.EN, "Asia/Shanghai", member.email, None,
        consents=member.consents, unconfirmed=member.unconfirmed,
    )  # fmt: skip
    assert unreachable(reader, Channel.EMAIL, purpose=Purpose.MARKETING) is Reason.CONSENT_PENDING
    assert unreachable(reader, Channel.EMAIL, purpose=Purpose.CARE) is Reason.NO_EMAIL_CONSENT
    assert unreachable(reader, Channel.EMAIL, purpose=Purpose.SERVICE) is None


def test_another_address_is_asked_anew_and_the_link_to_the_old_one_confirms_nothing() -> None:
    member = asked()
    moved = member.change(MemberDetails(name="王", email="li@example.com"), {"email"}, now=NOON + MINUTE)
    assert (moved.unasked, moved.unconfirmed != member.unconfirmed) == (True, True)
    with pytest.raises(ConfirmationEnded):
        confirmed(moved, link_of(member), now=NOON + 2 * MINUTE)
    assert confirmed(moved, link_of(moved), now=NOON + 2 * MINUTE).consents == {"email": {"marketing": True}}
    other = member.change(MemberDetails(name="王", phone=""), {"phone"}, now=NOON + MINUTE)
    assert other.unconfirmed == member.unconfirmed


def test_after_a_merge_the_link_holds_where_the_address_is_the_same() -> None:
    doublet, survivor = asked(), a_member(OTHER)
    _, kept = merge(doublet, survivor, now=NOON + MINUTE)
    done = confirmed(kept, link_of(doublet), now=NOON + 2 * MINUTE)
    assert (done.id, done.consents) == (OTHER, {"email": {"marketing": True}})
    _, elsewhere = merge(doublet, a_member(OTHER, email="li@example.com"), now=NOON + MINUTE)
    assert elsewhere.unasked
    with pytest.raises(ConfirmationEnded):
        confirmed(elsewhere, link_of(doublet), now=NOON + 2 * MINUTE)


@pytest.mark.parametrize(
    ("one", "other", "outcome"),
    [
        (a_word(True), an_ask(), (True, False)),
        (an_ask(), a_word(True), (True, False)),
        (a_word(False, PERSON), an_ask(PERSON), (False, False)),
        (a_word(False), an_ask(), (False, True)),
    ],
)
def test_of_two_members_a_grant_stands_before_what_is_awaited_and_the_persons_no_before_both(
    one: ConsentWord, other: ConsentWord, outcome: tuple[bool, bool]
) -> None:
    doublet, survivor = a_member().hear(one, now=NOON), a_member(OTHER).hear(other, now=NOON + MINUTE)
    fact = fact_of(merge(doublet, survivor, now=NOON + DAY)[1])
    assert (fact.granted, fact.pending) == outcome


def test_who_is_erased_awaits_nothing() -> None:
    gone = erase(asked(), now=NOON)
    assert (gone.unconfirmed, gone.unasked, asking_messages(gone)) == ({}, False, [])


@pytest.mark.parametrize("channel", CONFIRMED_BY)
def test_the_built_in_words_are_without_fault_in_both_languages(channel: Channel) -> None:
    plan = built_in_confirmation(channel, now=NOON).plan
    assert plan.checked() == plan
    words = [WordsText(language=each.language, subject=each.subject, body=each.body) for each in plan.templates]
    assert findings(words, channel, purpose=plan.purpose) == ()


STEPS = st.lists(
    st.tuples(st.sampled_from(["ask", "confirm", "withdraw", "grant"]), st.integers(0, 5), st.integers(1, 3 * 24)),
    max_size=14,
)


@given(steps=STEPS, sources=st.lists(st.sampled_from([PERSON, STAFF]), min_size=14, max_size=14))
def test_whatever_happens_only_the_newest_open_link_grants(
    steps: Sequence[tuple[str, int, int]], sources: Sequence[ConsentSource]
) -> None:
    """Held against a book of its own: which message asks now, since when, and whether it is granted."""
    member, now, links = a_member(), NOON, list[Link]()
    open_link, since, granted = "", NOON, False
    for (what, which, hours), source in zip(steps, sources, strict=False):
        now += timedelta(hours=hours)
        before = member
        if what == "confirm":
            if not links:
                continue
            link = links[which % len(links)]
            with suppress(ConfirmationEnded):
                member = confirmed(member, link, now=now)
            if member is not before:
                assert (link.touch_id, now - since < OPEN_FOR, granted) == (open_link, True, False)
                open_link, granted = "", True
        else:
            word = an_ask(source) if what == "ask" else a_word(what == "grant", source)
            with suppress(DomainError):
                member = member.take_over({}, now=now, words=[word])
            if member is before:
                continue
            fact = fact_of(member)
            open_link, granted, since = fact.asked_touch_id, what == "grant", now
            links += [link_of(member)] if fact.pending else []
        assert member.allows(Channel.EMAIL, Purpose.MARKETING) is granted
