"""Words of the library: versions that are written by one person, published by another, and never changed after that."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from services.care.domain.channels import Channel, Purpose
from services.care.domain.language import Language
from services.care.domain.templates.lint import WordsText, errors, findings
from services.care.domain.templates.words_errors import (
    PublisherIsAuthor,
    TemplateInvalid,
    WordsHaveNoDraft,
    WordsNotPublished,
    WordsRetired,
)
from services.chassis import checks
from services.chassis.errors import InvalidField

MOST_NAME, MOST_SUBJECT, MOST_BODY, MOST_VERSIONS = 100, 200, 20_000, 100
_CODE = re.compile(r"[a-z0-9][a-z0-9_.-]{0,49}")


class WordsState(StrEnum):
    """Where a version, or all of them, stand."""

    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsVersion:
    """One wording, in one language or both."""

    number: int
    state: WordsState
    texts: tuple[WordsText, ...]
    author: str
    publisher: str = ""
    written_time: datetime
    published_time: datetime | None = None

    def text_in(self, language: Language) -> WordsText:
        """Return the text in this language, or in the other one where it does not exist in this."""
        return next((each for each in self.texts if each.language is language), self.texts[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Words for one channel and purpose, and everything that they ever said."""

    id: str
    version: int = 1
    code: str
    name: str
    channel: Channel
    purpose: Purpose
    state: WordsState = WordsState.DRAFT
    versions: tuple[WordsVersion, ...]
    """In the order of writing; only the last one may be a draft."""
    create_time: datetime
    update_time: datetime
    events: tuple[object, ...] = ()

    def checked(self) -> "Words":
        """Return the words as they are stored first, or refuse the field that is wrong."""
        if not _CODE.fullmatch(self.code):
            raise InvalidField(
                "code", "code must be 1 to 50 of a-z, 0-9, _, . and -, and begin with a letter or digit."
            )
        return replace(self, name=checks.line(self.name, "name", least=1, most=MOST_NAME))

    @property
    def current(self) -> WordsVersion | None:
        """The version that campaigns take: the newest published one."""
        published = [each for each in self.versions if each.state is WordsState.PUBLISHED]
        return published[-1] if published else None

    def published(self) -> WordsVersion:
        """Return what campaigns take, or refuse with WORDS_RETIRED or WORDS_NOT_PUBLISHED."""
        self._refuse_retired()
        if self.current is None:
            raise WordsNotPublished(self.id)
        return self.current

    def numbered(self, number: int) -> WordsVersion:
        """Return a version; 0 is the newest. A number that there is not is refused with INVALID_FIELD."""
        if not 0 <= number <= len(self.versions):
            raise InvalidField("number", f"number must be 1 to {len(self.versions)}, or 0 for the newest.")
        return self.versions[number - 1]

    def revise(self, name: str, texts: tuple[WordsText, ...], *, author: str, now: datetime) -> "Words":
        """Return the words with a newer draft, in place of one that was not published."""
        self._refuse_retired()
        kept = self.versions[:-1] if self.versions[-1].state is WordsState.DRAFT else self.versions
        if len(kept) >= MOST_VERSIONS:
            raise InvalidField("texts", f"{self.id} have {MOST_VERSIONS} versions: begin other words.")
        return replace(
            self,
            name=checks.line(name, "name", most=MOST_NAME) or self.name,
            versions=(*kept, draft(len(kept) + 1, texts, author=author, now=now)),
            update_time=now,
        )

    def publish(self, *, by: str, now: datetime) -> "Words":
        """Return the words whose draft campaigns take from now on; not by its author, and not with an error in it."""
        self._refuse_retired()
        newest = self.versions[-1]
        if newest.state is not WordsState.DRAFT:
            raise WordsHaveNoDraft(self.id)
        if by == newest.author:
            raise PublisherIsAuthor(self.id)
        wrong = errors(findings(newest.texts, self.channel, purpose=self.purpose))
        if wrong:
            first = wrong[0]
            raise TemplateInvalid(
                f"The {first.language.removeprefix('LANGUAGE_')} {first.part or 'text'}: {first.english}",
                field="texts",
                findings=",".join(dict.fromkeys(each.code.value for each in wrong)),
            )
        published = replace(newest, state=WordsState.PUBLISHED, publisher=by, published_time=now)
        return replace(self, state=WordsState.PUBLISHED, versions=(*self.versions[:-1], published), update_time=now)

    def retire(self, now: datetime) -> "Words":
        """Return the words out of use; what campaigns took before stays theirs."""
        self._refuse_retired()
        return replace(self, state=WordsState.RETIRED, update_time=now)

    def _refuse_retired(self) -> None:
        if self.state is WordsState.RETIRED:
            raise WordsRetired(self.id)


def draft(number: int, texts: tuple[WordsText, ...], *, author: str, now: datetime) -> WordsVersion:
    """Return a version that nobody has published; what is wrong with its words is told, and kept from publication."""
    return WordsVersion(
        number=number, state=WordsState.DRAFT, texts=checked_texts(texts), author=author, written_time=now
    )


def checked_texts(texts: tuple[WordsText, ...]) -> tuple[WordsText, ...]:
    """Return the texts as they are stored, or refuse the field that is wrong."""
    if not texts:
        raise InvalidField("texts", "texts is empty: at least one language is needed.")
    if len({each.language for each in texts}) != len(texts):
        raise InvalidField("texts.language", "texts.language: each language can be there once.")
    return tuple(
        WordsText(
            language=each.language,
            subject=checks.line(each.subject, "texts.subject", most=MOST_SUBJECT),
            body=checks.text(each.body, "texts.body", least=1, most=MOST_BODY),
        )
        for each in texts
    )
