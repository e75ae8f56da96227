"""What Aliyun posts: SmsReport (what became of messages) and SmsUp (what people answered), lists in JSON, unsigned."""

from collections.abc import Mapping
from datetime import datetime

from services.care.clients.providers.callbacks.json_words import Entry, entries, moment, text
from services.care.clients.providers.callbacks.path_tokens import TokenInPath
from services.care.domain.providers.callbacks import Callback, CallbackAnswer, ProviderWord
from services.care.domain.sending.reasons import Reason
from services.care.domain.sending.receipts import ReceiptKind

_NO_SUCH_NUMBER = "isv.MOBILE_NUMBER_ILLEGAL"
_REASONS: Mapping[str, Reason] = {
    "INVALID_NUMBER": Reason.NOT_REACHABLE,
    "MOBILE_ACCOUNT_ABNORMAL": Reason.NOT_REACHABLE,
    "MOBILE_NOT_ON_SERVICE": Reason.NOT_REACHABLE,
    "MOBLLE_TERMINAL_ERROR": Reason.NOT_REACHABLE,
    "CONTENT_ERROR": Reason.BLOCKED_BY_CARRIER,
    "CONTENT_KEYWORD": Reason.BLOCKED_BY_CARRIER,
    "SIGNATURE_BLACKLIST": Reason.BLOCKED_BY_CARRIER,
    "MOBILE_IN_BLACK": Reason.OPTED_OUT,
    "USER_REJECT": Reason.OPTED_OUT,
}
"""help.aliyun.com 101346 (the spelling is theirs). A number that may be switched off is not one that is gone; a
blacklist is mostly filled by people who refused, and who is on it is left alone."""

_TAKEN = CallbackAnswer(content_type="application/json", body=b'{"code":0,"msg":"OK"}')


class AliyunCallbacks(TokenInPath):
    """Reports and answers, told apart by their fields."""

    def answer_to(self, callback: Callback) -> CallbackAnswer:
        return _TAKEN

    def words(self, callback: Callback, now: datetime) -> list[ProviderWord]:
        """Return the entries that can be read; which of the two they are, their fields say."""
        found = [_answer(entry, now) if "content" in entry else _report(entry, now) for entry in entries(callback.body)]
        return [word for word in found if word]


def _report(entry: Entry, now: datetime) -> ProviderWord | None:
    out_id, code = text(entry, "out_id"), text(entry, "err_code")
    if not out_id or "success" not in entry:
        return None
    kind = ReceiptKind.BOUNCED if code == _NO_SUCH_NUMBER else ReceiptKind.FAILED
    if entry["success"] is True or text(entry, "success").lower() == "true":
        kind = ReceiptKind.DELIVERED
    return ProviderWord(
        id=f"{text(entry, 'biz_id')}/{out_id}/{kind}",
        kind=kind,
        at=moment(text(entry, "report_time"), now),
        message_id=out_id,
        reason=_REASONS.get(code) if kind is ReceiptKind.FAILED else None,
    )


def _answer(entry: Entry, now: datetime) -> ProviderWord | None:
    phone, content, at = text(entry, "phone_number"), text(entry, "content"), text(entry, "send_time")
    if not phone:
        return None
    key = text(entry, "sequence_id") or f"{phone}/{at}/{content}"
    return ProviderWord(id=f"up/{key}", kind=ReceiptKind.REPLIED, at=moment(at, now), phone=phone, text=content)
