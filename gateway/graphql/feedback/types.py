"""Cases as types of the schema."""

from enum import IntEnum
from typing import TYPE_CHECKING, Annotated

import strawberry

from gateway.graphql.edges import CONTRACTS, CUSTOMERS, EMPLOYEES, MEMBERS
from gateway.graphql.joins import joined
from gateway.graphql.nodes import Node
from gateway.graphql.scalars import DateTime
from gateway.graphql.sources import message
from membercare.feedback.v1 import case_pb2

if TYPE_CHECKING:
    from gateway.graphql.care.core.types import Member
    from gateway.graphql.contracts.life_cycle.types import Contract, Customer
    from gateway.graphql.kpi.types import Employee


@strawberry.enum(description="What a case is about.")
class CaseKind(IntEnum):
    SERVICE_REQUEST = 1
    COMPLAINT = 2
    INQUIRY = 3
    SUGGESTION = 4


@strawberry.enum(description="How much a case matters; it sets the deadline.")
class CaseSeverity(IntEnum):
    LOW = 1
    NORMAL = 2
    HIGH = 3
    MAJOR = 4


@strawberry.enum(description="Where a case stands. It moves by mutations only.")
class CaseState(IntEnum):
    OPEN = 1
    ASSIGNED = 2
    CLOSED = 3


@strawberry.enum(description="Where a case came from.")
class CaseSource(IntEnum):
    STAFF = 1
    VISIT = 2
    ORDER = 3


@message(case_pb2.Case, description="One thing that a person told us, what was promised, and what became of it.")
class Case(Node):
    number: str = strawberry.field(description="The number people use, for example `2026-000042`.")
    kind: CaseKind
    severity: CaseSeverity
    title: str
    description: str | None = strawberry.field(description="In the person's own words.")
    state: CaseState
    source: CaseSource
    source_id: strawberry.ID | None = strawberry.field(description="What it came from, for example a visit.")
    customer_id: strawberry.ID | None
    member_id: strawberry.ID | None
    contract_id: strawberry.ID | None
    assignee_id: strawberry.ID | None = strawberry.field(description="The employee who works on it.")
    due_time: DateTime | None = strawberry.field(description="When it must be closed.")
    opened_time: DateTime | None
    assigned_time: DateTime | None
    closed_time: DateTime | None
    resolution: str | None = strawberry.field(description="What was done.")
    closed_on_time: bool = strawberry.field(description="Closed, and not after the deadline.")
    etag: str = strawberry.field(description="The version: send it back to refuse a lost update.")
    member: Annotated["Member", strawberry.lazy("gateway.graphql.care.core.types")] | None = joined(
        MEMBERS, key="member_id", description="Who told us."
    )
    customer: Annotated["Customer", strawberry.lazy("gateway.graphql.contracts.life_cycle.types")] | None = joined(
        CUSTOMERS, key="customer_id", description="The customer concerned."
    )
    contract: Annotated["Contract", strawberry.lazy("gateway.graphql.contracts.life_cycle.types")] | None = joined(
        CONTRACTS, key="contract_id", description="The contract concerned."
    )
    assignee: Annotated["Employee", strawberry.lazy("gateway.graphql.kpi.types")] | None = joined(
        EMPLOYEES, key="assignee_id", description="Who works on it."
    )
