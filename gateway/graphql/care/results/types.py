"""Service plans as types of the schema."""

from enum import IntEnum
from typing import TYPE_CHECKING, Annotated

import strawberry

from gateway.graphql.care.core.enums import VisitMeans
from gateway.graphql.care.visits.types import Visit
from gateway.graphql.edges import CUSTOMERS, EMPLOYEES, VISITS
from gateway.graphql.joins import joined
from gateway.graphql.nodes import Node
from gateway.graphql.scalars import Date, DateTime
from gateway.graphql.sources import message
from membercare.care.v1 import results_service_pb2, service_plan_pb2

if TYPE_CHECKING:
    from gateway.graphql.contracts.life_cycle.types import Customer
    from gateway.graphql.kpi.types import Employee

_Customer = Annotated["Customer", strawberry.lazy("gateway.graphql.contracts.life_cycle.types")]
_Employee = Annotated["Employee", strawberry.lazy("gateway.graphql.kpi.types")]


@strawberry.enum(description="What became of a visit that a plan asks for.")
class SlotState(IntEnum):
    UPCOMING = 1
    ON_TIME = 2
    LATE = 3
    NOT_REACHED = 4
    MISSED = 5
    CANCELLED = 6


@message(service_plan_pb2.PlanItem, description="Something that is done some times a year.")
class PlanItem:
    code: str = strawberry.field(description="Names it within the plan, for good.")
    topic: str
    means: VisitMeans
    months: list[int] = strawberry.field(description="On a day of these months; empty: see `everyDays`.")
    day: int = strawberry.field(description="Of those months; where a month is shorter, its last.")
    every_days: int = strawberry.field(description="From the first day of the plan on; 0: by months.")
    script_code: str
    skill: str | None


@message(service_plan_pb2.PlanTenure, description="Who looks after the account from when on.")
class PlanTenure:
    manager_id: strawberry.ID
    since_time: DateTime
    manager: _Employee | None = joined(EMPLOYEES, key="manager_id", description="Who it is.")


@message(service_plan_pb2.ServicePlan, description="The plan of one key account for one year.")
class ServicePlan(Node):
    customer_id: strawberry.ID
    year: int
    title: str
    start_date: Date = strawberry.field(description="Nothing is planned before this day.")
    items: list[PlanItem]
    manager_id: strawberry.ID = strawberry.field(description="The employee in charge.")
    managers: list[PlanTenure] = strawberry.field(description="Everybody who was in charge, oldest first.")
    ended_time: DateTime | None
    copied_from_id: strawberry.ID | None = strawberry.field(description="The plan that it is a copy of.")
    etag: str = strawberry.field(description="The version: send it back to refuse a lost update.")
    create_time: DateTime
    customer: _Customer | None = joined(CUSTOMERS, key="customer_id", description="The customer.")
    manager: _Employee | None = joined(EMPLOYEES, key="manager_id", description="The employee in charge.")


@message(service_plan_pb2.PlanSlot, description="One visit that a plan asks for, and what became of it.")
class PlanSlot:
    item_code: str
    topic: str
    date: Date
    state: SlotState
    visit_id: strawberry.ID | None = strawberry.field(description="Null: not in a call list yet.")
    visit: Visit | None = joined(VISITS, key="visit_id", description="The visit.")


@message(results_service_pb2.GetPlanAdherenceResponse, description="Planned against done, as of today.")
class PlanAdherence:
    slots: list[PlanSlot] = strawberry.field(description="Every visit that the plan asks for, by day.")
    on_time: int
    late: int
    not_reached: int
    missed: int
    upcoming: int
    permille: int | None = strawberry.field(description="Made of what was due so far; null: nothing was due yet.")
