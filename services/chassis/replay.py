"""Brings parked events back to the one subscription that could not take them."""

import argparse
import asyncio
from collections.abc import Sequence
from typing import Any

from pymongo import AsyncMongoClient
from pymongo.asynchronous.collection import AsyncCollection

from services.chassis import logs, parked
from services.chassis.bus import Bus, UnknownSubscription
from services.chassis.buses import open_bus
from services.chassis.clock import Clock, SystemClock
from services.chassis.envelope import BadEnvelope, Envelope
from services.chassis.relay import UNROUTED

Document = dict[str, Any]
_log = logs.get("chassis.replay")


async def replay(collection: AsyncCollection[Document], bus: Bus, *, clock: Clock, event_id: str = "") -> int:
    """Put one event, or all that are parked, back on the bus; return how many went.

    An event goes first and is marked after: a crash between the two brings it back twice, which handlers bear.
    """
    wanted = {"state": "parked", **({"event_id": event_id} if event_id else {})}
    gone = 0
    for found in await collection.find(wanted).sort("time").to_list():
        if await _send(bus, found):
            mark = {"$set": {"state": "replayed", "replayed_time": clock.now()}}
            await collection.update_one({"_id": found["_id"], "state": "parked", "time": found["time"]}, mark)
            gone += 1
    return gone


async def publish_unrouted(collection: AsyncCollection[Document], bus: Bus) -> int:
    """Say again what nobody wanted when it was said, for those who want it now; return how much went."""
    gone = 0
    for found in await collection.find().sort("_id").to_list():
        try:
            routed = await bus.publish(Envelope.from_dict(found["envelope"]))
        except BadEnvelope as error:
            _log.error("not_replayed", unrouted=found["_id"], error=error)
            continue
        if routed:
            await collection.delete_one({"_id": found["_id"]})
            gone += 1
    return gone


async def _send(bus: Bus, found: Document) -> bool:
    try:
        await bus.send_to(found["subscription"], Envelope.from_dict(found["envelope"]))
    except (BadEnvelope, UnknownSubscription) as error:
        _log.error("not_replayed", parked=found["_id"], error=error)
        return False
    _log.info("replayed", parked=found["_id"], subscription=found["subscription"])
    return True


def run_replay(arguments: Sequence[str], *, mongo_url: str, database: str, amqp_url: str) -> int:
    """Serve `python -m services.<s> replay --event ID | --all | --unrouted`; status 1 where nothing was found."""
    parser = argparse.ArgumentParser(prog="replay", description="Put parked events back to the handler they failed in.")
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--event", default="", metavar="ID", help="the id of one event (evt_...)")
    which.add_argument("--all", action="store_true", help="everything that is parked")
    which.add_argument("--unrouted", action="store_true", help="what nobody wanted, to whom it may concern now")
    chosen = parser.parse_args(arguments)

    async def run() -> int:
        async with AsyncMongoClient[Document](mongo_url, tz_aware=True) as client:
            bus = open_bus(amqp_url=amqp_url, mongo_url=mongo_url)
            try:
                if chosen.unrouted:
                    return await publish_unrouted(client[database][UNROUTED], bus)
                collection = client[database][parked.COLLECTION]
                return await replay(collection, bus, clock=SystemClock(), event_id=chosen.event)
            finally:
                await bus.close()

    count = asyncio.run(run())
    _log.info("replay_ended", count=count)
    return 0 if count else 1
