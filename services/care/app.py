"""Builds each role of the care service from its settings; the only place that constructs."""

import socket
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from services.care.config import Settings
from services.chassis.clock import SystemClock

if TYPE_CHECKING:
    from services.care.rpc.servicer import CareServicer
    from services.chassis.bus_entrypoints import Consumers
    from services.chassis.rpc_server import RpcService

ALIAS = "care"


def connect(settings: Settings) -> None:
    """Connect this process to its database."""
    from services.chassis import mongo

    mongo.connect(settings.mongo_url, settings.care_database, alias=ALIAS)


def migrate(settings: Settings) -> None:
    """Build the indexes and declare what care hears."""
    from services.care.consumers import CareConsumers
    from services.care.store.campaigns import CampaignDocument, PlanCursorDocument
    from services.care.store.members import MemberDocument
    from services.care.store.touches import BatchDocument, TouchDocument
    from services.care.store.visits import ContractStateDocument, VisitDocument
    from services.chassis import mongo
    from services.chassis.bus_setup import set_up_bus
    from services.chassis.migrations import migrate as run

    connect(settings)
    run(
        ALIAS,
        documents=[
            MemberDocument,
            CampaignDocument,
            PlanCursorDocument,
            TouchDocument,
            BatchDocument,
            VisitDocument,
            ContractStateDocument,
        ],
    )
    set_up_bus(mongo.handle(ALIAS), mongo_url=settings.mongo_url, amqp_url=settings.amqp_url, consumers=CareConsumers)


def build_servicer(settings: Settings) -> "CareServicer":
    """Wire the methods to the use cases and stores."""
    from services.care.domain.words import LiquidWords
    from services.care.rpc.servicer import CareServicer
    from services.care.store.campaigns import MongoCampaigns, MongoPlanCursors
    from services.care.store.members import MongoMembers
    from services.care.store.touches import MongoTouches
    from services.care.store.visits import MongoVisits
    from services.care.usecases.campaigns import MoveCampaign, WriteCampaign
    from services.care.usecases.change_member import ChangeMember
    from services.care.usecases.explain_member import ExplainMember
    from services.care.usecases.import_members import ImportMembers
    from services.care.usecases.register_member import RegisterMember
    from services.care.usecases.resolve_touch import ResolveTouch
    from services.care.usecases.visits import CompleteVisit

    clock = SystemClock()
    members, campaigns, ledger = MongoMembers(clock), MongoCampaigns.of(clock), MongoTouches()
    visits = MongoVisits.of(clock)
    return CareServicer(
        members=members,
        register_member=RegisterMember(members, clock),
        change_member=ChangeMember(members, clock),
        import_members=ImportMembers(members, clock),
        campaigns=campaigns,
        cursors=MongoPlanCursors(),
        ledger=ledger,
        write_campaign=WriteCampaign(campaigns, LiquidWords(), clock),
        move_campaign=MoveCampaign(campaigns, clock),
        explain_member=ExplainMember(campaigns, members, ledger, clock),
        resolve_touch=ResolveTouch(ledger, clock),
        visits=visits,
        complete_visit=CompleteVisit(visits, clock),
    )


def build_service(settings: Settings) -> "RpcService":
    """Return what the server serves."""
    from membercare.care.v1.care_service_pb2_grpc import add_CareServiceServicer_to_server
    from services.care.rpc.access import ACCESS
    from services.care.rpc.servicer import FULL_NAME
    from services.chassis import mongo
    from services.chassis.identity import load_verifier
    from services.chassis.rpc_server import RpcService

    servicer = build_servicer(settings)
    return RpcService(
        full_names=[FULL_NAME],
        register=lambda server: add_CareServiceServicer_to_server(servicer, server),
        access=ACCESS,
        verifier=load_verifier(settings.internal_token_public_key_file),
        healthy=lambda: mongo.ping(ALIAS),
        reflect=settings.env == "development",
    )


def rpc(settings: Settings) -> None:
    """Answer calls until told to stop."""
    from services.chassis import metrics
    from services.chassis.rpc_server import serve

    service = build_service(settings)
    connect(settings)
    metrics.serve(settings.metrics_address)
    serve(service, settings.rpc_address)


def consumers(settings: Settings) -> None:
    """Hear what other services say until told to stop."""
    from services.chassis.consumers_runner import run_consumers

    def build() -> "Consumers":
        from services.care.consumers import CareConsumers
        from services.care.store.due_members import MongoDueMembers
        from services.care.store.visits import MongoContractStates, MongoVisits
        from services.care.usecases.visits import CancelVisits, PlanVisit
        from services.chassis import mongo
        from services.chassis.bus_entrypoints import Consumers
        from services.chassis.inbox import Inbox

        connect(settings)
        clock = SystemClock()
        visits, contracts = MongoVisits.of(clock), MongoContractStates()
        plan_visit = PlanVisit(
            visits,
            contracts,
            MongoDueMembers(),
            clock,
            after_days=settings.visit_after_days,
            time_zone=settings.company_time_zone,
        )
        return Consumers(
            service=CareConsumers(Inbox(), plan_visit, CancelVisits(visits, contracts)),
            database=mongo.handle(ALIAS),
            amqp_url=settings.amqp_url,
            metrics_address=settings.metrics_address,
        )

    run_consumers(build)


def jobs(settings: Settings) -> None:
    """Plan campaigns and carry events, as long as this process leads, until told to stop."""
    from services.care.consumers import CareConsumers
    from services.care.jobs import Scheduler
    from services.care.store.campaigns import MongoCampaigns, MongoPlanCursors
    from services.care.store.due_members import MongoDueMembers
    from services.care.store.touches import MongoTouches
    from services.care.usecases.plan_campaign import PlanCampaign
    from services.chassis.jobs_runner import Jobs, run_jobs

    connect(settings)
    clock = SystemClock()
    touches = MongoTouches(timedelta(seconds=settings.stranded_after_seconds))
    scheduler = Scheduler(
        MongoCampaigns.of(clock),
        touches,
        PlanCampaign(MongoDueMembers(), touches, MongoPlanCursors(), clock),
        clock,
        settings.sweep_seconds,
    )
    run_jobs(
        Jobs(
            service=ALIAS,
            mongo_url=settings.mongo_url,
            database=settings.care_database,
            amqp_url=settings.amqp_url,
            metrics_address=settings.metrics_address,
            outboxes=("members", "campaigns", "batches", "visits"),
            consumers=CareConsumers,
            while_leading=(scheduler,),
        )
    )


def dispatch(settings: Settings) -> None:
    """Send what is due until told to stop."""
    import uvloop

    uvloop.run(_dispatch(settings))


async def _dispatch(settings: Settings) -> None:
    from pymongo import AsyncMongoClient

    from services.care.clients.provider import HttpProviderLookup, NoProviderLookup
    from services.care.clients.smtp import SmtpAddress, SmtpMailer
    from services.care.dispatch import Dispatcher
    from services.care.domain.words import LiquidWords
    from services.care.store.dispatching import MongoBatches
    from services.care.usecases.dispatch_batch import DispatchBatch
    from services.care.usecases.settle_unknown import SettleUnknown
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
            DispatchBatch(batches, mailer, LiquidWords(), clock, domain),
            SettleUnknown(batches, lookup, clock, domain),
            clock,
            lease_time,
        )
        await dispatcher.run()
        await mailer.close()


def replay(settings: Settings, arguments: list[str]) -> int:
    """Bring parked events back."""
    from services.chassis.replay import run_replay

    return run_replay(
        arguments, mongo_url=settings.mongo_url, database=settings.care_database, amqp_url=settings.amqp_url
    )
