"""Takes in what a provider tells: a refusal by reply ends consent, the rest goes to the ledger, each word once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.care.domain.channels import Channel
from services.care.domain.providers.replies import is_refusal
from services.care.domain.sending.reasons import Reason
from services.care.domain.sending.receipts import Receipt, ReceiptKind
from services.care.ports.receipts import ReceiptBook
from services.care.usecases.providers.end_consent import EndConsent
from services.care.usecases.sending.record_receipts import UNDECIDED, Fallbacks, RecordReceipts

_ENGAGEMENT = frozenset({ReceiptKind.OPENED, ReceiptKind.CLICKED})


@dataclass(frozen=True, slots=True)
class HearReceipts:
    """Refusals first, which can be repeated; then the words are filed: a crash between loses no refusal."""

    record: RecordReceipts
    book: ReceiptBook
    end_consent: EndConsent
    with_engagement: bool

    def __call__(
        self, receipts: Sequence[Receipt], texts: Mapping[str, str], *, fallbacks: Fallbacks = UNDECIDED
    ) -> int:
        """Return how many words were new; `texts` are those of replies by the key of the receipt."""
        kept = [each for each in receipts if self.with_engagement or each.kind not in _ENGAGEMENT]
        new = self.book.unknown_of(kept)
        refusals = [each for each in new if _refuses(each, texts.get(each.key, ""))]
        touches = self.book.touches([each.touch_id for each in refusals]) if refusals else {}
        for refusal in refusals:
            if touch := touches.get(refusal.touch_id):
                self.end_consent(touch.member_id, Channel(touch.channel), at=refusal.at, touch_id=touch.id)
        return self.record(new, fallbacks=fallbacks) if new else 0


def _refuses(receipt: Receipt, text: str) -> bool:
    return receipt.reason is Reason.OPTED_OUT or (receipt.kind is ReceiptKind.REPLIED and is_refusal(text))
