"""What care hears of contracts, word for word as contracts is tested to say it."""

import json
from pathlib import Path
from typing import Any

from services.care.consumers import CareConsumers

_GOLDEN = Path(__file__).parents[2] / "contract/golden"


def golden(kind: str, *, event: str = "", **data: Any) -> dict[str, Any]:
    """Return the golden event of contracts, with these fields of its data replaced and an id of its own if named."""
    envelope: dict[str, Any] = json.loads((_GOLDEN / f"contracts.{kind}.json").read_text())
    return envelope | {"id": event or envelope["id"], "data": envelope["data"] | data}


def hear(consumers: CareConsumers, envelope: dict[str, Any]) -> None:
    """Hand the event to the method that is subscribed to it."""
    getattr(consumers, f"on_{envelope['type']}")(envelope)
