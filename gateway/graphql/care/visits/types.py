"""Return visits as types of the schema."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from gateway.graphql.care.core.enums import AttemptOutcome, VisitKind, VisitMeans, VisitOutcome, VisitState
from gateway.graphql.edges import CAMPAIGNS, CASES, CONTRACTS, CUSTOMERS, EMPLOYEES, MEMBERS
from gateway.graphql.joins import joined
from gateway.graphql.nodes import Node
from gateway.graphql.scalars import Date, DateTime
from gateway.graphql.sources import message
from membercare.care.v1 import visit_pb2

if TYPE_CHECKING:
    from gateway.graphql.care.core.types import Campaign, Member
    from gateway.graphql.contracts.life_cycle.types import Contract, Customer
    from gateway.graphql.feedback.types import Case
    from gateway.graphql.kpi.types import Employee

_Member = Annotated["Member", strawberry.lazy("gateway.graphql.care.core.types")]
_Campaign = Annotated["Campaign", strawberry.lazy("gateway.graphql.care.core.types")]
_Customer = Annotated["Customer", strawberry.lazy("gateway.graphql.contracts.life_cycle.types")]
_Contract = Annotated["Contract", strawberry.lazy("gateway.graphql.contracts.life_cycle.types")]
_Case = Annotated["Case", strawberry.lazy("gateway.graphql.feedback.types")]
_Employee = Annotated["Employee", strawberry.lazy("gateway.graphql.kpi.types")]


@message(visit_pb2.VisitAttempt, description="One try to reach somebody.")
class VisitAttempt:
    time: DateTime
    by: str = strawberry.field(description="Subject of the person who tried.")
    outcome: AttemptOutcome
    note: str | None
    call_back_time: DateTime | None = strawberry.field(description="When the customer wants to be called.")


@message(visit_pb2.FallbackStep, description="What follows when all tries were in vain.")
class FallbackStep:
    means: VisitMeans
    after_days: int = strawberry.field(description="Days after the last try.")


@message(visit_pb2.AttemptRule, description="How often somebody is tried, and what follows.")
class AttemptRule:
    tries: int
    days: int = strawberry.field(description="Days that the tries are spread over.")
    retry_minutes: int = strawberry.field(description="Minutes between two tries of a day.")
    fallbacks: list[FallbackStep]


@message(visit_pb2.VisitMove, description="One time that a visit was put off or brought forward.")
class VisitMove:
    time: DateTime
    by: str = strawberry.field(description="Subject of the person who decided.")
    from_date: Date
    to_date: Date
    reason: str | None


@message(visit_pb2.VisitHold, description="Why a visit that is due is given to nobody.")
class VisitHold:
    reason: str = strawberry.field(
        description="DO_NOT_CONTACT or MEMBER_GONE; of a campaign's call also SENDING_STOPPED, CAMPAIGN_PAUSED, "
        "CAMPAIGN_ARCHIVED."
    )
    explanation_en: str = strawberry.field(description="In English.")
    explanation_zh: str = strawberry.field(description="In Simplified Chinese.")


@message(visit_pb2.Visit, description="A call or visit that is owed to a customer, and what came of it.")
class Visit(Node):
    contract_id: strawberry.ID | None
    customer_id: strawberry.ID | None
    member_id: strawberry.ID | None
    owner_id: strawberry.ID | None = strawberry.field(description="The employee who makes it.")
    due_date: Date
    state: VisitState
    outcome: VisitOutcome | None
    satisfaction: int | None = strawberry.field(description="1 (worst) to 5 (best).")
    words: str | None = strawberry.field(description="The customer's own words.")
    completed_time: DateTime | None
    completed_by: str | None = strawberry.field(description="Subject of the person who completed it.")
    kind: VisitKind | None = strawberry.field(description="Why it is owed.")
    means: VisitMeans | None = strawberry.field(description="How it is made.")
    topic: str | None = strawberry.field(description="What it is about; null: its kind says it.")
    source_id: strawberry.ID | None = strawberry.field(description="The order, asset, case or touch that it follows.")
    campaign_id: strawberry.ID | None = strawberry.field(description="The campaign that asks for it.")
    case_id: strawberry.ID | None = strawberry.field(description="The case whose closing it confirms.")
    round: int = strawberry.field(description="Counts the calls that confirm the same case from 1; 0: none.")
    plan_id: strawberry.ID | None = strawberry.field(description="The service plan that asks for it.")
    script_code: str | None
    skill: str | None = strawberry.field(description="What the one who makes it must know.")
    window_from: str | None = strawberry.field(description="Not earlier on a day, `HH:MM` where the member is.")
    window_to: str | None = strawberry.field(description="Not later on a day, `HH:MM` where the member is.")
    time_zone: str | None
    next_time: DateTime | None = strawberry.field(description="Not before this moment.")
    attempts: list[VisitAttempt] = strawberry.field(description="What was tried so far, oldest first.")
    attempt_rule: AttemptRule | None
    claimed_by_id: strawberry.ID | None = strawberry.field(description="The employee who has it in hand.")
    claimed_until: DateTime | None
    moves: list[VisitMove] = strawberry.field(description="How it was put off or brought forward, oldest first.")
    overdue_time: DateTime | None = strawberry.field(description="When its day had passed and it was not made.")
    follow_up_of_id: strawberry.ID | None = strawberry.field(
        description="The visit in which nobody was reached, which this SMS or letter follows."
    )
    next_step: str | None = strawberry.field(description="What was agreed to come next.")
    avoid_id: strawberry.ID | None = strawberry.field(description="Whose work it asks about: somebody else makes it.")
    cancel_reason: str | None = strawberry.field(description="Why it is no longer wanted, for example CASE_REOPENED.")
    cancel_explanation_en: str | None = strawberry.field(description="The same in English.")
    cancel_explanation_zh: str | None = strawberry.field(description="The same in Simplified Chinese.")
    hold: VisitHold | None = strawberry.field(description="Why nobody is given it although it is due.")
    etag: str = strawberry.field(description="The version: send it back to refuse a lost update.")
    create_time: DateTime
    member: _Member | None = joined(MEMBERS, key="member_id", description="Whom to speak with.")
    customer: _Customer | None = joined(CUSTOMERS, key="customer_id", description="The customer.")
    contract: _Contract | None = joined(CONTRACTS, key="contract_id", description="The contract it follows.")
    campaign: _Campaign | None = joined(CAMPAIGNS, key="campaign_id", description="The campaign that asks for it.")
    case: _Case | None = joined(CASES, key="case_id", description="The case whose closing it confirms.")
    owner: _Employee | None = joined(EMPLOYEES, key="owner_id", description="The employee who makes it.")
