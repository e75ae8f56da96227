"""Takes in a provider's own callback: who sent it is made sure of, then each word counts once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from services.care.domain.members.addresses import phone_number
from services.care.domain.providers.callbacks import (
    Callback,
    CallbackAnswer,
    CallbackNotGenuine,
    CreditWord,
    ProviderWord,
)
from services.care.domain.providers.provider import Provider
from services.care.domain.providers.replies import is_refusal
from services.care.domain.sending.reasons import Reason
from services.care.domain.sending.receipts import Receipt, ReceiptKind, handover_of
from services.care.ports.callbacks import CallbackDialects, References
from services.care.ports.credits import Credits
from services.care.ports.members import MemberFilter, Members
from services.care.ports.providers import Providers
from services.care.ports.receipts import ReceiptBook
from services.care.usecases.members.personal_data import person_of
from services.care.usecases.providers.end_consent import EndConsent
from services.care.usecases.providers.hear_receipts import HearReceipts
from services.chassis import logs
from services.chassis.clock import Clock
from services.chassis.errors import InvalidField
from services.chassis.ids import check_id, derived_id

_PAGE = 100
_log = logs.get("care.providers")


@dataclass(frozen=True, slots=True, kw_only=True)
class HearCallback:
    """Refusals first, which can be repeated; then the words are filed: a crash between loses no refusal."""

    providers: Providers
    dialects: CallbackDialects
    references: References
    hear_receipts: HearReceipts
    book: ReceiptBook
    members: Members
    end_consent: EndConsent
    credits: Credits
    clock: Clock

    def __call__(self, provider_id: str, callback: Callback) -> tuple[int, CallbackAnswer]:
        """Return how many words were new and what to answer.

        Refused with INVALID_ID, INVALID_FIELD, and CALLBACK_NOT_GENUINE whoever cannot be told from somebody else. A
        provider that is paused or not in use any more is heard: it tells of what it carried before.
        """
        found = self.providers.batch_get([check_id(provider_id, "prv", field="provider_id")])
        dialect = self.dialects(found[0]) if found else None
        if dialect is None or not dialect.is_genuine(callback):
            raise CallbackNotGenuine
        told = dialect.words(callback, self.clock.now())
        for each in told:
            if isinstance(each, CreditWord):
                self._credit(found[0], each)
        words = self._named(found[0], [each for each in told if isinstance(each, ProviderWord)])
        recorded = self._take(found[0], words) if words else 0
        _log.info("callback", provider_id=provider_id, words=len(told), recorded=recorded)
        return recorded, dialect.answer_to(callback)

    def _credit(self, provider: Provider, word: CreditWord) -> None:
        """Give one message to the person who authorised it, or take what is left; nobody knows of it: nothing."""
        owners = self.members.page(MemberFilter(wechat_id=word.openid, include_ended=True), size=1, after="").items
        for owner in owners:
            person, key = person_of(self.members, owner.id), derived_id("wcr", provider.id, word.id)
            if word.granted:
                self.credits.grant(person.id, word.template_id, count=1, key=f"grant:{key}")
            else:
                self.credits.forfeit(person.id, word.template_id, key=f"forfeit:{key}")

    def _named(self, provider: Provider, words: Sequence[ProviderWord]) -> list[ProviderWord]:
        """Return the words with our ids of messages; one about a message of somebody else's is left out."""
        told = {word.reference for word in words if word.reference}
        ours = self.references.message_ids(provider.id, told) if told else {}
        return [
            replace(word, message_id=ours[word.reference]) if word.reference else word
            for word in words
            if not word.reference or word.reference in ours
        ]

    def _take(self, provider: Provider, words: Sequence[ProviderWord]) -> int:
        told = {receipt.key: word for word in words for receipt in [_receipt(provider, word)]}
        new = [told[each.key] for each in self.book.unknown_of([_receipt(provider, word) for word in words])]
        receipts = [
            self._answered(provider, word) if word.kind is ReceiptKind.REPLIED else _receipt(provider, word)
            for word in new
        ]
        return self.hear_receipts(receipts, {}) if receipts else 0

    def _answered(self, provider: Provider, word: ProviderWord) -> Receipt:
        """Return the answer as one to the newest message to whoever has the number; a refusal is theirs at once.

        A number may be that of a family: whoever of them refused, it gets nothing more.
        """
        owners = self._with(word.phone)
        touch_id = self.book.last_out(owners, provider.channel) if owners else ""
        if word.reason is Reason.OPTED_OUT or is_refusal(word.text):
            for owner in owners:
                self.end_consent(owner, provider.channel, at=word.at, touch_id=touch_id)
        return _receipt(provider, word, touch_id=touch_id)

    def _with(self, phone: str) -> list[str]:
        try:
            number = phone_number(phone)
        except InvalidField:
            return []
        if not number:
            return []
        match, found, after = MemberFilter(phone=number, include_ended=True), list[str](), ""
        while True:  # a switchboard's number is that of hundreds
            page = self.members.page(match, size=_PAGE, after=after)
            found += [each.id for each in page.items]
            if not (after := page.next_token):
                return found


def _receipt(provider: Provider, word: ProviderWord, *, touch_id: str = "") -> Receipt:
    named, attempt = handover_of(word.message_id)
    return Receipt(
        provider=provider.id,
        event_id=word.id,
        touch_id=touch_id or named,
        attempt=attempt,
        kind=word.kind,
        at=word.at,
        reason=None if word.kind is ReceiptKind.REPLIED else word.reason,
    )
