"""Builds the room of what is covered, what is left of allowances, and chargeable service."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from services.chassis import logs
from services.chassis.clock import SystemClock
from services.contracts.config import Settings
from services.contracts.usecases.entitlement.check_entitlement import CheckEntitlement
from services.contracts.usecases.entitlement.order_service import CreateServiceOrder, MoveServiceOrder, Pricing
from services.contracts.usecases.entitlement.use_allowance import (
    ConsumeAllowance,
    CorrectAllowance,
    ExpireReservations,
    ReleaseAllowance,
    ReserveAllowance,
)

if TYPE_CHECKING:
    from services.chassis.rooms import RpcRoom
    from services.chassis.scheduled import Job
    from services.contracts.rpc.entitlement.servicer import EntitlementServicer

OUTBOXES: Sequence[str] = ("service_orders",)
EXPIRE_EVERY_SECONDS = 30.0
_log = logs.get("contracts.entitlement")


def documents() -> Sequence[type]:
    """Return the documents whose indexes `migrate` builds."""
    from services.contracts.store.entitlement.allowance_counters import AllowanceCounterDocument
    from services.contracts.store.entitlement.service_orders import ServiceOrderDocument
    from services.contracts.store.entitlement.usages import AllowanceUsageDocument

    return (AllowanceCounterDocument, AllowanceUsageDocument, ServiceOrderDocument)


def build_servicer(settings: Settings) -> "EntitlementServicer":
    """Wire the methods to the use cases and stores."""
    from services.contracts.rpc.entitlement.servicer import EntitlementServicer
    from services.contracts.store.entitlement.allowance_balances import MongoBalances
    from services.contracts.store.entitlement.cover_facts import MongoCoverFacts
    from services.contracts.store.entitlement.service_orders import MongoServiceOrders
    from services.contracts.store.entitlement.service_prices import MongoServicePrices
    from services.contracts.store.entitlement.usages import MongoUsages

    clock, minutes, zone = SystemClock(), settings.labour_rounding_minutes, settings.company_time_zone
    prices = MongoServicePrices(zone, keep_seconds=settings.price_list_seconds)
    facts, orders = MongoCoverFacts(zone, prices), MongoServiceOrders(clock)
    usages, pricing = MongoUsages(clock, facts), Pricing(prices, minutes)
    return EntitlementServicer(
        clock=clock,
        usages=usages,
        balances=MongoBalances(),
        orders=orders,
        check_entitlement=CheckEntitlement(facts, clock, minutes),
        reserve_allowance=ReserveAllowance(
            usages=usages,
            clock=clock,
            rounding_minutes=minutes,
            lifetime=timedelta(hours=settings.reservation_hours),
        ),
        consume_allowance=ConsumeAllowance(usages=usages, clock=clock, rounding_minutes=minutes),
        release_allowance=ReleaseAllowance(usages=usages, clock=clock),
        correct_allowance=CorrectAllowance(usages=usages, clock=clock, rounding_minutes=minutes),
        create_service_order=CreateServiceOrder(
            orders=orders, facts=facts, pricing=pricing, clock=clock, tolerance_bps=settings.estimate_tolerance_bps
        ),
        move_service_order=MoveServiceOrder(orders, pricing, clock),
    )


def rpc_room(settings: Settings) -> "RpcRoom":
    """Return what this room serves."""
    from membercare.contracts.v1.entitlement_service_pb2_grpc import add_EntitlementServiceServicer_to_server
    from services.chassis.rooms import RpcRoom
    from services.contracts.rpc.entitlement.access import ACCESS
    from services.contracts.rpc.entitlement.servicer import FULL_NAME

    servicer = build_servicer(settings)
    return RpcRoom(FULL_NAME, ACCESS, lambda server: add_EntitlementServiceServicer_to_server(servicer, server))


def jobs(settings: Settings) -> "Sequence[Job]":
    """Return what the leader does regularly."""
    from services.chassis.scheduled import Job
    from services.contracts.store.entitlement.cover_facts import MongoCoverFacts
    from services.contracts.store.entitlement.service_prices import MongoServicePrices
    from services.contracts.store.entitlement.usages import MongoUsages

    clock, zone = SystemClock(), settings.company_time_zone
    facts = MongoCoverFacts(zone, MongoServicePrices(zone, keep_seconds=settings.price_list_seconds))
    expire = ExpireReservations(usages=MongoUsages(clock, facts), clock=clock, tell=_cannot_expire)
    return (
        Job(
            name="expire_reservations",
            every_seconds=EXPIRE_EVERY_SECONDS,
            run=lambda lead: expire(lambda: lead.holds),
        ),
    )


def _cannot_expire(usage_id: str, error: Exception) -> None:
    _log.error("reservation_not_expired", usage=usage_id, error=error)
