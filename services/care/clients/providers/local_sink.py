"""A laptop's provider of every channel: a local sink that keeps each message, so that nothing leaves by accident."""

import json
from datetime import datetime

from services.care.domain.channels import Channel
from services.care.domain.sending.message import Message
from services.care.ports.http import HttpAnswer, HttpRequest
from services.care.ports.sending import Handover

_CREATED = 201


class SinkDialect:
    """`POST <base>/channels/<channel>` answers 201 once the message is on disk."""

    def __init__(self, base: str, channel: Channel) -> None:
        """Take the base address of the sink's pages."""
        self._url = f"{base.rstrip('/')}/channels/{channel.value}"

    def request(self, message: Message, now: datetime) -> HttpRequest:
        told = {
            "message_id": message.message_id.strip("<>"),
            "to": message.to,
            "subject": message.subject,
            "body": message.body,
            "parameters": dict(message.headers),
        }
        return HttpRequest(self._url, json.dumps(told).encode(), {"content-type": "application/json"})

    def fate(self, answer: HttpAnswer) -> tuple[Handover, str]:
        accepted = answer.status == _CREATED
        return (Handover.ACCEPTED if accepted else Handover.REFUSED), str(answer.status)
