"""An order: what an accepted quote sold, until the customer has accepted it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from services.chassis.checks import civil_date, line, text
from services.chassis.errors import InvalidField
from services.chassis.ids import derived_id
from services.contracts.domain.sales.order_milestones import (
    SEQUENCE,
    TRANSITIONS,
    Cancellation,
    Done,
    OrderMilestone,
    OrderVerb,
    Progress,
    planned,
    reached,
    started,
)
from services.contracts.domain.sales.quote import Quote
from services.contracts.domain.sales.sales_errors import SalesTransitionRefused, SerialsDifferFromQuantity
from services.contracts.domain.sales.sales_events import (
    DeliveredLine,
    Issue,
    OrderAccepted,
    OrderDelivered,
    OrderShipped,
)
from services.contracts.domain.terms.money import Money

MOST_CARRIER, MOST_NAME, MOST_SERIAL, MOST_SERIALS, MOST_ISSUES, MOST_ISSUE = 100, 200, 100, 1000, 50, 1000
MOST_REASON = 500

Plan = Sequence[tuple[OrderMilestone | None, str]]
"""Milestones and their days, not yet checked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLine:
    """One thing that was sold."""

    id: str
    description: str
    product_id: str
    quantity: int
    total: Money
    serials: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An order as stored."""

    id: str
    version: int = 1
    quote_id: str
    quote_version: int
    opportunity_id: str
    customer_id: str
    owner_id: str
    title: str
    lines: tuple[OrderLine, ...]
    total: Money
    milestone: OrderMilestone = OrderMilestone.PLANNED
    milestones: tuple[Progress, ...]
    next_planned_date: date | None = None
    """The day that the next milestone is planned for."""
    carrier: str = ""
    tracking_number: str = ""
    accepted_by: str = ""
    issues: tuple[Issue, ...] = ()
    cancellation: Cancellation | None = None
    author: str
    create_time: datetime
    update_time: datetime
    events: tuple[object, ...] = ()

    @classmethod
    def of_quote(cls, quote: Quote, plan: Plan, *, done: Done) -> "Order":
        """Return the order of an accepted quote: always the same one for the same quote."""
        accepted = quote.accepted
        order = cls(
            id=derived_id("ord", "quote", quote.id),
            quote_id=quote.id,
            quote_version=accepted.number,
            opportunity_id=quote.opportunity_id,
            customer_id=quote.customer_id,
            owner_id=quote.owner_id,
            title=accepted.title,
            lines=tuple(
                OrderLine(
                    id=each.id,
                    description=each.description,
                    product_id=each.product_id,
                    quantity=each.quantity,
                    total=each.total,
                )
                for each in accepted.lines
            ),
            total=accepted.total,
            milestones=started(done),
            author=done.author,
            create_time=done.now,
            update_time=done.now,
        )
        return order.plan(plan, now=done.now) if plan else order

    @property
    def cycle_days(self) -> int | None:
        """Return the days from the order to its acceptance, or None until then."""
        first, last = self.milestones[0].actual_date, self.milestones[-1].actual_date
        return (last - first).days if first and last else None

    @property
    def progress(self) -> Progress:
        """Return the last milestone that was reached."""
        return self.milestones[SEQUENCE.index(self.milestone)]

    def plan(self, plan: Plan, *, now: datetime) -> "Order":
        """Return the order with the days of milestones to come; days follow the order of milestones."""
        self._after(OrderVerb.PLAN)
        return self._at(self.milestone, planned(self.milestones, _checked(plan)), now=now)

    def start(self, *, done: Done) -> "Order":
        """Return the order in production."""
        return self._reached(OrderVerb.START, done)

    def ship(self, carrier: str, tracking_number: str, *, done: Done) -> "Order":
        """Return the order that is on its way."""
        moved = replace(
            self._reached(OrderVerb.SHIP, done),
            carrier=line(carrier, "carrier", most=MOST_CARRIER),
            tracking_number=line(tracking_number, "tracking_number", most=MOST_CARRIER),
        )
        progress = moved.progress
        said = OrderShipped(
            order_id=self.id,
            quote_id=self.quote_id,
            customer_id=self.customer_id,
            owner_id=self.owner_id,
            title=self.title,
            carrier=moved.carrier,
            tracking_number=moved.tracking_number,
            planned_date=progress.planned_date,
            shipped_date=_day(progress),
            delay_days=progress.delay_days,
            expected_delivery_date=moved.next_planned_date,
            occurred_time=done.now,
        )
        return replace(moved, events=(said,))

    def deliver(self, serials: Mapping[str, Sequence[str]], *, done: Done) -> "Order":
        """Return the order that the customer has, with the serial numbers of what was delivered."""
        moved = replace(self._reached(OrderVerb.DELIVER, done), lines=self._with_serials(serials))
        progress = moved.progress
        said = OrderDelivered(
            order_id=self.id,
            quote_id=self.quote_id,
            customer_id=self.customer_id,
            owner_id=self.owner_id,
            title=self.title,
            lines=tuple(
                DeliveredLine(line_id=each.id, product_id=each.product_id, quantity=each.quantity, serials=each.serials)
                for each in moved.lines
            ),
            planned_date=progress.planned_date,
            delivered_date=_day(progress),
            delay_days=progress.delay_days,
            occurred_time=done.now,
        )
        return replace(moved, events=(said,))

    def accept(self, accepted_by: str, issues: Sequence[Issue], *, done: Done) -> "Order":
        """Return the order that the customer accepted, with what is wrong."""
        moved = replace(
            self._reached(OrderVerb.ACCEPT, done),
            accepted_by=line(accepted_by, "accepted_by", most=MOST_NAME, least=1),
            issues=self._checked_issues(issues),
        )
        progress = moved.progress
        said = OrderAccepted(
            order_id=self.id,
            quote_id=self.quote_id,
            customer_id=self.customer_id,
            owner_id=self.owner_id,
            title=self.title,
            total=self.total,
            planned_date=progress.planned_date,
            accepted_date=_day(progress),
            delay_days=progress.delay_days,
            cycle_days=moved.cycle_days or 0,
            accepted_by=moved.accepted_by,
            issues=moved.issues,
            occurred_time=done.now,
        )
        return replace(moved, events=(said,))

    def cancel(self, reason: str, *, by: str, now: datetime) -> "Order":
        """Return the order that was called off before it was shipped; what was reached by then stays to be seen."""
        milestone = self._after(OrderVerb.CANCEL)
        why = Cancellation(by=by, time=now, reason=text(reason, "reason", most=MOST_REASON, least=1))
        return replace(self, milestone=milestone, cancellation=why, next_planned_date=None, update_time=now, events=())

    def _after(self, verb: OrderVerb) -> OrderMilestone:
        milestone = TRANSITIONS.get((self.milestone, verb))
        if milestone is None:
            raise SalesTransitionRefused("order", self.id, state=self.milestone.value, verb=verb.value)
        return milestone

    def _reached(self, verb: OrderVerb, done: Done) -> "Order":
        milestone = self._after(verb)
        return self._at(milestone, reached(self.milestones, milestone, done=done), now=done.now)

    def _at(self, milestone: OrderMilestone, milestones: tuple[Progress, ...], *, now: datetime) -> "Order":
        ahead = milestones[SEQUENCE.index(milestone) + 1 :]
        due = ahead[0].planned_date if ahead else None
        return replace(
            self, milestone=milestone, milestones=milestones, next_planned_date=due, update_time=now, events=()
        )

    def _with_serials(self, serials: Mapping[str, Sequence[str]]) -> tuple[OrderLine, ...]:
        known = {each.id for each in self.lines}
        if strangers := [key for key in serials if key not in known]:
            raise InvalidField("serials.line_id", f"serials.line_id {strangers[0][:40]!r} is no line of the order.")
        every = [serial for numbers in serials.values() for serial in numbers]
        if len(set(every)) < len(every):
            raise InvalidField("serials.serials", "serials.serials names a number twice.")
        return tuple(replace(each, serials=_serials(serials.get(each.id, ()), each)) for each in self.lines)

    def _checked_issues(self, issues: Sequence[Issue]) -> tuple[Issue, ...]:
        if len(issues) > MOST_ISSUES:
            raise InvalidField("issues", f"issues holds {len(issues)} issues; at most {MOST_ISSUES} are allowed.")
        known = {"", *(each.id for each in self.lines)}
        if any(each.line_id not in known for each in issues):
            raise InvalidField("issues.line_id", "issues.line_id is no line of the order.")
        return tuple(
            replace(each, description=text(each.description, "issues.description", most=MOST_ISSUE, least=1))
            for each in issues
        )


def _checked(plan: Plan) -> dict[OrderMilestone, date]:
    days: dict[OrderMilestone, date] = {}
    if not plan:
        raise InvalidField("plan", "plan is empty.")
    for milestone, day in plan:
        if milestone not in SEQUENCE[1:] or milestone in days:
            raise InvalidField("plan.milestone", "plan.milestone must be one of those to come, and none twice.")
        if milestone:
            days[milestone] = civil_date(day, "plan.date")
    return days


def _serials(numbers: Sequence[str], of: OrderLine) -> tuple[str, ...]:
    if not numbers:
        return ()
    if len(numbers) > MOST_SERIALS:
        raise InvalidField("serials.serials", f"serials.serials holds more than {MOST_SERIALS} numbers for a line.")
    if len(numbers) != of.quantity:
        raise SerialsDifferFromQuantity(of.id, quantity=of.quantity, serials=len(numbers))
    return tuple(line(each, "serials.serials", most=MOST_SERIAL, least=1) for each in numbers)


def _day(progress: Progress) -> date:
    assert progress.actual_date is not None  # noqa: S101  # it was just reached
    return progress.actual_date
