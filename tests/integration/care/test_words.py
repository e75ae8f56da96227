from collections.abc import Callable
from typing import Any

import pytest
from pymongo.database import Database

from membercare.care.v1 import care_service_pb2 as care
from membercare.care.v1 import channel_pb2, member_pb2, words_pb2
from membercare.care.v1 import templates_service_pb2 as pb
from membercare.care.v1.care_service_pb2_grpc import CareServiceStub
from membercare.care.v1.templates_service_pb2_grpc import TemplatesServiceStub as Stub
from services.care.domain.templates.words_errors import WordsNotPublished
from services.care.store.templates.words import MongoWords
from services.chassis.clock import SystemClock
from tests.integration.calling import Calling, refused

EN, ZH = member_pb2.LANGUAGE_EN, member_pb2.LANGUAGE_ZH_HANS
EMAIL, SMS = channel_pb2.CHANNEL_EMAIL, channel_pb2.CHANNEL_SMS
CARE, MARKETING = channel_pb2.PURPOSE_CARE, channel_pb2.PURPOSE_MARKETING
HELLO = words_pb2.WordsText(language=EN, subject="Hi", body="Hello {{ member.name }}")
NIHAO = words_pb2.WordsText(language=ZH, subject="您好", body="您好 {{ member.name }}")
NOBODY = "wrd_01JD0000000000000000000000"


@pytest.fixture
def anna(calling: Calling) -> Stub:
    return calling.as_subject(Stub, "anna", "ops")


@pytest.fixture
def bert(calling: Calling) -> Stub:
    return calling.as_subject(Stub, "bert", "approver")


def some_words(anna: Stub, *texts: words_pb2.WordsText, **fields: Any) -> words_pb2.Words:
    told: dict[str, Any] = {"code": "birthday", "name": "Birthday", "channel": EMAIL, "purpose": CARE} | fields
    return anna.CreateWords(pb.CreateWordsRequest(texts=texts or (HELLO, NIHAO), **told)).words


def published(bert: Stub, words_id: str) -> words_pb2.Words:
    return bert.PublishWords(pb.PublishWordsRequest(words_id=words_id)).words


def a_member(calling: Calling, **fields: Any) -> str:
    member = member_pb2.Member(name="Anna Smith", language=EN, **fields)
    return calling.as_role(CareServiceStub, "ops").CreateMember(care.CreateMemberRequest(member=member)).member.id


def test_words_are_written_by_one_person_and_published_by_another(anna: Stub, bert: Stub, calling: Calling) -> None:
    words = some_words(anna, request_id="r1")
    assert some_words(anna, request_id="r1").id == words.id
    assert (words.state, words.current_number, words.etag) == (words_pb2.WORDS_STATE_DRAFT, 0, "1")
    anna_approves = calling.as_subject(Stub, "anna", "approver")
    publish = pb.PublishWordsRequest(words_id=words.id)
    assert refused(anna_approves.PublishWords, publish).reason == "PUBLISHER_IS_AUTHOR"
    after = published(bert, words.id)
    assert (after.state, after.current_number) == (words_pb2.WORDS_STATE_PUBLISHED, 1)
    assert (after.versions[0].author, after.versions[0].publisher) == ("anna", "bert")
    assert refused(bert.PublishWords, publish).reason == "WORDS_HAVE_NO_DRAFT"


def test_a_revision_leaves_the_published_version_as_it_is(anna: Stub, bert: Stub) -> None:
    words = published(bert, some_words(anna).id)
    revise = pb.ReviseWordsRequest(words_id=words.id, texts=[HELLO], etag=words.etag)
    after = anna.ReviseWords(revise).words
    assert [(each.number, len(each.texts)) for each in after.versions] == [(1, 2), (2, 1)]
    assert after.current_number == 1
    assert refused(anna.ReviseWords, revise).reason == "STALE_VERSION"
    taken, version = MongoWords(SystemClock()).published(words.id)
    assert (taken.code, version.number) == ("birthday", 1)


def test_words_with_an_error_are_kept_as_a_draft_that_says_what_is_wrong(anna: Stub, bert: Stub) -> None:
    hole = words_pb2.WordsText(language=EN, subject="Hi", body="Hi {{ member.gender }} {{ member.attributes.car }}")
    words = some_words(anna, hole, purpose=MARKETING)
    found = [(each.severity, each.code, each.part) for each in words.versions[0].findings]
    assert found == [
        (words_pb2.FINDING_SEVERITY_ERROR, "NO_FALLBACK", "body"),
        (words_pb2.FINDING_SEVERITY_ERROR, "NO_FALLBACK", "body"),
        (words_pb2.FINDING_SEVERITY_WARNING, "LANGUAGE_MISSING", ""),
    ]
    assert words.versions[0].findings[0].text_en.startswith("It prints member.attributes.car, which can be empty.")
    assert words.versions[0].findings[0].text_zh.startswith("member.attributes.car 可能为空")
    refusal = refused(bert.PublishWords, pb.PublishWordsRequest(words_id=words.id))
    assert (refusal.reason, refusal.field) == ("TEMPLATE_INVALID", "texts")
    with pytest.raises(WordsNotPublished):
        MongoWords(SystemClock()).published(words.id)


def test_advertising_without_its_way_out_is_not_published(anna: Stub, bert: Stub) -> None:
    words = some_words(anna, purpose=MARKETING)
    assert refused(bert.PublishWords, pb.PublishWordsRequest(words_id=words.id)).reason == "TEMPLATE_INVALID"
    way_out = [
        words_pb2.WordsText(language=each.language, subject=each.subject, body=each.body + " {{ links.unsubscribe }}")
        for each in (HELLO, NIHAO)
    ]
    anna.ReviseWords(pb.ReviseWordsRequest(words_id=words.id, texts=way_out))
    assert published(bert, words.id).current_number == 1


def test_a_code_belongs_to_one_thing(anna: Stub, database: Database[dict[str, Any]]) -> None:
    some_words(anna)
    request = pb.CreateWordsRequest(code="birthday", name="Other", channel=SMS, purpose=CARE, texts=[HELLO])
    refusal = refused(anna.CreateWords, request)
    assert (refusal.reason, refusal.field) == ("WORDS_CODE_TAKEN", "code")
    assert database["words"].count_documents({}) == 1


def test_retired_words_are_not_taken_any_more(anna: Stub, bert: Stub) -> None:
    words = published(bert, some_words(anna).id)
    retire = pb.RetireWordsRequest(words_id=words.id, etag=words.etag)
    assert bert.RetireWords(retire).words.state == words_pb2.WORDS_STATE_RETIRED
    revise = pb.ReviseWordsRequest(words_id=words.id, texts=[HELLO])
    assert refused(anna.ReviseWords, revise).reason == "WORDS_RETIRED"
    assert refused(bert.PublishWords, pb.PublishWordsRequest(words_id=NOBODY)).reason == "WORDS_NOT_FOUND"


def test_words_are_listed_by_channel_purpose_and_state(anna: Stub, bert: Stub) -> None:
    mail = published(bert, some_words(anna).id)
    text = some_words(anna, code="sms", channel=SMS)
    everything = pb.ListWordsRequest(page_size=1)
    first = anna.ListWords(everything)
    assert [each.id for each in first.words] == [mail.id]
    everything.page_token = first.next_page_token
    assert [each.id for each in anna.ListWords(everything).words] == [text.id]
    for match, expected in (
        (pb.WordsFilter(channel=SMS), [text.id]),
        (pb.WordsFilter(state=words_pb2.WORDS_STATE_PUBLISHED), [mail.id]),
        (pb.WordsFilter(purpose=MARKETING), []),
    ):
        assert [each.id for each in anna.ListWords(pb.ListWordsRequest(filter=match)).words] == expected
    found = anna.BatchGetWords(pb.BatchGetWordsRequest(words_ids=[mail.id, NOBODY])).words
    assert [each.id for each in found] == [mail.id]


def test_a_preview_shows_what_a_real_member_would_read(anna: Stub, calling: Calling) -> None:
    member_id, words = a_member(calling), some_words(anna)
    request = pb.PreviewWordsRequest(member_id=member_id, words_id=words.id)
    shown = anna.PreviewWords(request).preview
    assert (shown.language, shown.subject, shown.body, shown.HasField("sms")) == (EN, "Hi", "Hello Anna Smith", False)
    request.language = ZH
    assert anna.PreviewWords(request).preview.body == "您好 Anna Smith"


def test_a_preview_masks_the_person_for_those_who_see_persons_masked(anna: Stub, calling: Calling) -> None:
    request = pb.PreviewWordsRequest(member_id=a_member(calling), words_id=some_words(anna).id)
    auditor = calling.as_role(Stub, "auditor")
    assert auditor.PreviewWords(request).preview.body == "Hello A***"


def test_words_that_are_being_written_are_previewed_and_counted_as_a_text_message(
    anna: Stub, calling: Calling, database: Database[dict[str, Any]]
) -> None:
    body = 'Dear {{ member.tier | default: "guest" }}, “hello”'
    draft = words_pb2.WordsText(language=ZH, body=body)
    request = pb.PreviewWordsRequest(member_id=a_member(calling), texts=[draft], channel=SMS)
    shown = anna.PreviewWords(request).preview
    assert (shown.language, shown.body) == (ZH, "Dear guest, “hello”")  # the member's English does not exist
    assert (shown.sms.encoding, shown.sms.units, shown.sms.segments) == (words_pb2.SMS_ENCODING_UCS2, 19, 1)
    assert database["words"].count_documents({}) == 0


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"words_id": NOBODY}, ("WORDS_NOT_FOUND", "")),
        ({"words_id": "cmp_1"}, ("INVALID_ID", "words_id")),
        ({"member_id": "mem_01JD0000000000000000000000", "texts": [HELLO]}, ("MEMBER_NOT_FOUND", "")),
        ({}, ("INVALID_FIELD", "texts")),
        ({"texts": [words_pb2.WordsText(language=EN, body="{{ member.nick }}")]}, ("TEMPLATE_INVALID", "texts")),
        ({"texts": [words_pb2.WordsText(body="x")]}, ("INVALID_FIELD", "texts.language")),
    ],
)
def test_a_preview_of_nothing_or_of_nobody_is_refused(
    anna: Stub, calling: Calling, fields: dict[str, Any], refusal: tuple[str, str]
) -> None:
    told: dict[str, Any] = {"member_id": a_member(calling)} | fields
    found = refused(anna.PreviewWords, pb.PreviewWordsRequest(**told))
    assert (found.reason, found.field) == refusal


def test_a_preview_of_a_version_that_there_is_not_is_refused(anna: Stub, calling: Calling) -> None:
    request = pb.PreviewWordsRequest(member_id=a_member(calling), words_id=some_words(anna).id, number=2)
    assert refused(anna.PreviewWords, request).field == "number"


def test_words_are_checked_without_being_stored(anna: Stub, database: Database[dict[str, Any]]) -> None:
    request = pb.CheckWordsRequest(channel=SMS, purpose=MARKETING, texts=[words_pb2.WordsText(language=ZH, body="买")])
    found = anna.CheckWords(request).findings
    assert [each.code for each in found] == ["NO_OPT_OUT_TEXT", "LANGUAGE_MISSING"]
    assert "拒收请回复R" in found[0].text_zh
    assert database["words"].count_documents({}) == 0
    request.channel = channel_pb2.CHANNEL_UNSPECIFIED
    assert refused(anna.CheckWords, request).field == "channel"


def test_every_name_that_words_can_use_is_listed_with_its_meaning(anna: Stub) -> None:
    variables = anna.ListWordsVariables(pb.ListWordsVariablesRequest()).variables
    by_name = {each.name: each for each in variables}
    assert by_name["member.tier"].optional
    assert not by_name["member.name"].optional
    assert by_name["links.unsubscribe"].meaning_zh == "退订链接；营销邮件必须包含。"


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"channel": 0}, "channel"), ({"purpose": 0}, "purpose"), ({"code": "A"}, "code"), ({"name": ""}, "name")],
)
def test_words_that_cannot_be_are_refused_by_their_field(
    anna: Stub, database: Database[dict[str, Any]], fields: dict[str, Any], field: str
) -> None:
    def write(_: object) -> object:
        return some_words(anna, **fields)

    assert refused(write, None).field == field
    assert database["words"].count_documents({}) == 0


def test_an_agent_reads_words_and_writes_none(calling: Calling, database: Database[dict[str, Any]]) -> None:
    agent, ops = calling.as_role(Stub, "agent"), calling.as_role(Stub, "ops")
    assert len(agent.ListWords(pb.ListWordsRequest()).words) == 0
    writes: list[tuple[Callable[..., Any], Any]] = [
        (agent.CreateWords, pb.CreateWordsRequest()),
        (agent.ReviseWords, pb.ReviseWordsRequest()),
        (ops.PublishWords, pb.PublishWordsRequest()),
        (ops.RetireWords, pb.RetireWordsRequest()),
    ]
    assert {refused(call, request).reason for call, request in writes} == {"FORBIDDEN"}
    assert database["words"].count_documents({}) == 0
