"""The envelope in which every event travels, on either bus, as plain JSON."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any


class BadEnvelope(ValueError):
    """What arrived is no envelope; no retry will make it one."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """One event: `data` is proto-JSON of the message named by `schema`, `time` is RFC 3339 in UTC."""

    id: str
    type: str
    source: str
    time: str
    subject: str
    schema: str
    trace: str
    data: dict[str, Any]

    def to_dict(self) -> dict[str, Any]:
        # Not `asdict`, which copies `data` to its depths: a bulk writer makes thousands of these.
        return {name: getattr(self, name) for name in (*_TEXTS, "data")}

    @classmethod
    def from_dict(cls, raw: object) -> "Envelope":
        """Read what a stranger sent: unknown keys are ignored (newer publishers), missing or mistyped ones refused."""
        if not isinstance(raw, Mapping):
            raise BadEnvelope("An envelope is a JSON object.")
        values: dict[str, Any] = {name: raw.get(name) for name in _TEXTS}
        wrong = sorted(name for name, value in values.items() if not isinstance(value, str))
        data = raw.get("data")
        if wrong or not isinstance(data, Mapping):
            raise BadEnvelope(f"Missing or not of the right type: {', '.join(wrong or ['data'])}.")
        return cls(**values, data=dict(data))


_TEXTS = tuple(field.name for field in fields(Envelope) if field.name != "data")
