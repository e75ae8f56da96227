"""What is wrong with words, found before anybody approves them: every finding in two languages."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from services.care.domain.channels import Channel, Purpose
from services.care.domain.language import Language
from services.care.domain.templates.liquid_engine import WordsFailed, filled, paths
from services.care.domain.templates.sms_length import sms_length
from services.care.domain.templates.variables import VARIABLES, bare_values, sample_values, unknown

MOST_SEGMENTS, MANY_SEGMENTS = 10, 3
MOST_WECOM_BYTES = 4_000
"""WeCom refuses a longer text of a customer broadcast."""
UNSUBSCRIBE = "links.unsubscribe"
OPT_OUT: dict[Language, re.Pattern[str]] = {
    Language.ZH_HANS: re.compile(r"拒收|退订"),
    Language.EN: re.compile(r"\b(STOP|opt out|unsubscribe)\b", re.IGNORECASE),
}
"""How advertising by text message says that it can be refused: 拒收请回复R, Reply STOP."""


class Severity(StrEnum):
    """An error keeps words from being published; a warning is for the person who reads."""

    ERROR = "error"
    WARNING = "warning"


class FindingCode(StrEnum):
    """Data: add, never rename."""

    LIQUID_BROKEN = "LIQUID_BROKEN"
    UNKNOWN_VARIABLE = "UNKNOWN_VARIABLE"
    NO_FALLBACK = "NO_FALLBACK"
    NOTHING_LEFT = "NOTHING_LEFT"
    SUBJECT_MISSING = "SUBJECT_MISSING"
    NO_UNSUBSCRIBE_LINK = "NO_UNSUBSCRIBE_LINK"
    NO_OPT_OUT_TEXT = "NO_OPT_OUT_TEXT"
    TOO_LONG = "TOO_LONG"
    MANY_SEGMENTS = "MANY_SEGMENTS"
    LANGUAGE_MISSING = "LANGUAGE_MISSING"


_C = FindingCode
_WARNINGS = frozenset({_C.MANY_SEGMENTS, _C.LANGUAGE_MISSING})
_WORDS: dict[FindingCode, tuple[str, str]] = {
    _C.LIQUID_BROKEN: ("It is no Liquid template: {what}.", "不是有效的 Liquid 模板：{what}。"),
    _C.UNKNOWN_VARIABLE: (
        "It names {what}, which nobody knows. Known are " + ", ".join(each.name for each in VARIABLES) + ".",
        "包含未知变量 {what}。已知变量：" + "、".join(each.name for each in VARIABLES) + "。",
    ),
    _C.NO_FALLBACK: (
        'It prints {what}, which can be empty. Put `| default: "..."` right after it, or ask for it with `if`.',
        '{what} 可能为空，请在其后加 `| default: "..."`，或用 `if` 判断。',
    ),
    _C.NOTHING_LEFT: (
        "Nothing is left of it for a member of whom only the name is known.",
        "对仅有姓名的会员，内容渲染后为空。",
    ),
    _C.SUBJECT_MISSING: ("An e-mail needs a subject.", "邮件需要主题。"),
    _C.NO_UNSUBSCRIBE_LINK: (
        "An e-mail for marketing must show {{{{ links.unsubscribe }}}}.",
        "营销邮件必须包含 {{{{ links.unsubscribe }}}}。",
    ),
    _C.NO_OPT_OUT_TEXT: (
        "A text message for marketing must say how to refuse it, for example: {what}.",
        "营销短信必须写明拒收方式，例如：{what}。",
    ),
    _C.TOO_LONG: ("It is too long for the channel: {what}.", "超出渠道长度限制：{what}。"),
    _C.MANY_SEGMENTS: ("It is billed as {what} messages.", "将按 {what} 条短信计费。"),
    _C.LANGUAGE_MISSING: (
        "There are no words in {what}: members of that language get the other one.",
        "缺少 {what} 版本：该语言会员将收到另一语言的内容。",
    ),
}
_EXAMPLES = {Language.ZH_HANS: "拒收请回复R", Language.EN: "Reply STOP to opt out"}


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsText:
    """Words in one language."""

    language: Language
    subject: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that is wrong; `part` is `subject`, `body`, or empty for the words as a whole."""

    code: FindingCode
    language: Language
    part: str = ""
    what: str = ""

    @property
    def severity(self) -> Severity:
        """Whether the words can be published with it."""
        return Severity.WARNING if self.code in _WARNINGS else Severity.ERROR

    @property
    def english(self) -> str:
        """The finding in English."""
        return _WORDS[self.code][0].format(what=self.what)

    @property
    def chinese(self) -> str:
        """The finding in Simplified Chinese."""
        return _WORDS[self.code][1].format(what=self.what)


def findings(texts: Iterable[WordsText], channel: Channel, *, purpose: Purpose) -> tuple[Finding, ...]:
    """Return all that is wrong with the words, in the order of the languages and their parts."""
    given = list(texts)
    found = [each for text in given for each in _of_text(text, channel, purpose=purpose)]
    missing = [language for language in Language if language not in {text.language for text in given}]
    names = (Finding(code=_C.LANGUAGE_MISSING, language=each, what=_tag(each)) for each in missing)
    return (*found, *names)


def errors(found: Sequence[Finding]) -> list[Finding]:
    """Return what keeps the words from being published."""
    return [each for each in found if each.severity is Severity.ERROR]


def _of_text(text: WordsText, channel: Channel, *, purpose: Purpose) -> Iterator[Finding]:
    if channel is Channel.EMAIL and not text.subject:
        yield Finding(code=_C.SUBJECT_MISSING, language=text.language, part="subject")
    parts = (("subject", text.subject), ("body", text.body))
    wrong = [each for part, source in parts for each in _of_source(source, text.language, part=part)]
    yield from wrong
    if not any(each.part == "body" for each in wrong):
        yield from _of_body(text, channel, purpose=purpose)


def _of_source(source: str, language: Language, *, part: str) -> Iterator[Finding]:
    """Whether it is Liquid, names what exists, and says something of every member."""
    if not source:
        return
    printed: set[str] = set()
    try:
        strangers = unknown(paths(source))
        if not strangers:
            filled(source, sample_values())
            bare = filled(source, bare_values(printed))
    except WordsFailed as error:
        yield Finding(code=_C.LIQUID_BROKEN, language=language, part=part, what=str(error))
        return
    if strangers:
        yield Finding(code=_C.UNKNOWN_VARIABLE, language=language, part=part, what=", ".join(strangers))
        return
    for name in sorted(printed):
        yield Finding(code=_C.NO_FALLBACK, language=language, part=part, what=name)
    if not bare.strip():
        yield Finding(code=_C.NOTHING_LEFT, language=language, part=part)


def _of_body(text: WordsText, channel: Channel, *, purpose: Purpose) -> Iterator[Finding]:
    """What the channel and the law ask for."""
    language, written = text.language, filled(text.body, sample_values())
    advertises = purpose is Purpose.MARKETING
    if channel is Channel.EMAIL and advertises and UNSUBSCRIBE not in paths(text.body):
        yield Finding(code=_C.NO_UNSUBSCRIBE_LINK, language=language, part="body")
    if channel is Channel.WECOM and (size := len(written.encode())) > MOST_WECOM_BYTES:
        yield Finding(
            code=_C.TOO_LONG, language=language, part="body", what=f"{size} bytes, at most {MOST_WECOM_BYTES}"
        )
    if channel is Channel.SMS:
        yield from _of_sms(written, language, advertises=advertises)


def _of_sms(written: str, language: Language, *, advertises: bool) -> Iterator[Finding]:
    if advertises and not OPT_OUT[language].search(written):
        yield Finding(code=_C.NO_OPT_OUT_TEXT, language=language, part="body", what=_EXAMPLES[language])
    segments = sms_length(written).segments
    if segments > MOST_SEGMENTS:
        yield Finding(
            code=_C.TOO_LONG, language=language, part="body", what=f"{segments} segments, at most {MOST_SEGMENTS}"
        )
    elif segments > MANY_SEGMENTS:
        yield Finding(code=_C.MANY_SEGMENTS, language=language, part="body", what=str(segments))


def _tag(language: Language) -> str:
    return {Language.ZH_HANS: "zh-Hans", Language.EN: "en"}[language]
