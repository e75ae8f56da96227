"""Words as types of the schema."""

from enum import IntEnum

import strawberry

from gateway.graphql.care.core.enums import Channel, Language, Purpose
from gateway.graphql.nodes import Node
from gateway.graphql.scalars import DateTime
from gateway.graphql.sources import message
from membercare.care.v1 import words_pb2


@strawberry.enum(description="Where a version of words, or all of them, stand.")
class WordsState(IntEnum):
    DRAFT = 1
    PUBLISHED = 2
    RETIRED = 3


@strawberry.enum(description="Whether a finding keeps words from being published.")
class FindingSeverity(IntEnum):
    ERROR = 1
    WARNING = 2


@strawberry.enum(description="How a text message travels: 160 characters in a message, or 70.")
class SmsEncoding(IntEnum):
    GSM7 = 1
    UCS2 = 2


@message(words_pb2.WordsText, description="Words in one language, in Liquid.")
class WordsText:
    language: Language
    subject: str | None = strawberry.field(description="Subject of an e-mail, title of a call.")
    body: str


@strawberry.input(description="Words in one language, in Liquid.")
class WordsTextInput:
    language: Language
    subject: str | None = strawberry.field(default=None, description="Of an e-mail: at most 200 characters.")
    body: str = strawberry.field(
        description=(
            "1 to 20,000 characters, for example `Dear {{ member.first_name }}`; what can be empty needs a fallback: "
            '`{{ member.tier | default: "guest" }}`. `wordsVariables` lists the names.'
        )
    )


@message(words_pb2.WordsFinding, description="Something that is wrong with words.")
class WordsFinding:
    severity: FindingSeverity
    code: str = strawberry.field(description="A stable code such as `UNKNOWN_VARIABLE` or `NO_FALLBACK`.")
    language: Language
    part: str | None = strawberry.field(description="`subject` or `body`; null: the words as a whole.")
    text_en: str
    text_zh: str


@message(words_pb2.WordsVersion, description="One wording; once published it never changes.")
class WordsVersion:
    number: int = strawberry.field(description="Counts from 1.")
    state: WordsState
    texts: list[WordsText]
    author: str = strawberry.field(description="Subject of the person who wrote it.")
    publisher: str | None = strawberry.field(description="Subject of the person who published it, never the author.")
    written_time: DateTime
    published_time: DateTime | None
    findings: list[WordsFinding] = strawberry.field(description="What is wrong with it.")


@message(words_pb2.Words, description="Words for one channel and purpose, and everything that they ever said.")
class Words(Node):
    code: str = strawberry.field(description="Unique; what people and files call them.")
    name: str
    channel: Channel
    purpose: Purpose
    state: WordsState
    versions: list[WordsVersion] = strawberry.field(description="In the order of writing; the last may be a draft.")
    current_number: int = strawberry.field(description="The version that campaigns take; 0: none yet.")
    etag: str = strawberry.field(description="The version of the record: send it back to refuse a lost update.")
    create_time: DateTime
    update_time: DateTime


@message(words_pb2.SmsLength, description="How long a text message is, as providers bill it.")
class SmsLength:
    encoding: SmsEncoding
    units: int = strawberry.field(description="Characters; some count twice.")
    segments: int = strawberry.field(description="Messages that are billed.")


@message(words_pb2.WordsPreview, description="What one member would read; links are examples.")
class WordsPreview:
    language: Language = strawberry.field(description="The other one where there are no words in the member's.")
    subject: str | None
    body: str
    sms: SmsLength | None = strawberry.field(description="Text messages only.")


@message(words_pb2.WordsVariable, description="A name that words can use.")
class WordsVariable:
    name: str = strawberry.field(description="As in `{{ member.name }}`; NAME stands for that of any attribute.")
    optional: bool = strawberry.field(description="It can be empty, so that words need a fallback.")
    sample: str
    meaning_en: str
    meaning_zh: str
