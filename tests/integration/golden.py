"""What services say on the bus, as the golden files have it: what the consumers of another service are given."""

import json
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parents[1] / "contract/golden"


def heard(name: str, **data: Any) -> dict[str, Any]:
    """Return the envelope of an event such as `feedback.case_closed`, with other data where a test names some."""
    envelope: dict[str, Any] = json.loads((_FOLDER / f"{name}.json").read_text())
    return envelope | {"data": envelope["data"] | data}


def tell(consumers: object, envelope: dict[str, Any]) -> None:
    """Hand the event to the method that hears it."""
    getattr(consumers, f"on_{envelope['type']}")(envelope)
