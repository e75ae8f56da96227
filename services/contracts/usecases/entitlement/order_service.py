"""Order a chargeable service: estimate, consent, work, charge."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.chassis.checks import line, request_key
from services.chassis.clock import Clock
from services.chassis.ids import check_id, new_id, optional_id
from services.contracts.domain.entitlement.coverage import Verdict
from services.contracts.domain.entitlement.entitlement import hint_for
from services.contracts.domain.entitlement.entitlement_errors import ServiceIsCovered
from services.contracts.domain.entitlement.judge_coverage import judge
from services.contracts.domain.entitlement.service_lines import Item, LineKind, PricedLine, checked_items, priced
from services.contracts.domain.entitlement.service_order import (
    ConsentDetails,
    Estimate,
    ServiceOrder,
    ServiceOrderState,
)
from services.contracts.domain.entitlement.verdict_words import reason_words
from services.contracts.ports.entitlement import CoverFacts, ServiceOrders, ServicePrices
from services.contracts.usecases.entitlement.check_entitlement import Wanted

MOST_REFERENCE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class NewService:
    """What is to be estimated, not yet checked."""

    customer_id: str
    asset_id: str
    service_type: str
    reference: str
    items: Sequence[Item]
    technician_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceCommand:
    """Which order to change, on whose behalf, and the guards against lost updates and repeats."""

    order_id: str
    by: str
    etag: str = ""
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Pricing:
    """Prices items by the list of a moment."""

    prices: ServicePrices
    rounding_minutes: int

    def __call__(self, items: Sequence[Item], *, service_type: str, at: datetime, field: str) -> tuple[PricedLine, ...]:
        """Return priced lines, or refuse with PRICE_NOT_LISTED or INVALID_FIELD."""
        wanted = checked_items(items, field)
        parts = self.prices.parts([each.product_id for each in wanted if each.kind is LineKind.PART], at)
        rates = self.prices.tariff(service_type, at).rates
        return priced(wanted, rates=rates, part=parts.get, minutes=self.rounding_minutes, field=field)


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateServiceOrder:
    """Stores the first estimate of a service that nothing covers, or covers only in part."""

    orders: ServiceOrders
    facts: CoverFacts
    pricing: Pricing
    clock: Clock
    tolerance_bps: int

    def __call__(self, new: NewService, *, by: str, request_id: str) -> ServiceOrder:
        """Return the order as stored; a repeat of the request returns the first."""
        now = self.clock.now()
        wanted = Wanted(customer_id=new.customer_id, asset_id=new.asset_id, service_type=new.service_type)
        ask = wanted.checked(now, rounding_minutes=1)
        lines = self.pricing(new.items, service_type=ask.service_type, at=now, field="items")
        facts, tariff = self.facts.read(ask)
        judgement = judge(ask, facts)
        if judgement.verdict is Verdict.COVERED:
            raise ServiceIsCovered(reason_words(judgement).en, contract_id=judgement.contract_id)
        estimate = Estimate.of(lines, number=1, now=now)
        order = ServiceOrder(
            id=new_id("svc", now),
            customer_id=ask.customer_id,
            asset_id=ask.asset_id,
            service_type=ask.service_type,
            reference=line(new.reference, "reference", most=MOST_REFERENCE),
            state=ServiceOrderState.ESTIMATED,
            estimates=(estimate,),
            tolerance_bps=self.tolerance_bps,
            reason=judgement.reason,
            hint=hint_for(judgement, tariff, price=estimate.amount),
            technician_id=optional_id(new.technician_id, "emp", field="technician_id"),
            created_by=by,
            create_time=now,
            update_time=now,
        )
        return self.orders.add(order, request_key=request_key("create_service", request_id))


@dataclass(frozen=True, slots=True)
class MoveServiceOrder:
    """Every verb on an order that exists."""

    orders: ServiceOrders
    pricing: Pricing
    clock: Clock

    def revise(self, command: ServiceCommand, items: Sequence[Item]) -> ServiceOrder:
        """Return the order with a new estimate at the prices of its first one."""
        now = self.clock.now()

        def step(order: ServiceOrder) -> ServiceOrder:
            return order.revised(self._priced(order, items, field="items"), now=now)

        return self._change(command, "revise", step=step)

    def consent(self, command: ServiceCommand, details: ConsentDetails) -> ServiceOrder:
        """Return the order with the customer's consent."""
        now = self.clock.now()
        return self._change(command, "consent", step=lambda order: order.consented(details, by=command.by, now=now))

    def decline(self, command: ServiceCommand, reason: str) -> ServiceOrder:
        """Return the order without consent."""
        now = self.clock.now()
        return self._change(command, "decline", step=lambda order: order.declined(reason, now=now))

    def cancel(self, command: ServiceCommand, reason: str) -> ServiceOrder:
        """Return the order given up."""
        now = self.clock.now()
        return self._change(command, "cancel", step=lambda order: order.cancelled(reason, now=now))

    def start(self, command: ServiceCommand) -> ServiceOrder:
        """Return the order with work under way."""
        now = self.clock.now()
        return self._change(command, "start", step=lambda order: order.started(now))

    def complete(self, command: ServiceCommand, actuals: Sequence[Item]) -> ServiceOrder:
        """Return the order with its charge, at the prices of its first estimate."""
        now = self.clock.now()

        def step(order: ServiceOrder) -> ServiceOrder:
            return order.completed(self._priced(order, actuals, field="actuals"), by=command.by, now=now)

        return self._change(command, "complete", step=step)

    def _priced(self, order: ServiceOrder, items: Sequence[Item], *, field: str) -> tuple[PricedLine, ...]:
        # A list that changes between estimate and work must not change what the customer was told.
        return self.pricing(items, service_type=order.service_type, at=order.create_time, field=field)

    def _change(
        self, command: ServiceCommand, verb: str, *, step: Callable[[ServiceOrder], ServiceOrder]
    ) -> ServiceOrder:
        return self.orders.change(
            check_id(command.order_id, "svc", field="order_id"),
            step,
            etag=command.etag,
            request_key=request_key(f"{verb}_service", command.request_id),
        )
