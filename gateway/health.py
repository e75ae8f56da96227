"""How the gateway and the services behind it are."""

import asyncio
from typing import Any

from gateway.clients import Clients


async def health_of(clients: Clients) -> dict[str, Any]:
    """Return the state of every service; the gateway serves even while some are away, so it says so itself."""
    names = list(clients.channels)
    states = dict(zip(names, await asyncio.gather(*map(clients.health, names)), strict=True))
    whole = all(state == "serving" for state in states.values())
    return {"status": "serving" if whole else "degraded", "services": states}
