"""Write, publish and retire words."""

from dataclasses import dataclass

from services.care.domain.channels import Channel, Purpose
from services.care.domain.templates.lint import WordsText
from services.care.domain.templates.words import Words, draft
from services.care.ports.templates import WordsLibrary
from services.chassis.checks import request_key
from services.chassis.clock import Clock
from services.chassis.ids import check_id, new_id

Texts = tuple[WordsText, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewWords:
    """What words are to be; channel and purpose stay for good."""

    code: str
    name: str
    channel: Channel
    purpose: Purpose
    texts: Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsOrder:
    """Which words, on whose behalf, and the guards against lost updates and repeats."""

    words_id: str
    by: str
    etag: str = ""
    request_id: str = ""

    def checked_id(self) -> str:
        """Return the id, or refuse what is none."""
        return check_id(self.words_id, "wrd", field="words_id")


@dataclass(frozen=True, slots=True)
class WriteWords:
    """Stores new words with their first draft."""

    library: WordsLibrary
    clock: Clock

    def __call__(self, wanted: NewWords, *, author: str, request_id: str) -> Words:
        """Return the words; refused with INVALID_FIELD, WORDS_CODE_TAKEN."""
        now = self.clock.now()
        words = Words(
            id=new_id("wrd", now),
            code=wanted.code,
            name=wanted.name,
            channel=wanted.channel,
            purpose=wanted.purpose,
            versions=(draft(1, wanted.texts, author=author, now=now),),
            create_time=now,
            update_time=now,
        )
        return self.library.add(words.checked(), request_key=request_key("create", request_id))


@dataclass(frozen=True, slots=True)
class ReviseWords:
    """Writes the next version."""

    library: WordsLibrary
    clock: Clock

    def __call__(self, order: WordsOrder, name: str, *, texts: Texts) -> Words:
        """Return the words; refused with INVALID_FIELD, WORDS_NOT_FOUND, WORDS_RETIRED, STALE_VERSION."""
        now = self.clock.now()
        return self.library.change(
            order.checked_id(),
            lambda words: words.revise(name, texts, author=order.by, now=now),
            etag=order.etag,
            request_key=request_key("revise", order.request_id),
        )


@dataclass(frozen=True, slots=True)
class PublishWords:
    """Makes the draft what campaigns take."""

    library: WordsLibrary
    clock: Clock

    def __call__(self, order: WordsOrder) -> Words:
        """Return the words; refused with PUBLISHER_IS_AUTHOR, TEMPLATE_INVALID, WORDS_HAVE_NO_DRAFT and others."""
        now = self.clock.now()
        return self.library.change(
            order.checked_id(),
            lambda words: words.publish(by=order.by, now=now),
            etag=order.etag,
            request_key=request_key("publish", order.request_id),
        )


@dataclass(frozen=True, slots=True)
class RetireWords:
    """Takes words out of use."""

    library: WordsLibrary
    clock: Clock

    def __call__(self, order: WordsOrder) -> Words:
        """Return the words; refused with WORDS_NOT_FOUND, WORDS_RETIRED, STALE_VERSION."""
        now = self.clock.now()
        return self.library.change(
            order.checked_id(),
            lambda words: words.retire(now),
            etag=order.etag,
            request_key=request_key("retire", order.request_id),
        )
