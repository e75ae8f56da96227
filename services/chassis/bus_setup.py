"""The deploy step of the bus: collections of the chassis get their indexes, subscriptions become durable."""

import asyncio
from typing import Any

from pymongo.database import Database

from services.chassis import logs, parked, relay
from services.chassis.bus_entrypoints import subscriptions_of
from services.chassis.buses import open_bus
from services.chassis.patience import Patience

_log = logs.get("chassis.bus_setup")


def set_up_bus(
    database: Database[dict[str, Any]],
    *,
    mongo_url: str,
    amqp_url: str,
    consumers: type | None,
    patience: Patience | None = None,
) -> None:
    """Prepare a service's database and declare what its consumers hear; called by `migrate`. Safe to repeat.

    It runs before any process starts, so that no event is said before its listeners are known.
    """
    database[parked.COLLECTION].create_indexes(parked.indexes())
    database[relay.UNROUTED].create_indexes(relay.unrouted_indexes())
    subscriptions = subscriptions_of(consumers) if consumers else []

    async def declare() -> None:
        bus = open_bus(amqp_url=amqp_url, mongo_url=mongo_url, patience=patience)
        try:
            await bus.declare(subscriptions)
        finally:
            await bus.close()

    asyncio.run(declare())
    _log.info("subscriptions_declared", count=len(subscriptions))
