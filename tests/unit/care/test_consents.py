"""Which word on consent may take the place of which."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.care.domain.channels import Channel, Purpose
from services.care.domain.members import consents
from services.care.domain.members.consents import ConsentSource, ConsentWord
from services.care.domain.members.details import MemberDetails
from services.care.domain.members.member import Member
from services.chassis.errors import DomainError, InvalidField

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
BEFORE, LATER = NOON - timedelta(days=1), NOON + timedelta(days=1)
PERSON, STAFF, IMPORT, MIGRATED = ConsentSource
MEMBER = "mem_01J9Z3N5XK8QJ7V2M4T6R8W0YA"


def a_word(granted: bool, source: ConsentSource, *, time: datetime | None = None, **fields: Any) -> ConsentWord:
    told: dict[str, Any] = {"channel": Channel.EMAIL, "purpose": Purpose.CARE} | fields
    return ConsentWord(granted=granted, source=source, time=time, **told)


def recorded(granted: bool, source: ConsentSource) -> consents.Consent:
    return consents.replaced(MEMBER, (), word=a_word(granted, source, time=NOON), now=NOON)[1]


@pytest.mark.parametrize(
    ("granted", "source", "word", "refused"),
    [
        (True, STAFF, a_word(False, PERSON, time=LATER), ""),
        (False, STAFF, a_word(True, STAFF, time=LATER), ""),
        (False, PERSON, a_word(True, PERSON, time=LATER), ""),
        (False, PERSON, a_word(True, STAFF, time=LATER), "CONSENT_WITHDRAWN_BY_PERSON"),
        (False, PERSON, a_word(True, IMPORT, time=LATER), "CONSENT_WITHDRAWN_BY_PERSON"),
        (False, PERSON, a_word(False, STAFF, time=LATER), ""),
        (True, STAFF, a_word(False, STAFF, time=BEFORE), "CONSENT_OUTDATED"),
        (False, STAFF, a_word(True, IMPORT, time=BEFORE), "CONSENT_OUTDATED"),
        (False, PERSON, a_word(True, PERSON, time=BEFORE), "CONSENT_OUTDATED"),
        (False, STAFF, a_word(True, STAFF, time=NOON), "CONSENT_OUTDATED"),
        (True, STAFF, a_word(False, STAFF, time=NOON), ""),
        (False, IMPORT, a_word(True, IMPORT), ""),
        (True, MIGRATED, a_word(False, IMPORT), ""),
        (False, STAFF, a_word(True, IMPORT), "CONSENT_OUTDATED"),
        (True, STAFF, a_word(False, IMPORT), ""),
        (True, PERSON, a_word(False, IMPORT), "CONSENT_OUTDATED"),
        (False, PERSON, a_word(True, IMPORT), "CONSENT_OUTDATED"),
    ],
)
def test_newer_wins_but_only_the_person_takes_back_what_the_person_withdrew(
    granted: bool,
    source: ConsentSource,
    word: ConsentWord,
    refused: str,
) -> None:
    wrong = consents.objection(recorded(granted, source), word, now=LATER)
    assert (wrong.code if wrong else "") == refused


def test_what_was_never_asked_is_not_allowed_and_the_first_word_is_taken() -> None:
    member = Member.register(MEMBER, MemberDetails(name="王"), now=NOON)
    assert (member.consents, member.consent_facts, member.email_consent) == ({}, (), False)
    told = member.hear(a_word(True, IMPORT, time=BEFORE, channel=Channel.SMS, purpose=Purpose.MARKETING), now=NOON)
    assert told.consents == {"sms": {"marketing": True}}
    (fact,) = told.consent_facts
    assert (fact.time, fact.recorded_time, fact.source) == (BEFORE, NOON, IMPORT)


@pytest.mark.parametrize(
    ("word", "field"),
    [(a_word(True, PERSON, purpose=Purpose.SERVICE), "purpose"), (a_word(True, PERSON, time=LATER), "time")],
)
def test_a_word_on_service_or_of_tomorrow_is_refused(word: ConsentWord, field: str) -> None:
    with pytest.raises(InvalidField) as refusal:
        word.checked(NOON)
    assert refusal.value.field == field


WORDS = st.builds(
    a_word,
    st.booleans(),
    st.sampled_from(ConsentSource),
    time=st.none() | st.datetimes(datetime(2026, 1, 1), datetime(2026, 3, 1), timezones=st.just(UTC)),  # noqa: DTZ001  # made aware
    channel=st.sampled_from(Channel),
    purpose=st.sampled_from(consents.ASKED_FOR),
)


@given(words=st.lists(WORDS, max_size=12))
def test_after_any_words_no_withdrawal_of_the_person_is_undone_by_others_and_the_summary_is_the_facts(
    words: list[ConsentWord],
) -> None:
    member = Member.register(MEMBER, MemberDetails(name="王"), now=NOON)
    closed: set[tuple[Channel, Purpose]] = set()
    for minute, word in enumerate(words):
        place = (word.channel, word.purpose)
        try:
            member = member.hear(word, now=NOON + timedelta(minutes=minute))
        except DomainError:
            continue
        if word.source is PERSON:
            (closed.discard if word.granted else closed.add)(place)
        elif not word.granted:
            closed.discard(place)  # now it is somebody else's withdrawal
    for channel, purpose in closed:
        assert member.consents[channel][purpose] is False
    assert member.consents == consents.summary(member.consent_facts)
    places = [(fact.channel, fact.purpose) for fact in member.consent_facts]
    assert len(places) == len(set(places))
