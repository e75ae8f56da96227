"""Builds the channels that a dispatcher sends by, from the registry of providers."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from services.care.config import Settings
from services.care.domain.channels import Channel
from services.chassis.clock import Clock

if TYPE_CHECKING:
    from pymongo.asynchronous.database import AsyncDatabase

    from services.care.clients.providers.connect import Connector
    from services.care.ports.broadcasts import BroadcastTasks
    from services.care.ports.http import Http
    from services.care.ports.sending import ChannelSender, ProviderLookup
    from services.care.usecases.providers.channel_board import ChannelBoard

_SUNK = (Channel.SMS, Channel.WECOM, Channel.WECHAT, Channel.WEBHOOK)


def build_board(
    settings: Settings,
    database: "AsyncDatabase[dict[str, Any]]",
    *,
    clock: Clock,
    given: "Mapping[str, ChannelSender]",
) -> "ChannelBoard":
    """Return the channels; `given` are those that need no provider on record."""
    from services.care.app.visits import build_plan_call
    from services.care.clients.call_tasks import CallTaskSender
    from services.care.clients.pooled_http import PooledHttp
    from services.care.clients.providers.http_sender import HttpSender
    from services.care.clients.providers.local_sink import SinkDialect
    from services.care.store.providers.provider_book import MongoProviderBook
    from services.care.store.providers.shared_rates import MongoNumbers, MongoRates, MongoTallies
    from services.care.usecases.providers.channel_board import ChannelBoard
    from services.care.usecases.providers.counted_sender import CountedSender
    from services.care.usecases.providers.send_by_providers import SendByProviders

    http = PooledHttp()
    sink = settings.channel_sink_url
    sunk = {channel.value: HttpSender(SinkDialect(sink, channel), http, clock) for channel in _SUNK if sink}
    zone = ZoneInfo(settings.company_time_zone)
    calls = CallTaskSender(build_plan_call(settings, clock), clock, zone)
    rates, numbers = MongoRates(database, zone), MongoNumbers(database)
    tallies = MongoTallies(database)
    own: dict[str, ChannelSender] = {**sunk, Channel.CALL: calls, **given}
    return ChannelBoard(
        book=MongoProviderBook(database),
        connect=_connector(settings, database, http=http, clock=clock),
        new_channel=lambda: SendByProviders(rates, numbers, tallies, clock),
        given={name: CountedSender(f"given/{name}", sender, tallies, clock) for name, sender in own.items()},
        http=http,
    )


def _connector(
    settings: Settings, database: "AsyncDatabase[dict[str, Any]]", *, http: "Http", clock: Clock
) -> "Connector":
    from services.care.clients.providers.connect import Connector
    from services.care.clients.secret_files import SecretFiles
    from services.care.store.providers.broadcasts import MongoBroadcasts
    from services.care.store.providers.message_references import MongoReferenceNotes
    from services.care.store.providers.providers import MongoProviders
    from services.care.store.providers.wechat_credits import MongoWechatCredits
    from services.care.usecases.providers.pause_locked_out import PauseLockedOut

    return Connector(
        http,
        SecretFiles(settings.provider_secrets_dir),
        MongoWechatCredits(),
        MongoBroadcasts(),
        clock,
        ZoneInfo(settings.company_time_zone),
        PauseLockedOut(MongoProviders(clock), clock),
        MongoReferenceNotes(database),
        settings.public_url,
    )


def channels_set_up(settings: Settings, clock: Clock) -> "Callable[[], frozenset[str]]":
    """Return what tells by which channels dispatchers can send now, for those who do not send themselves."""
    from services.care.store.providers.providers import MongoProviders

    providers = MongoProviders(clock)
    given = {Channel.EMAIL.value, Channel.CALL.value, *(each.value for each in _SUNK if settings.channel_sink_url)}
    return lambda: providers.carried() | given


def lookups(settings: Settings, board: "ChannelBoard", *, clock: Clock) -> "Mapping[str, ProviderLookup]":
    """Return whom to ask about a message whose fate is unknown, by channel."""
    from services.care.clients.provider import HttpProviderLookup
    from services.care.clients.providers.connect import tasks_by_provider
    from services.care.clients.secret_files import SecretFiles
    from services.care.store.providers.broadcasts import MongoBroadcasts
    from services.care.store.providers.providers import MongoProviders
    from services.care.usecases.providers.ask_broadcasts import BroadcastLookup
    from services.care.usecases.providers.ask_channel import AskChannel
    from services.care.usecases.providers.ask_mail_servers import AskMailServers

    sink = HttpProviderLookup(settings.channel_sink_url) if settings.channel_sink_url else None
    mail = HttpProviderLookup(settings.smtp_lookup_url) if settings.smtp_lookup_url else None
    secrets = SecretFiles(settings.provider_secrets_dir)

    def tasks_of(provider_id: str) -> "BroadcastTasks | None":  # anew each time: a secret may have been mended
        return tasks_by_provider(MongoProviders(clock), secrets, http=board.http, clock=clock)(provider_id)

    broadcasts = BroadcastLookup(MongoBroadcasts(), tasks_of, clock)
    return {
        Channel.EMAIL: AskMailServers(board.book, HttpProviderLookup, mail, clock),
        **{channel: AskChannel(channel, board, sink) for channel in _SUNK},
        Channel.WECOM: AskChannel(Channel.WECOM, board, sink, broadcasts),
    }
