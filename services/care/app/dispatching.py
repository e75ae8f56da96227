"""Builds the dispatch role: the process that sends."""

import socket
from datetime import timedelta
from typing import Any

from services.care.config import Settings
from services.chassis.clock import SystemClock


def dispatch(settings: Settings) -> None:
    """Send what is due until told to stop."""
    import uvloop

    uvloop.run(_dispatch(settings))


async def _dispatch(settings: Settings) -> None:
    from pymongo import AsyncMongoClient

    from services.care.clients.provider import HttpProviderLookup, NoProviderLookup
    from services.care.clients.smtp import SmtpAddress, SmtpMailer
    from services.care.dispatch import Dispatcher
    from services.care.domain.campaigns.words import LiquidWords
    from services.care.domain.channels import Channel
    from services.care.store.sending.dispatching import MongoBatches
    from services.care.usecases.sending.dispatch_batch import DispatchBatch
    from services.care.usecases.sending.settle_unknown import SettleUnknown
    from services.chassis import metrics

    metrics.serve(settings.metrics_address)
    clock, lease_time = SystemClock(), timedelta(seconds=settings.dispatch_lease_seconds)
    mailer = SmtpMailer(SmtpAddress.parse(settings.smtp_url), settings.mail_from, connections=settings.smtp_connections)
    lookup = HttpProviderLookup(settings.smtp_lookup_url) if settings.smtp_lookup_url else NoProviderLookup()
    domain = settings.mail_from.rpartition("@")[2].rstrip(">")
    client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(
        settings.mongo_url, tz_aware=True, serverSelectionTimeoutMS=3_000
    )
    async with client:
        batches = MongoBatches(client, settings.care_database, socket.gethostname(), lease_time)
        dispatcher = Dispatcher(
            batches,
            DispatchBatch(batches, {Channel.EMAIL: mailer}, LiquidWords(), clock, domain),
            SettleUnknown(batches, lookup, clock, domain),
            clock,
            lease_time,
        )
        await dispatcher.run()
        await mailer.close()
