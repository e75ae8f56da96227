"""What WeChat posts of subscription messages: who authorised them, who will have no more, and what became of each."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from urllib.parse import parse_qsl, urlsplit

from services.care.clients.providers.callbacks.json_words import Entry, entries, moment, text
from services.care.clients.providers.callbacks.wechat_envelope import is_signed, opened
from services.care.domain.providers.callbacks import Callback, CallbackAnswer, CreditWord, ProviderWord
from services.care.domain.sending.receipts import ReceiptKind
from services.chassis.errors import InvalidField

_POPUP, _CHANGE, _SENT = "subscribe_msg_popup_event", "subscribe_msg_change_event", "subscribe_msg_sent_event"
_ARRIVED = "0"


class WechatCallbacks:
    """Events of one account, as JSON in safe mode. Before the first one WeChat asks for an echo of its own words."""

    def __init__(self, token: str, key: bytes, *, app_id: str) -> None:
        """Take what is entered in WeChat's console: the token and the key, and the account's id."""
        self._token, self._key, self._app_id = token, key, app_id

    def answer_to(self, callback: Callback) -> CallbackAnswer:
        echo = "success" if callback.body else _query(callback).get("echostr", "")
        return CallbackAnswer(content_type="text/plain", body=echo.encode(errors="replace"))

    def is_genuine(self, callback: Callback) -> bool:
        """Hold the signature of the envelope, or of the first question, against the token."""
        query = _query(callback)
        if not callback.body:
            return is_signed(self._token, query, told=query.get("signature", ""))
        sealed = _sealed(callback.body)
        return bool(sealed) and is_signed(self._token, query, told=query.get("msg_signature", ""), encrypted=sealed)

    def words(self, callback: Callback, now: datetime) -> list[ProviderWord | CreditWord]:
        """Return what the event tells; of what is not about subscription messages there is nothing to tell."""
        if not callback.body:
            return []
        try:
            plain = opened(_sealed(callback.body), self._key, app_id=self._app_id)
        except ValueError as error:
            raise InvalidField("body", "body cannot be read with the key on record.") from error
        return [word for event in entries(plain) for word in _words(event, now)]


def _words(event: Entry, now: datetime) -> Iterator[ProviderWord | CreditWord]:
    kind, openid, at = text(event, "Event"), text(event, "FromUserName"), text(event, "CreateTime")
    for each in _listed(event.get("List")):
        template, status = text(each, "TemplateId"), text(each, "SubscribeStatusString")
        if kind == _SENT and (reference := text(each, "MsgID")):
            end = ReceiptKind.DELIVERED if text(each, "ErrorCode") == _ARRIVED else ReceiptKind.FAILED
            yield ProviderWord(id=f"{reference}/{end}", kind=end, at=moment(at, now), reference=reference)
        granted = kind == _POPUP and status == "accept"
        if openid and template and (granted or (kind == _CHANGE and status == "reject")):
            yield CreditWord(id=f"{openid}/{at}/{template}", openid=openid, template_id=template, granted=granted)


def _listed(told: object) -> list[Entry]:
    """Return the entries of a list; WeChat leaves out the list where it holds but one."""
    return [each for each in (told if isinstance(told, list) else [told]) if isinstance(each, dict)]


def _sealed(body: bytes) -> str:
    try:
        return "".join(text(each, "Encrypt") for each in entries(body)[:1])
    except InvalidField:
        return ""


def _query(callback: Callback) -> Mapping[str, str]:
    try:
        return dict(parse_qsl(urlsplit(callback.target).query, max_num_fields=20))
    except ValueError:
        return {}
