"""Opens what the bus delivers: envelope to message, then the use case. Retries and parking are the bus's part."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from google.protobuf import json_format
from google.protobuf.message import Message

from services.chassis import logs
from services.chassis.envelope import BadEnvelope, Envelope
from services.chassis.patience import MALFORMED, UNKNOWN_SCHEMA, Permanent

M = TypeVar("M", bound=Message)


@dataclass(frozen=True, slots=True)
class Inbox:
    """Hands events to use cases.

    What the use case does must bear a repeat: what it creates carries `envelope.id` under a unique index.
    Whatever it raises is judged by the bus: tried again with growing pauses, then parked; never lost.
    """

    def handle(
        self, raw: Mapping[str, Any], message_class: type[M], *, use_case: Callable[[M, Envelope], object]
    ) -> None:
        """Call `use_case(message, envelope)`; fields newer than our own message are ignored, other schemas refused."""
        envelope, message = self.open(raw, message_class)
        token = logs.request_id.set(envelope.trace)
        try:
            use_case(message, envelope)
        finally:
            logs.request_id.reset(token)

    def open(self, raw: Mapping[str, Any], message_class: type[M]) -> tuple[Envelope, M]:
        """Return envelope and message, or raise Permanent: waiting makes neither readable."""
        try:
            envelope = Envelope.from_dict(raw)
        except BadEnvelope as error:
            raise Permanent(MALFORMED, str(error)) from error
        expected = message_class.DESCRIPTOR.full_name
        if envelope.schema != expected:
            raise Permanent(UNKNOWN_SCHEMA, f"{expected} is expected, this is {envelope.schema!r}.")
        try:
            message = json_format.ParseDict(envelope.data, message_class(), ignore_unknown_fields=True)
        except json_format.ParseError as error:
            raise Permanent(MALFORMED, f"The data is no {expected}: {error}") from error
        return envelope, message
