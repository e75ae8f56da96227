"""Twilio's messages (2010-04-01): a form with basic authentication."""

from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlencode

from services.care.clients.providers.answer_codes import TOO_MANY, said, unsaid
from services.care.domain.sending.message import Message
from services.care.ports.http import HttpAnswer, HttpRequest
from services.care.ports.sending import Handover

MESSAGE = "message_id"
"""What our id of a message is called in the address at which Twilio says what became of it."""
_ENDPOINT, _CREATED = "https://api.twilio.com", 201
_FIRST_REFUSAL, _FIRST_SERVER_ERROR = 400, 500
_OPTED_OUT = 21610
_OURS = frozenset({20003, 20404, 20429, 21603, 21606, 21609, 21659, 21660, 30001, 63038})
"""Codes about the account or the sender: no fault of the message (twilio.com/docs/api/errors)."""


class TwilioSmsDialect:
    """Sends any text, from a number or, where `from` starts with MG, by a messaging service."""

    def __init__(self, told: Mapping[str, str], secrets: Mapping[str, str], *, told_at: str = "") -> None:
        """Take settings and secrets by the names that `kinds` lists, and the address to say at what became of it."""
        self._told_at = told_at
        account, sender = told["account_sid"], told["from"]
        endpoint = told.get("endpoint", _ENDPOINT).rstrip("/")
        self._url = f"{endpoint}/2010-04-01/Accounts/{account}/Messages.json"
        self._sender = {"MessagingServiceSid" if sender.startswith("MG") else "From": sender}
        self._headers = {
            "authorization": "Basic " + b64encode(f"{account}:{secrets['auth_token']}".encode()).decode(),
            "content-type": "application/x-www-form-urlencoded",
        }

    def request(self, message: Message, now: datetime) -> HttpRequest:
        form = {"To": message.to, "Body": message.body, **self._sender}
        if self._told_at:
            named = urlencode({MESSAGE: message.message_id.strip("<>")})
            form["StatusCallback"] = f"{self._told_at}?{named}"
        return HttpRequest(self._url, urlencode(form).encode(), self._headers)

    def fate(self, answer: HttpAnswer) -> tuple[Handover, str]:
        """Read status and code; a server error says nothing of whether the message was taken before it."""
        if answer.status == _CREATED:
            return Handover.ACCEPTED, ""
        code = said(answer.body).get("code")
        if not isinstance(code, int) or not _FIRST_REFUSAL <= answer.status < _FIRST_SERVER_ERROR:
            return unsaid(answer.status), str(answer.status)
        if code == _OPTED_OUT:
            return Handover.OPTED_OUT, str(code)
        ours = answer.status in {401, 403, 404, TOO_MANY} or code in _OURS
        return Handover.NOT_REACHED if ours else Handover.REFUSED, str(code)
