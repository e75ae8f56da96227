"""What a person sends to the room of words arrives as it was meant."""

from typing import Any
from uuid import UUID

import pytest

from membercare.care.v1 import channel_pb2, member_pb2, words_pb2
from membercare.care.v1 import templates_service_pb2 as pb
from tests.fakes.company import NOON, an_id
from tests.fakes.suite import Client, FakeSuite

FINDING = words_pb2.WordsFinding(
    severity=words_pb2.FINDING_SEVERITY_ERROR,
    code="NO_FALLBACK",
    language=member_pb2.LANGUAGE_EN,
    part="body",
    text_en="Hole",
    text_zh="空",
)
WORDS = words_pb2.Words(
    id=an_id("wrd", 1),
    code="birthday",
    name="Birthday",
    channel=channel_pb2.CHANNEL_EMAIL,
    purpose=channel_pb2.PURPOSE_CARE,
    state=words_pb2.WORDS_STATE_DRAFT,
    versions=[
        words_pb2.WordsVersion(
            number=1,
            state=words_pb2.WORDS_STATE_DRAFT,
            texts=[words_pb2.WordsText(language=member_pb2.LANGUAGE_EN, body="Hi")],
            author="anna",
            written_time=NOON,
            findings=[FINDING],
        )
    ],
    etag="1",
    create_time=NOON,
    update_time=NOON,
)
TEXTS = 'texts: [{language: EN, subject: "Hi", body: "Hello"}, {language: ZH_HANS, body: "您好"}]'
SENT = [{"language": 2, "subject": "Hi", "body": "Hello"}, {"language": 1, "body": "您好"}]
CASES: list[tuple[str, str, Any, dict[str, Any]]] = [
    (
        "CreateWords",
        f'input: {{code: "b", name: "B", channel: SMS, purpose: MARKETING, {TEXTS}}}, requestId: "r1"',
        pb.CreateWordsResponse(words=WORDS),
        {"code": "b", "name": "B", "channel": 2, "purpose": 2, "texts": SENT, "request_id": "r1"},
    ),
    (
        "ReviseWords",
        f'id: "wrd_1", input: {{{TEXTS}}}, etag: "2"',
        pb.ReviseWordsResponse(words=WORDS),
        {"words_id": "wrd_1", "texts": SENT, "etag": "2"},
    ),
    (
        "PublishWords",
        'id: "wrd_1", etag: "2"',
        pb.PublishWordsResponse(words=WORDS),
        {"words_id": "wrd_1", "etag": "2"},
    ),
    ("RetireWords", 'id: "wrd_1"', pb.RetireWordsResponse(words=WORDS), {"words_id": "wrd_1"}),
]


@pytest.mark.parametrize(("rpc", "arguments", "reply", "arrived"), CASES, ids=[each[0] for each in CASES])
async def test_a_mutation_sends_what_was_asked_and_shows_what_came_back(
    gateway: Client, suite: FakeSuite, rpc: str, arguments: str, reply: Any, arrived: dict[str, Any]
) -> None:
    suite.care.answers[rpc] = lambda _: reply
    field = rpc[0].lower() + rpc[1:]
    data = await gateway.data(
        f"mutation {{ {field}({arguments}) {{ ... on WordsPayload {{ words {{ code channel state "
        "versions { publisher texts { language subject } findings { severity code part textZh } } } } } }"
    )
    assert data[field] == {
        "words": {
            "code": "birthday",
            "channel": "EMAIL",
            "state": "DRAFT",
            "versions": [
                {
                    "publisher": None,
                    "texts": [{"language": "EN", "subject": None}],
                    "findings": [{"severity": "ERROR", "code": "NO_FALLBACK", "part": "body", "textZh": "空"}],
                }
            ],
        }
    }
    (request,) = suite.care.asked[rpc]
    if "request_id" not in arrived:
        UUID(request.request_id)
        request.request_id = ""
    assert request == type(request)(**arrived)


async def test_words_are_checked_and_previewed_as_they_are_written(gateway: Client, suite: FakeSuite) -> None:
    suite.care.answers["CheckWords"] = lambda _: pb.CheckWordsResponse(findings=[FINDING])
    sms = words_pb2.SmsLength(encoding=words_pb2.SMS_ENCODING_UCS2, units=71, segments=2)
    suite.care.answers["PreviewWords"] = lambda _: pb.PreviewWordsResponse(
        preview=words_pb2.WordsPreview(language=member_pb2.LANGUAGE_EN, body="Hello", sms=sms)
    )
    data = await gateway.data(
        f"{{ checkWords(channel: SMS, purpose: CARE, {TEXTS}) {{ code textEn }} "
        f'previewWords(memberId: "mem_1", {TEXTS}, channel: SMS) '
        "{ language subject body sms { encoding units segments } } }"
    )
    assert data == {
        "checkWords": [{"code": "NO_FALLBACK", "textEn": "Hole"}],
        "previewWords": {
            "language": "EN",
            "subject": None,
            "body": "Hello",
            "sms": {"encoding": "UCS2", "units": 71, "segments": 2},
        },
    }
    assert suite.care.asked["CheckWords"] == [pb.CheckWordsRequest(channel=2, purpose=1, texts=SENT)]  # type: ignore[arg-type]
    assert suite.care.asked["PreviewWords"] == [
        pb.PreviewWordsRequest(member_id="mem_1", texts=SENT, channel=2)  # type: ignore[arg-type]
    ]


async def test_the_library_and_its_names_are_listed(gateway: Client, suite: FakeSuite) -> None:
    suite.care.answers["ListWords"] = lambda _: pb.ListWordsResponse(words=[WORDS])
    suite.care.answers["ListWordsVariables"] = lambda _: pb.ListWordsVariablesResponse(
        variables=[words_pb2.WordsVariable(name="member.tier", optional=True, sample="gold", meaning_zh="等级")]
    )
    data = await gateway.data(
        "{ wordsLibrary(filter: {channel: EMAIL, state: PUBLISHED}) { nodes { id } } "
        "wordsVariables { name optional meaningZh } }"
    )
    assert data == {
        "wordsLibrary": {"nodes": [{"id": WORDS.id}]},
        "wordsVariables": [{"name": "member.tier", "optional": True, "meaningZh": "等级"}],
    }
    (listed,) = suite.care.asked["ListWords"]
    assert listed.filter == pb.WordsFilter(channel=channel_pb2.CHANNEL_EMAIL, state=words_pb2.WORDS_STATE_PUBLISHED)
