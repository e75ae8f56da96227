"""What Tencent Cloud posts: lists of what became of messages, and single answers of people, in JSON, unsigned."""

from collections.abc import Mapping
from datetime import datetime

from services.care.clients.providers.callbacks.json_words import Entry, entries, moment, text
from services.care.clients.providers.callbacks.path_tokens import TokenInPath
from services.care.domain.providers.callbacks import Callback, CallbackAnswer, ProviderWord
from services.care.domain.sending.reasons import Reason
from services.care.domain.sending.receipts import ReceiptKind

_ENDS: Mapping[str, ReceiptKind] = {"SUCCESS": ReceiptKind.DELIVERED, "FAIL": ReceiptKind.FAILED}
_REASONS: Mapping[str, Reason] = {
    "DELETED": Reason.NOT_REACHABLE,
    "EXPIRED": Reason.NOT_REACHABLE,
    "UNDELIV": Reason.NOT_REACHABLE,
    "REJECTD": Reason.BLOCKED_BY_CARRIER,
}
"""tencentcloud.com 382/35462; what is not here is told without a reason."""

_TAKEN = CallbackAnswer(content_type="application/json", body=b'{"result":0,"errmsg":"OK"}')


class TencentCallbacks(TokenInPath):
    """Messages are told of by Tencent's own number alone."""

    def answer_to(self, callback: Callback) -> CallbackAnswer:
        return _TAKEN

    def words(self, callback: Callback, now: datetime) -> list[ProviderWord]:
        """Return the entries that can be read; which of the two they are, their fields say."""
        found = [
            _answer(entry, now) if "report_status" not in entry else _report(entry, now)
            for entry in entries(callback.body)
        ]
        return [word for word in found if word]


def _report(entry: Entry, now: datetime) -> ProviderWord | None:
    reference, kind = text(entry, "sid"), _ENDS.get(text(entry, "report_status"))
    if not reference or not kind:
        return None
    return ProviderWord(
        id=f"{reference}/{kind}",
        kind=kind,
        at=moment(text(entry, "user_receive_time"), now),
        reference=reference,
        reason=_REASONS.get(text(entry, "errmsg")) if kind is ReceiptKind.FAILED else None,
    )


def _answer(entry: Entry, now: datetime) -> ProviderWord | None:
    country, mobile = text(entry, "nationcode").lstrip("+"), text(entry, "mobile")
    if not mobile or "text" not in entry:
        return None
    phone, at, content = f"+{country}{mobile}" if country else mobile, text(entry, "time"), text(entry, "text")
    return ProviderWord(
        id=f"up/{phone}/{at}/{content}",
        kind=ReceiptKind.REPLIED,
        at=moment(at, now),
        phone=phone,
        text=content,
    )
