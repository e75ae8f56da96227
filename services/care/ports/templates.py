"""Words of the library, as the use cases of this and other rooms need them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from services.care.domain.channels import Channel, Purpose
from services.care.domain.sending.recipient import Recipient
from services.care.domain.templates.words import Words, WordsState, WordsVersion
from services.chassis.paging import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsFilter:
    """What listed words must match; None matches all."""

    channel: Channel | None = None
    purpose: Purpose | None = None
    state: WordsState | None = None


class Templates(Protocol):
    """The door to this room for campaigns and journeys, which copy what they take into a version of their own."""

    def published(self, words_id: str) -> tuple[Words, WordsVersion]:
        """Return the words and their published version; refused with WORDS_NOT_FOUND, _NOT_PUBLISHED, _RETIRED."""


class WordsLibrary(Protocol):
    """The words on record."""

    def add(self, words: Words, *, request_key: str) -> Words:
        """Store them, or return what this request stored before; refused with WORDS_CODE_TAKEN."""

    def get(self, words_id: str) -> Words:
        """Return them, or refuse with WORDS_NOT_FOUND."""

    def batch_get(self, words_ids: Sequence[str]) -> Sequence[Words]:
        """Return those that exist, in no promised order."""

    def page(self, match: WordsFilter, *, size: int, after: str) -> Page[Words]:
        """Return the page of matching words whose ids follow `after`."""

    def change(self, words_id: str, step: Callable[[Words], Words], *, etag: str, request_key: str) -> Words:
        """Apply the step and store the outcome; a repeated request takes no second step."""


class Readers(Protocol):
    """Members, as the words see them."""

    def reader(self, member_id: str) -> Recipient:
        """Return the member, or refuse with MEMBER_NOT_FOUND."""
