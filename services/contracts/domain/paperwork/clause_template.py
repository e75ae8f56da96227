"""A clause template: versions that are written by one person, published by another, and never changed after that."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from services.chassis.checks import line, text
from services.chassis.errors import InvalidField
from services.contracts.domain.paperwork.clause_words import check_words
from services.contracts.domain.paperwork.contract_paper import ChosenClause, PaperLanguage
from services.contracts.domain.paperwork.paperwork_errors import (
    ClauseHasNoDraft,
    ClauseNotPublished,
    ClauseRetired,
    PublisherIsAuthor,
)

MOST_NAME, MOST_TITLE, MOST_BODY, MOST_VERSIONS = 100, 200, 20_000, 100


class ClauseState(StrEnum):
    """Where a version stands."""

    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseText:
    """A clause in one language."""

    language: PaperLanguage
    title: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseVersion:
    """One wording, in one language or both."""

    number: int
    state: ClauseState
    texts: tuple[ClauseText, ...]
    author: str
    publisher: str = ""
    written_time: datetime
    published_time: datetime | None = None

    def text_in(self, language: PaperLanguage) -> ClauseText:
        """Return the text in this language, or in the other one where it does not exist in this."""
        return next((each for each in self.texts if each.language is language), self.texts[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseTemplate:
    """A clause and everything that it ever said."""

    id: str
    version: int = 1
    name: str
    state: ClauseState
    versions: tuple[ClauseVersion, ...]
    """In the order of writing; only the last one may be a draft."""
    create_time: datetime
    update_time: datetime
    events: tuple[object, ...] = ()

    @classmethod
    def write(
        cls, template_id: str, name: str, *, texts: tuple[ClauseText, ...], author: str, now: datetime
    ) -> "ClauseTemplate":
        """Return the new template with its first draft, or refuse with INVALID_FIELD or CLAUSE_INVALID."""
        return cls(
            id=template_id,
            name=line(name, "name", most=MOST_NAME, least=1),
            state=ClauseState.DRAFT,
            versions=(_draft(1, texts, author=author, now=now),),
            create_time=now,
            update_time=now,
        )

    @property
    def current(self) -> ClauseVersion | None:
        """The version that contracts take: the newest published one."""
        published = [each for each in self.versions if each.state is ClauseState.PUBLISHED]
        return published[-1] if published else None

    def numbered(self, number: int) -> ClauseVersion:
        """Return the version of this number, which exists."""
        return self.versions[number - 1]

    def chosen(self) -> ChosenClause:
        """Return the version that a contract takes now, or refuse with CLAUSE_RETIRED or CLAUSE_NOT_PUBLISHED."""
        self.refuse_retired()
        if self.current is None:
            raise ClauseNotPublished(self.id, name=self.name)
        return ChosenClause(self.id, self.current.number)

    def revise(self, name: str, texts: tuple[ClauseText, ...], *, author: str, now: datetime) -> "ClauseTemplate":
        """Return the template with a newer draft, in place of the one that was not published."""
        self.refuse_retired()
        kept = self.versions[:-1] if self.versions[-1].state is ClauseState.DRAFT else self.versions
        if len(kept) >= MOST_VERSIONS:
            raise InvalidField("texts", f"{self.id} has {MOST_VERSIONS} versions: begin another template.")
        return replace(
            self,
            name=line(name, "name", most=MOST_NAME) or self.name,
            versions=(*kept, _draft(len(kept) + 1, texts, author=author, now=now)),
            update_time=now,
        )

    def publish(self, *, by: str, now: datetime) -> "ClauseTemplate":
        """Return the template whose draft contracts take from now on; its author cannot do that."""
        self.refuse_retired()
        draft = self.versions[-1]
        if draft.state is not ClauseState.DRAFT:
            raise ClauseHasNoDraft(self.id)
        if by == draft.author:
            raise PublisherIsAuthor(self.id)
        published = replace(draft, state=ClauseState.PUBLISHED, publisher=by, published_time=now)
        return replace(self, state=ClauseState.PUBLISHED, versions=(*self.versions[:-1], published), update_time=now)

    def retire(self, now: datetime) -> "ClauseTemplate":
        """Return the template out of use, every version of it."""
        self.refuse_retired()
        versions = tuple(replace(each, state=ClauseState.RETIRED) for each in self.versions)
        return replace(self, state=ClauseState.RETIRED, versions=versions, update_time=now)

    def refuse_retired(self) -> None:
        """Refuse with CLAUSE_RETIRED what is out of use."""
        if self.state is ClauseState.RETIRED:
            raise ClauseRetired(self.id, name=self.name)


def _draft(number: int, texts: tuple[ClauseText, ...], *, author: str, now: datetime) -> ClauseVersion:
    if not texts:
        raise InvalidField("texts", "texts is empty: at least one language is needed.")
    if len({each.language for each in texts}) != len(texts):
        raise InvalidField("texts.language", "texts.language: each language can be there once.")
    return ClauseVersion(
        number=number,
        state=ClauseState.DRAFT,
        texts=tuple(checked_text(each) for each in texts),
        author=author,
        written_time=now,
    )


def checked_text(given: ClauseText) -> ClauseText:
    """Return the text as it is stored, or refuse it with INVALID_FIELD or CLAUSE_INVALID."""
    title = line(given.title, "texts.title", most=MOST_TITLE, least=1)
    body = text(given.body, "texts.body", most=MOST_BODY, least=1)
    check_words(title, given.language, part="title")
    check_words(body, given.language, part="body")
    return ClauseText(language=given.language, title=title, body=body)
