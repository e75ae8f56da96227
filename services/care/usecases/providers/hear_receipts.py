"""Takes in what a provider tells: a refusal by reply ends consent, the rest goes to the ledger, each word once."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from services.care.domain.channels import Channel
from services.care.domain.members.consents import ASKED_FOR, ConsentSource, ConsentWord
from services.care.domain.members.member import Member
from services.care.domain.providers.replies import is_refusal
from services.care.domain.sending.receipts import Receipt, ReceiptKind
from services.care.domain.sending.touch import Touch
from services.care.ports.members import Members
from services.care.ports.receipts import ReceiptBook
from services.care.usecases.members.personal_data import person_of
from services.care.usecases.sending.record_receipts import RecordReceipts
from services.chassis.clock import Clock
from services.chassis.errors import NotFound

PROOF = "reply to a message"
_ENGAGEMENT = frozenset({ReceiptKind.OPENED, ReceiptKind.CLICKED})


@dataclass(frozen=True, slots=True)
class HearReceipts:
    """Refusals first, which can be repeated; then the words are filed: a crash between loses no refusal."""

    record: RecordReceipts
    book: ReceiptBook
    members: Members
    clock: Clock
    with_engagement: bool

    def __call__(self, receipts: Sequence[Receipt], texts: Mapping[str, str]) -> int:
        """Return how many words were new; `texts` are those of replies by the key of the receipt."""
        kept = [each for each in receipts if self.with_engagement or each.kind not in _ENGAGEMENT]
        new = self.book.unknown_of(kept)
        refusals = [each for each in new if each.kind is ReceiptKind.REPLIED and is_refusal(texts.get(each.key, ""))]
        touches = self.book.touches([each.touch_id for each in refusals]) if refusals else {}
        for refusal in refusals:
            if touch := touches.get(refusal.touch_id):
                self._refuse(touch)
        return self.record(new) if new else 0

    def _refuse(self, touch: Touch) -> None:
        now = self.clock.now()

        def step(member: Member) -> Member:
            if member.erased_time is not None:
                return member
            words = [
                ConsentWord(
                    channel=Channel(touch.channel),
                    purpose=purpose,
                    granted=False,
                    source=ConsentSource.PERSON,
                    time=now,
                    proof=PROOF,
                    touch_id=touch.id,
                )
                for purpose in ASKED_FOR
            ]
            return member.take_over({}, now=now, words=words)

        with suppress(NotFound):  # a doublet that was written to is one person with who stays
            self.members.change(person_of(self.members, touch.member_id).id, step, etag="", request_key="")
