"""Show what one member would read."""

from dataclasses import dataclass, replace

from services.care.domain.channels import Channel
from services.care.domain.language import Language
from services.care.domain.members.links import MessageLinks
from services.care.domain.members.masks import masked_name, sees_clearly
from services.care.domain.sending.recipient import Recipient
from services.care.domain.templates.lint import WordsText
from services.care.domain.templates.liquid_engine import WordsFailed, filled
from services.care.domain.templates.sms_length import SmsLength, sms_length
from services.care.domain.templates.variables import sample_values, values_of
from services.care.domain.templates.words import checked_texts
from services.care.domain.templates.words_errors import TemplateInvalid
from services.care.ports.templates import Readers, WordsLibrary
from services.chassis.clock import Clock
from services.chassis.identity import Caller
from services.chassis.ids import check_id


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewOrder:
    """Which words, and who would read them."""

    member_id: str
    words_id: str = ""
    number: int = 0
    texts: tuple[WordsText, ...] = ()
    """Words that are being written, in place of `words_id`."""
    channel: Channel | None = None
    language: Language | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsPreview:
    """What the member would read."""

    language: Language
    subject: str
    body: str
    sms: SmsLength | None


@dataclass(frozen=True, slots=True)
class PreviewWords:
    """Fills words for one member; the links are examples, so that nobody unsubscribes the member by trying them."""

    library: WordsLibrary
    readers: Readers
    clock: Clock

    def __call__(self, order: PreviewOrder, *, caller: Caller) -> WordsPreview:
        """Return the preview; refused with INVALID_FIELD, WORDS_NOT_FOUND, MEMBER_NOT_FOUND, TEMPLATE_INVALID."""
        texts, channel = self._words(order)
        reader = _visible(self.readers.reader(check_id(order.member_id, "mem", field="member_id")), caller)
        wanted = order.language or reader.language
        text = next((each for each in texts if each.language is wanted), texts[0])
        subject, body = self._filled(text, reader)
        return WordsPreview(
            language=text.language,
            subject=subject,
            body=body,
            sms=sms_length(body) if channel is Channel.SMS else None,
        )

    def _words(self, order: PreviewOrder) -> tuple[tuple[WordsText, ...], Channel]:
        if not order.words_id:
            return checked_texts(order.texts), order.channel or Channel.EMAIL
        words = self.library.get(check_id(order.words_id, "wrd", field="words_id"))
        return words.numbered(order.number).texts, words.channel

    def _filled(self, text: WordsText, reader: Recipient) -> tuple[str, str]:
        links = MessageLinks(**sample_values()["links"])
        values = values_of(reader, date=self.clock.now().date().isoformat(), links=links)
        try:
            return " ".join(filled(text.subject, values).split()), filled(text.body, values)
        except WordsFailed as error:
            raise TemplateInvalid(f"The words cannot be filled: {error}.", field="texts") from error


def _visible(reader: Recipient, caller: Caller) -> Recipient:
    """Return the reader as the caller may see the person."""
    return reader if sees_clearly(caller) else replace(reader, name=masked_name(reader.name), attributes={})
