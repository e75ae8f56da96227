"""Builds the room of channels, providers, policy and the ledger."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from services.care.config import Settings
from services.chassis.clock import Clock, SystemClock

if TYPE_CHECKING:
    from services.care.rpc.sending.servicer import SendingServicer
    from services.care.usecases.providers.hear_callback import HearCallback
    from services.care.usecases.providers.hear_receipts import HearReceipts
    from services.chassis.rooms import RpcRoom
    from services.chassis.scheduled import Job

_LOOK_SECONDS = 60.0
"""How often tasks in WeCom are looked for whose time to be asked about has come."""
OUTBOXES: Sequence[str] = ("receipts",)


def documents() -> Sequence[type]:
    """Return the documents whose indexes `migrate` builds."""
    from services.care.store.providers.broadcasts import BroadcastDocument, BroadcastQuotaDocument
    from services.care.store.providers.message_references import MessageReferenceDocument
    from services.care.store.providers.providers import ProviderDocument
    from services.care.store.providers.shared_rates import NumberSendsDocument, RateWindowDocument
    from services.care.store.providers.tallies import TallyDocument
    from services.care.store.providers.wechat_credits import WechatCreditDocument
    from services.care.store.sending.contacts import BudgetDocument, ContactDocument
    from services.care.store.sending.receipts import ReceiptsDocument
    from services.care.store.sending.settings import SendingSettingsDocument

    return (
        SendingSettingsDocument,
        ReceiptsDocument,
        ContactDocument,
        BudgetDocument,
        ProviderDocument,
        MessageReferenceDocument,
        RateWindowDocument,
        NumberSendsDocument,
        TallyDocument,
        WechatCreditDocument,
        BroadcastDocument,
        BroadcastQuotaDocument,
    )


def build_servicer(settings: Settings) -> "SendingServicer":
    """Wire the methods to the use cases and stores."""
    from services.care.rpc.sending.servicer import SendingServicer
    from services.care.store.members.members import MongoMembers
    from services.care.store.providers.providers import MongoProviders
    from services.care.store.providers.wechat_credits import MongoWechatCredits
    from services.care.store.sending.settings import MongoSendingSettings
    from services.care.usecases.providers.keep_providers import (
        ChangeProvider,
        PauseProvider,
        RegisterProvider,
        ResumeProvider,
    )
    from services.care.usecases.sending.keep_settings import KeepSettings

    clock = SystemClock()
    providers, rules = MongoProviders(clock), MongoSendingSettings.of(clock)
    hear_receipts = build_hear_receipts(clock, with_engagement=settings.record_engagement)
    return SendingServicer(
        providers=providers,
        register_provider=RegisterProvider(providers, clock),
        change_provider=ChangeProvider(providers, clock),
        pause_provider=PauseProvider(providers, clock),
        resume_provider=ResumeProvider(providers, clock),
        rules=rules,
        keep_settings=KeepSettings(rules, clock),
        credits=MongoWechatCredits(),
        members=MongoMembers(clock),
        hear_receipts=hear_receipts,
        hear_callback=_build_hear_callback(settings, hear_receipts, clock=clock),
    )


def _build_hear_callback(settings: Settings, hear_receipts: "HearReceipts", *, clock: Clock) -> "HearCallback":
    from services.care.clients.providers.callbacks.connect import CallbackConnector
    from services.care.clients.secret_files import SecretFiles
    from services.care.store.members.members import MongoMembers
    from services.care.store.providers.message_references import MongoReferences
    from services.care.store.providers.providers import MongoProviders
    from services.care.store.providers.wechat_credits import MongoWechatCredits
    from services.care.usecases.providers.hear_callback import HearCallback

    return HearCallback(
        providers=MongoProviders(clock),
        dialects=CallbackConnector(SecretFiles(settings.provider_secrets_dir), settings.public_url),
        references=MongoReferences(),
        hear_receipts=hear_receipts,
        book=hear_receipts.book,
        members=MongoMembers(clock),
        end_consent=hear_receipts.end_consent,
        credits=MongoWechatCredits(),
        clock=clock,
    )


def build_hear_receipts(clock: Clock, *, with_engagement: bool) -> "HearReceipts":
    """Return what takes in words of providers; `with_engagement`: also of what people opened and clicked."""
    from services.care.store.campaigns.campaigns import MongoCampaigns
    from services.care.store.members.members import MongoMembers
    from services.care.store.sending.receipts import MongoReceiptBook
    from services.care.usecases.providers.end_consent import EndConsent
    from services.care.usecases.providers.hear_receipts import HearReceipts
    from services.care.usecases.sending.record_receipts import RecordReceipts

    book, members = MongoReceiptBook(clock), MongoMembers(clock)
    record = RecordReceipts(book, members, MongoCampaigns.of(clock), clock)
    return HearReceipts(record, book, EndConsent(members, clock), with_engagement=with_engagement)


def rpc_room(settings: Settings) -> "RpcRoom":
    """Return what this room serves."""
    from membercare.care.v1.sending_service_pb2_grpc import add_SendingServiceServicer_to_server
    from services.care.rpc.sending.access import ACCESS
    from services.care.rpc.sending.servicer import FULL_NAME
    from services.chassis.rooms import RpcRoom

    servicer = build_servicer(settings)
    return RpcRoom(FULL_NAME, ACCESS, lambda server: add_SendingServiceServicer_to_server(servicer, server))


def jobs(settings: Settings) -> "Sequence[Job]":
    """Return what the leader does regularly."""
    from services.care.domain.providers.health import BrakeRule
    from services.care.store.campaigns.campaigns import MongoCampaigns
    from services.care.store.providers.providers import MongoProviders
    from services.care.store.providers.tallies import MongoTallyReader
    from services.care.usecases.providers.brake_errors import BrakeErrors
    from services.chassis.scheduled import Job

    clock = SystemClock()
    rule = BrakeRule(
        settings.pause_error_share, settings.pause_least_errors, timedelta(minutes=settings.pause_window_minutes)
    )
    brake = BrakeErrors(MongoTallyReader(), MongoProviders(clock), MongoCampaigns.of(clock), rule, clock)
    follow = _build_follow_broadcasts(settings, clock)
    return (
        Job(name="brake_errors", every_seconds=settings.sweep_seconds, run=lambda lead: brake(lambda: lead.holds)),
        Job(name="follow_broadcasts", every_seconds=_LOOK_SECONDS, run=lambda lead: follow(lambda: lead.holds)),
    )


def _build_follow_broadcasts(settings: Settings, clock: Clock) -> "Callable[[Callable[[], bool]], int]":
    """Return what follows tasks in WeCom for one round, with connections of its own."""
    import asyncio

    from services.care.app.visits import build_plan_call
    from services.care.clients.pooled_http import PooledHttp
    from services.care.clients.providers.connect import tasks_by_provider
    from services.care.clients.secret_files import SecretFiles
    from services.care.store.campaigns.campaigns import MongoCampaigns
    from services.care.store.providers.broadcasts import MongoBroadcasts
    from services.care.store.providers.providers import MongoProviders
    from services.care.store.sending.settings import MongoSendingSettings
    from services.care.usecases.providers.follow_broadcasts import FollowBroadcasts

    follow = FollowBroadcasts(
        broadcasts=MongoBroadcasts(),
        campaigns=MongoCampaigns.of(clock),
        rules=MongoSendingSettings.of(clock),
        record=build_hear_receipts(clock, with_engagement=settings.record_engagement).record,
        call_tasks=build_plan_call(settings, clock),
        clock=clock,
        zone=ZoneInfo(settings.company_time_zone),
    )
    providers, secrets = MongoProviders(clock), SecretFiles(settings.provider_secrets_dir)

    async def round_of(leading: "Callable[[], bool]") -> int:
        http = PooledHttp()
        try:
            return await follow(leading, tasks_by_provider(providers, secrets, http=http, clock=clock))
        finally:
            await http.close()

    return lambda leading: asyncio.run(round_of(leading))
