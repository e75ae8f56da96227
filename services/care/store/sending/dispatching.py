"""The ledger as dispatchers work through it: leases with a fence, outcomes in bulk, nothing per message."""

from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from pymongo import AsyncMongoClient, ReturnDocument, UpdateMany, UpdateOne, WriteConcern
from pymongo.asynchronous.database import AsyncDatabase

from services.care.domain.campaigns.campaign import Campaign, CampaignState
from services.care.domain.channels import Channel
from services.care.domain.sending.events import TouchesSettled, TouchOutcome
from services.care.domain.sending.reasons import MOVED, Reason
from services.care.domain.sending.receipts import TOLD_LATER
from services.care.domain.sending.recipient import Recipient
from services.care.domain.sending.settings import SETTINGS_ID, SendingSettings
from services.care.domain.sending.touch import OPEN, Touch, TouchState
from services.care.ports.sending import Batch, Held, Settled
from services.care.store.sending.batches import DONE, OPENED, READY, new_batch
from services.care.store.sending.recipients import RECIPIENT_FIELDS, doublets_of, had_by, recipients_of
from services.care.store.sending.stand_ins import take_overs
from services.care.store.sending.touches import CODEC, settling
from services.chassis.clock import epoch_ms
from services.chassis.codec import Codec
from services.chassis.errors import NotFound
from services.chassis.ids import new_id
from services.chassis.outbox import pending

_CAMPAIGNS = Codec(Campaign)
_SETTINGS = Codec(SendingSettings)
_SOON_SAFE = WriteConcern(w=1)
"""Outcomes need not wait for the journal and the other nodes: the next `begin` or `finish` does, and what it makes safe
includes all that was written before it. What a crash makes the database forget until then comes back as the chunk that
`begin` has named; so nobody names another one, or finishes, while one is named."""
_NOTHING_NAMED = {"sending": None}
_UNKNOWN = TouchState.UNKNOWN.value
_STILL_OPEN = {"$in": sorted(OPEN)}
_SENT, _DELIVERED = TouchState.SENT.value, TouchState.DELIVERED.value
_AT_ONCE = 1_001
"""One more than a batch has: all of it comes in the first answer, and the database is not asked for the rest."""
_OUTCOME = ("member_id", "state", "reason", "fallback_channel")
_ENDS = [_SENT, _DELIVERED, TouchState.FAILED.value, TouchState.SKIPPED.value]


@dataclass(frozen=True, slots=True)
class MongoBatches:
    """Batches, touches and members as one dispatcher process needs them."""

    client: AsyncMongoClient[dict[str, Any]]
    database: str
    owner: str
    lease_time: timedelta

    @property
    def _db(self) -> AsyncDatabase[dict[str, Any]]:
        return self.client[self.database]

    async def lease(self, now: datetime, *, busy: Collection[str] = ()) -> Batch | None:
        if await self._db["sending_settings"].find_one({"_id": SETTINGS_ID, "stop": {"$ne": None}}, {"_id": 1}):
            return None
        paused = await self._db["campaigns"].distinct("_id", {"state": CampaignState.PAUSED.value})
        due: dict[str, Any] = {"state": READY, "due_at": {"$lte": now}, "lease_until": {"$lte": epoch_ms()}}
        if paused:
            due["campaign_id"] = {"$nin": paused}
        if busy:
            due["channel"] = {"$nin": list(busy)}
        taken = {"$set": {"owner": self.owner, "lease_until": self._until()}, "$inc": {"token": 1}}
        found = await self._db["batches"].find_one_and_update(
            due, taken, sort=[("due_at", 1)], return_document=ReturnDocument.AFTER
        )
        if found is None:
            return None
        sending = found.get("sending")
        return Batch(
            id=found["_id"],
            campaign_id=found["campaign_id"],
            channel=found["channel"],
            token=found["token"],
            sending=(sending[0], sending[1]) if sending else None,
        )

    async def campaign(self, campaign_id: str) -> Campaign:
        found = await self._db["campaigns"].find_one({"_id": campaign_id})
        if found is None:
            raise NotFound("campaign", campaign_id)
        return _CAMPAIGNS.to_aggregate(found)

    async def settings(self) -> SendingSettings:
        found = await self._db["sending_settings"].find_one({"_id": SETTINGS_ID})
        return _SETTINGS.to_aggregate(found) if found else SendingSettings()

    async def renew(self, batch: Batch) -> bool:
        return await self._fenced(batch, {"$set": {"lease_until": self._until()}})

    async def planned(self, batch: Batch) -> list[Touch]:
        found = self._db["touches"].find({"batch_id": batch.id, "state": _STILL_OPEN}, batch_size=_AT_ONCE)
        return [CODEC.to_aggregate(each) for each in await found.sort("_id", 1).to_list()]

    async def recipients(self, member_ids: Sequence[str]) -> dict[str, Recipient]:
        wanted = {"_id": {"$in": list(member_ids)}}
        members = await self._db["members"].find(wanted, RECIPIENT_FIELDS, batch_size=_AT_ONCE).to_list()
        doublets = doublets_of(members)
        had = await self._db["touches"].find(*had_by(doublets)).to_list() if doublets else ()
        return recipients_of(members, doublets=doublets, had=had)

    async def begin(self, batch: Batch, chunk: Sequence[Touch]) -> bool:
        mark = {"lease_until": self._until(), "sending": _name_of(chunk)}
        return await self._fenced(batch, {"$set": mark}, where=_NOTHING_NAMED)

    async def record(self, batch: Batch, outcomes: Sequence[Settled], *, now: datetime) -> None:
        alike: dict[tuple[TouchState, Reason | None, Channel | None], list[str]] = defaultdict(list)
        for each in outcomes:
            alike[each.state, each.reason, each.fallback].append(each.touch.id)
        writes = [_write(batch, ids, end=end, now=now) for end, ids in alike.items()]
        if writes:
            touches = self._db["touches"].with_options(write_concern=_SOON_SAFE)
            await touches.bulk_write(writes, ordered=False)

    async def end(self, batch: Batch, chunk: Sequence[Touch]) -> None:
        named = {"sending": _name_of(chunk)}
        await self._fenced(batch, {"$unset": {"sending": ""}}, where=named, concern=_SOON_SAFE)

    async def postpone(self, batch: Batch, touches: Sequence[Touch], *, due_at: datetime) -> None:
        later = new_batch(new_id("bat", due_at), batch.campaign_id, channel=batch.channel, due_at=due_at)
        async with self._filled(later):
            await self._db["touches"].update_many(
                {"_id": {"$in": [touch.id for touch in touches]}, "batch_id": batch.id, "state": _STILL_OPEN},
                {"$set": {"batch_id": later["_id"], "due_at": due_at}, "$inc": {"attempts": 1}},
            )

    async def hold(self, batch: Batch, held: Sequence[Held], *, now: datetime) -> None:
        alike: dict[tuple[datetime, Reason], list[str]] = defaultdict(list)
        for each in held:
            alike[each.until, each.reason].append(each.touch.id)
        later = {key: new_id("bat", now) for key in alike}
        waiting = [new_batch(later[key], batch.campaign_id, channel=batch.channel, due_at=key[0]) for key in alike]
        async with self._filled(*waiting):
            await self._db["touches"].bulk_write(
                [
                    UpdateMany(
                        {"_id": {"$in": ids}, "batch_id": batch.id, "state": _STILL_OPEN},
                        {"$set": _held(until, reason, batch_id=later[until, reason], now=now)},
                    )
                    for (until, reason), ids in alike.items()
                ]
            )

    async def stand_in(self, batch: Batch, now: datetime) -> None:
        given_way = self._db["touches"].find({"batch_id": batch.id, "fallback_channel": {"$gt": ""}})
        for each in take_overs([CODEC.to_aggregate(each) async for each in given_way], now=now):
            async with self._filled(each.batch):
                await self._db["touches"].bulk_write(each.new, ordered=False)
                await self._db["touches"].bulk_write(each.revived, ordered=False)

    async def interrupt(self, batch: Batch, now: datetime) -> int:
        first, last = batch.sending or ("", "")
        left = await self._db["touches"].update_many(
            {"batch_id": batch.id, "_id": {"$gte": first, "$lte": last}, "state": _STILL_OPEN},
            {
                "$set": {"state": _UNKNOWN, "reason": Reason.INTERRUPTED.value, "updated_at": now},
                "$inc": {"attempts": 1},
            },
        )
        await self._fenced(batch, {"$unset": {"sending": ""}})
        return left.modified_count

    async def opted_out(self, batch: Batch) -> list[Settled]:
        first, last = batch.sending or ("", "")
        reason = Reason.OPTED_OUT
        ended = {"batch_id": batch.id, "_id": {"$gte": first, "$lte": last}, "reason": reason.value}
        found = [CODEC.to_aggregate(each) async for each in self._db["touches"].find(ended)]
        return [
            Settled(each, each.state, reason, Channel(each.fallback_channel) if each.fallback_channel else None)
            for each in found
        ]

    async def finish(self, batch: Batch, now: datetime) -> None:
        ends = {"batch_id": batch.id, "state": {"$in": _ENDS}}
        found = self._db["touches"].find(ends, _OUTCOME, batch_size=_AT_ONCE)
        ended = await found.sort("_id", 1).to_list()
        if any(each.get("fallback_channel") for each in ended):
            await self.stand_in(batch, now)
        outcomes = tuple(_outcome(each) for each in ended)
        change: dict[str, Any] = {"$set": {"state": DONE, "finished_at": now}}
        if outcomes:
            said = TouchesSettled(campaign_id=batch.campaign_id, outcomes=outcomes, occurred_time=now)
            change["$push"] = {"outbox": pending(said, source="care", now=now)}
        await self._fenced(batch, change, where=_NOTHING_NAMED)

    async def release(self, batch: Batch, due_at: datetime) -> None:
        await self._fenced(batch, {"$set": {"lease_until": 0, "due_at": due_at}})

    async def unknown(
        self, before: datetime, *, channels: Collection[str], after: Touch | None, most: int
    ) -> list[Touch]:
        where: dict[str, Any] = {"state": _UNKNOWN, "updated_at": {"$lt": before}, "channel": {"$in": list(channels)}}
        if after:
            same = {"updated_at": after.updated_at, "_id": {"$gt": after.id}}
            where["$or"] = [same, {"updated_at": {"$gt": after.updated_at}}]
        found = self._db["touches"].find(where).sort([("updated_at", 1), ("_id", 1)]).limit(most)
        return [CODEC.to_aggregate(each) async for each in found]

    async def settle(self, touches: Sequence[Touch], *, was_sent: bool, now: datetime) -> None:
        alike: dict[tuple[str, str], list[str]] = defaultdict(list)
        for touch in touches:
            alike[touch.campaign_id, touch.channel].append(touch.id)
        for (campaign_id, channel), ids in alike.items():
            batch = new_batch(new_id("bat", now), campaign_id, channel=channel, due_at=now)
            settled = settling(batch, was_sent=was_sent, now=now)
            async with self._filled(batch):
                await self._db["touches"].update_many({"_id": {"$in": ids}, "state": _UNKNOWN}, settled)

    @asynccontextmanager
    async def _filled(self, *new: dict[str, Any]) -> AsyncIterator[None]:
        """Store batches that nobody leases before the touches are written that name them."""
        await self._db["batches"].insert_many(new)
        yield
        await self._db["batches"].bulk_write([UpdateOne({"_id": each["_id"]}, OPENED) for each in new], ordered=False)

    def _until(self) -> int:
        return epoch_ms() + int(self.lease_time.total_seconds() * 1000)

    async def _fenced(
        self,
        batch: Batch,
        change: dict[str, Any],
        *,
        where: Mapping[str, Any] = MappingProxyType({}),
        concern: WriteConcern | None = None,
    ) -> bool:
        mine = {"_id": batch.id, "token": batch.token, "state": READY, **where}
        batches = self._db["batches"].with_options(write_concern=concern)
        return (await batches.update_one(mine, change)).matched_count == 1


def _name_of(chunk: Sequence[Touch]) -> list[str]:
    """Touches are worked through in the order of their ids: the first and the last name a chunk."""
    return [chunk[0].id, chunk[-1].id]


def _write(
    batch: Batch, ids: list[str], *, end: tuple[TouchState, Reason | None, Channel | None], now: datetime
) -> UpdateMany:
    state, reason, fallback = end
    done = {"state": state.value, "reason": reason.value if reason else "", "updated_at": now, "held_until": None}
    if fallback:
        done["fallback_channel"] = fallback.value
    change: dict[str, Any] = {"$set": done}
    if state is not TouchState.SKIPPED and reason is not Reason.TEMPLATE_FAILED:
        change["$inc"] = {"attempts": 1}
    return UpdateMany({"_id": {"$in": ids}, "batch_id": batch.id, "state": _STILL_OPEN}, change)


def _held(until: datetime, reason: Reason, *, batch_id: str, now: datetime) -> dict[str, Any]:
    state = {"state": TouchState.HELD.value, "reason": reason.value, "held_until": until}
    if reason in MOVED:
        state["moved_by"] = MOVED[reason].value
    return state | {"batch_id": batch_id, "updated_at": now}


def _outcome(found: dict[str, Any]) -> TouchOutcome:
    """What the provider told before the batch was done is told by events of its own: the message was sent."""
    told_later = found["state"] == _DELIVERED or found["reason"] in TOLD_LATER
    state, reason = (_SENT, "") if told_later else (found["state"], found["reason"])
    return TouchOutcome(touch_id=found["_id"], member_id=found["member_id"], state=state, reason=reason)
