"""Words as messages, and requests as what the domain understands."""

from collections.abc import Iterable

from membercare.care.v1 import words_pb2
from services.care.domain.templates.lint import Finding, Severity, WordsText, findings
from services.care.domain.templates.sms_length import SmsEncoding, SmsLength
from services.care.domain.templates.variables import Variable
from services.care.domain.templates.words import Words, WordsState, WordsVersion
from services.care.rpc.enums import CHANNELS, LANGUAGES, PURPOSES, needed
from services.care.usecases.templates.preview_words import WordsPreview
from services.chassis.proto_enums import EnumTable
from services.chassis.timestamps import to_timestamp

STATES = EnumTable(WordsState, words_pb2.WordsState)
_SEVERITIES = EnumTable(Severity, words_pb2.FindingSeverity)
_ENCODINGS = EnumTable(SmsEncoding, words_pb2.SmsEncoding)


def words_to_pb(words: Words) -> words_pb2.Words:
    return words_pb2.Words(
        id=words.id,
        code=words.code,
        name=words.name,
        channel=CHANNELS.number(words.channel),
        purpose=PURPOSES.number(words.purpose),
        state=STATES.number(words.state),
        versions=[_version_to_pb(each, words) for each in words.versions],
        current_number=words.current.number if words.current else 0,
        etag=str(words.version),
        create_time=to_timestamp(words.create_time),
        update_time=to_timestamp(words.update_time),
    )


def _version_to_pb(version: WordsVersion, words: Words) -> words_pb2.WordsVersion:
    return words_pb2.WordsVersion(
        number=version.number,
        state=STATES.number(version.state),
        texts=[
            words_pb2.WordsText(language=LANGUAGES.number(each.language), subject=each.subject, body=each.body)
            for each in version.texts
        ],
        author=version.author,
        publisher=version.publisher,
        written_time=to_timestamp(version.written_time),
        published_time=to_timestamp(version.published_time),
        findings=map(finding_to_pb, findings(version.texts, words.channel, purpose=words.purpose)),
    )


def finding_to_pb(finding: Finding) -> words_pb2.WordsFinding:
    return words_pb2.WordsFinding(
        severity=_SEVERITIES.number(finding.severity),
        code=finding.code.value,
        language=LANGUAGES.number(finding.language),
        part=finding.part,
        text_en=finding.english,
        text_zh=finding.chinese,
    )


def to_texts(texts: Iterable[words_pb2.WordsText]) -> tuple[WordsText, ...]:
    return tuple(
        WordsText(
            language=needed(LANGUAGES, each.language, field="texts.language"),
            subject=each.subject,
            body=each.body,
        )
        for each in texts
    )


def preview_to_pb(preview: WordsPreview) -> words_pb2.WordsPreview:
    return words_pb2.WordsPreview(
        language=LANGUAGES.number(preview.language),
        subject=preview.subject,
        body=preview.body,
        sms=_length_to_pb(preview.sms) if preview.sms else None,
    )


def _length_to_pb(length: SmsLength) -> words_pb2.SmsLength:
    return words_pb2.SmsLength(
        encoding=_ENCODINGS.number(length.encoding), units=length.units, segments=length.segments
    )


def variable_to_pb(variable: Variable) -> words_pb2.WordsVariable:
    return words_pb2.WordsVariable(
        name=variable.name,
        optional=variable.optional,
        sample=variable.sample,
        meaning_en=variable.meaning_en,
        meaning_zh=variable.meaning_zh,
    )
