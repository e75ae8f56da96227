"""Builds the room of billing schedules, price changes and exports for accounting."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from services.chassis.clock import Clock, SystemClock
from services.chassis.config import refuse
from services.contracts.config import Settings
from services.contracts.usecases.billing.co_terminate import PreviewCoTermination
from services.contracts.usecases.billing.hand_over import HandOver
from services.contracts.usecases.billing.mark_billed import MarkBilled
from services.contracts.usecases.billing.plan_billing import Limits, PlanContracts, PlanOne, PlanStale, RetryParked
from services.contracts.usecases.billing.price_indexes import CreatePriceIndex, RecordIndexValues
from services.contracts.usecases.billing.price_runs import ApplyPriceRun, ApprovePriceRun, CreatePriceRun, UndoPriceRun

if TYPE_CHECKING:
    from services.chassis.rooms import RpcRoom
    from services.chassis.scheduled import Job
    from services.contracts.rpc.billing.servicer import BillingServicer

OUTBOXES: Sequence[str] = ()


def documents() -> Sequence[type]:
    """Return the documents whose indexes `migrate` builds."""
    from services.contracts.store.billing.billing import BillingLineDocument
    from services.contracts.store.billing.billing_deliveries import BillingDeliveryDocument
    from services.contracts.store.billing.billing_schedules import BillingScheduleDocument
    from services.contracts.store.catalog.pricing import PriceIndexDocument, PriceRunDocument

    return (
        BillingLineDocument,
        BillingScheduleDocument,
        BillingDeliveryDocument,
        PriceIndexDocument,
        PriceRunDocument,
    )


def planner(settings: Settings, clock: Clock) -> PlanContracts:
    """Wire what plans contracts."""
    from services.contracts.store.billing.billing import MongoBillingLines
    from services.contracts.store.billing.billing_schedules import MongoBilledContracts, MongoBillingSchedules

    limits = Limits(horizon_months=settings.billing_horizon_months, most_changes=settings.billing_most_changes)
    return PlanContracts(MongoBilledContracts(), MongoBillingLines(clock), MongoBillingSchedules(), clock, limits)


def build_servicer(settings: Settings) -> "BillingServicer":
    """Wire the methods to the use cases and stores."""
    from services.contracts.rpc.billing.servicer import BillingServicer
    from services.contracts.store.billing.billing import MongoBillingLines
    from services.contracts.store.billing.billing_deliveries import MongoBillingDeliveries

    clock = SystemClock()
    lines, plan = MongoBillingLines(clock), planner(settings, clock)
    return BillingServicer(
        clock=clock,
        lines=lines,
        schedules=plan.schedules,
        deliveries=MongoBillingDeliveries(clock),
        plan_one=PlanOne(plan),
        retry_parked=RetryParked(PlanOne(plan)),
        mark_billed=MarkBilled(lines, clock),
        **_of_prices(clock, settings.company_time_zone),
    )


def _of_prices(clock: Clock, time_zone: str) -> dict[str, Any]:
    from services.contracts.store.catalog.pricing import MongoPricedContracts, MongoPriceIndexes, MongoPriceRuns

    indexes, runs, contracts = MongoPriceIndexes(clock), MongoPriceRuns(clock), MongoPricedContracts(clock)
    return {
        "indexes": indexes,
        "runs": runs,
        "create_price_index": CreatePriceIndex(indexes, clock),
        "record_index_values": RecordIndexValues(indexes, clock, time_zone),
        "create_price_run": CreatePriceRun(runs, indexes, contracts, clock),
        "approve_price_run": ApprovePriceRun(runs, clock),
        "apply_price_run": ApplyPriceRun(runs, contracts, clock),
        "undo_price_run": UndoPriceRun(runs, contracts, clock),
        "preview_co_termination": PreviewCoTermination(contracts),
    }


def rpc_room(settings: Settings) -> "RpcRoom":
    """Return what this room serves."""
    from membercare.contracts.v1.billing_service_pb2_grpc import add_BillingServiceServicer_to_server
    from services.chassis.rooms import RpcRoom
    from services.contracts.rpc.billing.access import ACCESS
    from services.contracts.rpc.billing.servicer import FULL_NAME

    servicer = build_servicer(settings)
    return RpcRoom(FULL_NAME, ACCESS, lambda server: add_BillingServiceServicer_to_server(servicer, server))


def jobs(settings: Settings) -> "Sequence[Job]":
    """Return what the leader does regularly."""
    from services.chassis.scheduled import Job

    clock = SystemClock()
    plan_stale = PlanStale(planner(settings, clock))
    every = settings.billing_seconds
    found = [Job(name="billing", every_seconds=every, run=lambda lead: plan_stale(lambda: lead.holds))]
    if settings.billing_webhook_url:
        hand_over = _hand_over(settings, clock)
        found.append(Job(name="billing_webhook", every_seconds=every, run=lambda lead: hand_over(lambda: lead.holds)))
    return found


def _hand_over(settings: Settings, clock: Clock) -> HandOver:
    from services.contracts.clients.billing_webhook import HttpWebhook
    from services.contracts.store.billing.billing import MongoBillingLines
    from services.contracts.store.billing.billing_deliveries import MongoBillingDeliveries

    file = settings.billing_webhook_secret_file
    if file is None or not file.is_file() or not (secret := file.read_bytes().strip()):
        refuse(
            ["BILLING_WEBHOOK_SECRET_FILE is missing: a file of the secret that the webhook's calls are signed with"]
        )
    webhook = HttpWebhook(settings.billing_webhook_url, secret)
    return HandOver(MongoBillingLines(clock), MongoBillingDeliveries(clock), webhook, clock)
