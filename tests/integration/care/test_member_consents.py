"""Consent by channel and purpose: recorded with source and proof, never overridden by an older word."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pymongo.database import Database

from membercare.care.v1 import care_service_pb2 as care
from membercare.care.v1 import channel_pb2, member_pb2
from membercare.care.v1 import members_service_pb2 as pb
from membercare.care.v1.care_service_pb2_grpc import CareServiceStub
from membercare.care.v1.members_service_pb2_grpc import MembersServiceStub
from services.chassis.errors import Kind
from services.chassis.timestamps import to_timestamp
from tests.integration.calling import Calling, refused
from tests.integration.care.people import LINKS, NOBODY, TOUCH, a_word, allowed, read, registered, token_of

YESTERDAY = datetime.now(UTC) - timedelta(days=1)
TOMORROW = datetime.now(UTC) + timedelta(days=1)


@pytest.fixture
def ops(calling: Calling) -> CareServiceStub:
    return calling.as_role(CareServiceStub, "ops")


@pytest.fixture
def people(calling: Calling) -> MembersServiceStub:
    return calling.as_role(MembersServiceStub, "ops")


@pytest.fixture
def reader(calling: Calling) -> MembersServiceStub:
    """Whoever holds a link."""
    return calling.as_role(MembersServiceStub, "respondent")


def preference(**fields: Any) -> pb.Preference:
    return pb.Preference(**fields)


def history(stub: MembersServiceStub, member_id: str) -> list[tuple[bool, int, str]]:
    found: list[tuple[bool, int, str]] = []
    token = ""
    while True:
        request = pb.ListConsentsRequest(member_id=member_id, page_size=2, page_token=token)
        page = stub.ListConsents(request)
        found += [(word.granted, word.source, word.proof) for word in page.consents]
        token = page.next_page_token
        if not token:
            return found


def test_a_word_is_recorded_with_source_time_and_proof_and_the_history_keeps_all(
    ops: CareServiceStub, people: MembersServiceStub, database: Database[dict[str, Any]]
) -> None:
    member = registered(ops)
    sms = {"channel": channel_pb2.CHANNEL_SMS, "purpose": channel_pb2.PURPOSE_MARKETING}
    people.RecordConsent(a_word(member.id, True, time=to_timestamp(YESTERDAY), **sms))
    changed = people.RecordConsent(a_word(member.id, False, **sms)).member
    assert (allowed(changed), changed.etag) == ({"SMS/MARKETING": False}, "3")
    (word,) = changed.consents
    assert (word.source, word.recorded_by, word.proof) == (member_pb2.CONSENT_SOURCE_PERSON, "somebody", "")
    person = member_pb2.CONSENT_SOURCE_PERSON
    assert history(people, member.id) == [(False, person, ""), (True, person, "signed form 17")]
    (stored,) = database["members"].find()
    said = [event["type"] for event in stored["outbox"]]
    assert said == ["member_registered", "member_changed", "member_changed", "member_unsubscribed"]
    assert stored["outbox"][-1]["data"]["unsubscriptions"] == [
        {"channel": "CHANNEL_SMS", "purpose": "PURPOSE_MARKETING"}
    ]


def test_a_proof_is_kept_without_the_white_space_around_it(ops: CareServiceStub, people: MembersServiceStub) -> None:
    member = registered(ops)
    people.RecordConsent(a_word(member.id, True, proof="  signed form 17\n"))
    assert history(people, member.id) == [(True, member_pb2.CONSENT_SOURCE_PERSON, "signed form 17")]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"member_id": "cus_1"}, "member_id"),
        ({"channel": 0}, "channel"),
        ({"purpose": 0}, "purpose"),
        ({"purpose": channel_pb2.PURPOSE_SERVICE}, "purpose"),
        ({"source": member_pb2.CONSENT_SOURCE_IMPORT}, "source"),
        ({"proof": ""}, "proof"),
        ({"proof": "x" * 501}, "proof"),
        ({"time": to_timestamp(TOMORROW)}, "time"),
    ],
)
def test_a_wrong_word_is_refused_by_its_field_and_nothing_is_recorded(
    ops: CareServiceStub,
    people: MembersServiceStub,
    database: Database[dict[str, Any]],
    fields: dict[str, Any],
    field: str,
) -> None:
    member = registered(ops)
    request = a_word(member.id, True)
    for name, value in fields.items():
        getattr(request, name).CopyFrom(value) if name == "time" else setattr(request, name, value)
    refusal = refused(people.RecordConsent, request)
    assert (refusal.kind, refusal.field) == (Kind.INVALID, field)
    assert (read(ops, member.id), database["consents"].count_documents({})) == (member, 0)


def test_nobody_but_the_person_opens_what_the_person_closed(ops: CareServiceStub, people: MembersServiceStub) -> None:
    member = registered(ops, email_consent=True)
    people.RecordConsent(a_word(member.id, False))
    by_staff = a_word(member.id, True, source=member_pb2.CONSENT_SOURCE_STAFF)
    assert refused(people.RecordConsent, by_staff).reason == "CONSENT_WITHDRAWN_BY_PERSON"
    older = a_word(member.id, True, time=to_timestamp(YESTERDAY))
    assert refused(people.RecordConsent, older).reason == "CONSENT_OUTDATED"
    patch = care.UpdateMemberRequest(member=member_pb2.Member(id=member.id, email_consent=True))
    patch.update_mask.paths.append("email_consent")
    assert refused(ops.UpdateMember, patch).reason == "CONSENT_WITHDRAWN_BY_PERSON"
    assert allowed(read(ops, member.id)) == {"EMAIL/CARE": False}
    assert allowed(people.RecordConsent(a_word(member.id, True)).member) == {"EMAIL/CARE": True}


def test_a_file_that_says_yes_does_not_override_an_opt_out(ops: CareServiceStub, people: MembersServiceStub) -> None:
    content = "external_ref,name,email_consent\nR1,王,yes\n".encode()
    ops.ImportMembers(care.ImportMembersRequest(content=content))
    (member,) = ops.ListMembers(care.ListMembersRequest()).members
    assert allowed(member) == {"EMAIL/CARE": True}
    people.RecordConsent(a_word(member.id, False))
    report = ops.ImportMembers(care.ImportMembersRequest(content=content))
    assert (report.unchanged, report.failed) == (1, 0)
    assert allowed(read(ops, member.id)) == {"EMAIL/CARE": False}


def test_the_holder_of_a_link_reads_what_is_allowed_and_nothing_of_the_person(
    ops: CareServiceStub, reader: MembersServiceStub
) -> None:
    member = registered(ops, email="wang@example.com", email_consent=True, language=member_pb2.LANGUAGE_EN)
    found = reader.GetPreferences(pb.GetPreferencesRequest(token=token_of(member.id)))
    assert (found.channel, found.purpose, found.language) == (1, 1, member_pb2.LANGUAGE_EN)
    assert [(each.channel, each.purpose) for each in found.preferences if each.granted] == [(1, 1)]
    assert len(found.preferences) == 10
    assert "wang" not in str(found)
    assert read(ops, member.id) == member


def test_the_holder_of_a_link_unsubscribes_at_once_and_a_repeat_changes_nothing(
    ops: CareServiceStub, people: MembersServiceStub, reader: MembersServiceStub
) -> None:
    member = registered(ops, email_consent=True)
    request = pb.ChangePreferencesRequest(
        token=token_of(member.id), preferences=[preference(channel=1, purpose=1, granted=False)]
    )
    first = reader.ChangePreferences(request)
    after = read(ops, member.id)
    assert reader.ChangePreferences(request) == first
    assert read(ops, member.id) == after
    (word,) = after.consents
    assert (word.granted, word.touch_id, word.recorded_by) == (False, TOUCH, "")
    assert len(history(people, member.id)) == 2


def test_unsubscribing_from_all_closes_every_channel_also_those_never_asked_about(
    ops: CareServiceStub, reader: MembersServiceStub
) -> None:
    member = registered(ops, email_consent=True)
    reader.ChangePreferences(pb.ChangePreferencesRequest(token=token_of(member.id), unsubscribe_from_all=True))
    words = allowed(read(ops, member.id))
    assert (len(words), set(words.values())) == (10, {False})


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"preferences": [preference(channel=1, purpose=1)], "unsubscribe_from_all": True}, "INVALID_FIELD"),
        ({}, "INVALID_FIELD"),
        ({"preferences": [preference(channel=1, purpose=3)]}, "INVALID_FIELD"),
        ({"preferences": [preference(channel=5, purpose=1)]}, "INVALID_FIELD"),
        ({"preferences": [preference(purpose=1)]}, "INVALID_FIELD"),
        ({"token": "x", "unsubscribe_from_all": True}, "LINK_INVALID"),
        ({"token": token_of(NOBODY), "unsubscribe_from_all": True}, "LINK_INVALID"),
    ],
)
def test_wrong_preferences_are_refused_and_nothing_changes(
    ops: CareServiceStub, reader: MembersServiceStub, fields: dict[str, Any], reason: str
) -> None:
    member = registered(ops, email_consent=True)
    request = pb.ChangePreferencesRequest(**{"token": token_of(member.id)} | fields)
    assert refused(reader.ChangePreferences, request).reason == reason
    assert read(ops, member.id) == member


def test_a_link_is_no_way_in_for_other_calls_and_staff_need_no_link(
    calling: Calling, ops: CareServiceStub, people: MembersServiceStub, reader: MembersServiceStub
) -> None:
    member = registered(ops)
    assert refused(reader.ListConsents, pb.ListConsentsRequest(member_id=member.id)).reason == "FORBIDDEN"
    outside = calling.as_role(CareServiceStub, "respondent")
    assert refused(outside.GetMember, care.GetMemberRequest(member_id=member.id)).reason == "FORBIDDEN"
    assert refused(people.GetPreferences, pb.GetPreferencesRequest(token=LINKS.public_url)).reason == "FORBIDDEN"


def test_who_sees_members_masked_sees_words_without_proof(
    calling: Calling, ops: CareServiceStub, people: MembersServiceStub
) -> None:
    member = registered(ops)
    people.RecordConsent(a_word(member.id, True))
    auditor = calling.as_role(MembersServiceStub, "auditor")
    (word,) = auditor.ListConsents(pb.ListConsentsRequest(member_id=member.id)).consents
    assert (word.granted, word.proof, word.recorded_by) == (True, "", "")
