"""Builds the dispatch role: the process that sends."""

import socket
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from services.care.config import Settings
from services.care.domain.results.prices import Prices
from services.chassis.clock import Clock, SystemClock

if TYPE_CHECKING:
    from pymongo import AsyncMongoClient

    from services.care.domain.members.links import Links
    from services.care.ports.sending import Senders
    from services.care.store.sending.dispatching import MongoBatches
    from services.care.usecases.sending.dispatch_batch import DispatchBatch


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a dispatcher works, and who it is."""

    client: "AsyncMongoClient[dict[str, Any]]"
    database: str
    owner: str
    lease_time: timedelta
    message_domain: str
    """What message ids end with."""
    links: "Links | None" = None
    """What makes the links in messages; None: they carry none."""
    prices: Prices = field(default_factory=Prices)
    """What budgets of money are charged by."""


def dispatch(settings: Settings) -> None:
    """Send what is due until told to stop."""
    import uvloop

    uvloop.run(_dispatch(settings))


def build_work(place: Place, senders: "Senders", *, clock: Clock) -> "tuple[MongoBatches, DispatchBatch]":
    """Return the ledger as a dispatcher works through it, and what works through one batch."""
    from services.care.app.calendars import build_calendars
    from services.care.app.sending import build_hear_receipts
    from services.care.domain.campaigns.words import LiquidWords
    from services.care.store.sending.contacts import MongoBudgets, MongoContacts
    from services.care.store.sending.day_books import FreshDayBooks
    from services.care.store.sending.dispatching import MongoBatches
    from services.care.usecases.sending.claim_places import ClaimPlaces
    from services.care.usecases.sending.dispatch_batch import DispatchBatch
    from services.care.usecases.sending.judge_chunk import JudgeChunk

    batches = MongoBatches(place.client, place.database, place.owner, place.lease_time)
    claim_places = ClaimPlaces(
        MongoContacts(place.client, place.database),
        MongoBudgets(place.client, place.database),
        batches.campaign,
        place.prices,
    )
    judge_chunk = JudgeChunk(senders, LiquidWords(place.links), claim_places, place.message_domain)
    hear_receipts = build_hear_receipts(clock, with_engagement=False)  # those come by callback alone
    days = FreshDayBooks(build_calendars(clock))
    return batches, DispatchBatch(batches, senders, judge_chunk, days, hear_receipts, clock)


async def _dispatch(settings: Settings) -> None:
    from pymongo import AsyncMongoClient

    from services.care.app.channels import build_board, lookups
    from services.care.app.members import links
    from services.care.clients.smtp import SmtpMailer
    from services.care.clients.smtp_connection import SmtpAddress
    from services.care.dispatch import Dispatcher, look_for_garbage_seldom
    from services.care.domain.channels import Channel
    from services.care.usecases.sending.settle_unknown import SettleUnknown
    from services.chassis import metrics, mongo

    look_for_garbage_seldom()
    metrics.serve(settings.metrics_address)
    mongo.connect(settings.mongo_url, settings.care_database, alias="care")
    clock, lease_time = SystemClock(), timedelta(seconds=settings.dispatch_lease_seconds)
    mailer = SmtpMailer(SmtpAddress.parse(settings.smtp_url), settings.mail_from, connections=settings.smtp_connections)
    domain = settings.mail_from.rpartition("@")[2].rstrip(">")
    client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(
        settings.mongo_url, tz_aware=True, serverSelectionTimeoutMS=3_000
    )
    async with client:
        place = Place(
            client=client,
            database=settings.care_database,
            owner=socket.gethostname(),
            lease_time=lease_time,
            message_domain=domain,
            links=links(settings),
            prices=Prices.parse(settings.channel_prices),
        )
        board = build_board(settings, client[settings.care_database], clock=clock, given={Channel.EMAIL: mailer})
        batches, dispatch_batch = build_work(place, board, clock=clock)
        settle_unknown = SettleUnknown(batches, lookups(settings, board, clock=clock), clock, domain)
        await Dispatcher(batches, dispatch_batch, settle_unknown, clock, lease_time, board.refresh).run()
        await board.close()
