"""Builds the room of points, tiers and privileges."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from services.care.config import Settings
from services.chassis import logs
from services.chassis.clock import Clock, SystemClock

if TYPE_CHECKING:
    from services.care.ports.loyalty import AccountsStuck
    from services.care.rpc.loyalty.servicer import LoyaltyServicer
    from services.care.usecases.loyalty.carry_points import CarryPoints
    from services.care.usecases.loyalty.settle_accounts import FollowValue, HearValue, JudgeValued
    from services.chassis.rooms import RpcRoom
    from services.chassis.scheduled import Job

OUTBOXES: Sequence[str] = ("points_accounts", "points_runs")
_SETTLE_SECONDS = 60.0
_log = logs.get("care.loyalty")


def documents() -> Sequence[type]:
    """Return the documents whose indexes `migrate` builds."""
    from services.care.store.loyalty.ledger import PointsAccountDocument, PointsEntryDocument
    from services.care.store.loyalty.program import LoyaltyProgramDocument
    from services.care.store.loyalty.runs import PointsRunDocument

    return (LoyaltyProgramDocument, PointsAccountDocument, PointsEntryDocument, PointsRunDocument)


def build_servicer(settings: Settings) -> "LoyaltyServicer":
    """Wire the methods to the use cases and stores."""
    from services.care.rpc.loyalty.servicer import LoyaltyServicer
    from services.care.store.loyalty.ledger import MongoPointsLedger
    from services.care.store.loyalty.program import MongoPrograms
    from services.care.usecases.loyalty.keep_program import ReadAccounts, SetTerms
    from services.care.usecases.loyalty.post_points import PostPoints

    clock, zone = SystemClock(), settings.company_time_zone
    ledger, programs = MongoPointsLedger(clock), MongoPrograms.of(clock)
    return LoyaltyServicer(
        ledger=ledger,
        programs=programs,
        set_terms=SetTerms(programs, clock, zone),
        post=PostPoints(ledger, programs, clock, zone),
        read=ReadAccounts(ledger, programs, clock, zone),
    )


def build_carry_points(settings: Settings) -> "CarryPoints":
    """Wire what moves points when members are merged."""
    from services.care.store.loyalty.ledger import MongoPointsLedger
    from services.care.store.loyalty.program import MongoPrograms
    from services.care.usecases.loyalty.carry_points import CarryPoints

    clock = SystemClock()
    return CarryPoints(MongoPointsLedger(clock), MongoPrograms.of(clock), clock, settings.company_time_zone)


def hear_value(settings: Settings) -> "HearValue":
    """Wire what follows when contracts says what a customer is worth."""
    from services.care.store.members.members import MongoMembers
    from services.care.usecases.loyalty.settle_accounts import HearValue

    clock = SystemClock()
    return HearValue(_build_judge_valued(clock, settings.company_time_zone), MongoMembers(clock))


def build_follow_value(clock: Clock, time_zone: str) -> "FollowValue":
    """Wire what lets tiers follow members who come to customers."""
    from services.care.store.loyalty.ledger import MongoPointsLedger
    from services.care.usecases.loyalty.settle_accounts import FollowValue

    return FollowValue(_build_judge_valued(clock, time_zone), MongoPointsLedger(clock))


def _build_judge_valued(clock: Clock, time_zone: str) -> "JudgeValued":
    from services.care.store.loyalty.ledger import MongoPointsLedger
    from services.care.store.loyalty.program import MongoPrograms
    from services.care.usecases.loyalty.settle_accounts import JudgeValued

    return JudgeValued(MongoPointsLedger(clock), MongoPrograms.of(clock), clock, time_zone)


def rpc_room(settings: Settings) -> "RpcRoom":
    """Return what this room serves."""
    from membercare.care.v1.loyalty_service_pb2_grpc import add_LoyaltyServiceServicer_to_server
    from services.care.rpc.loyalty.access import ACCESS
    from services.care.rpc.loyalty.servicer import FULL_NAME
    from services.chassis.rooms import RpcRoom

    servicer = build_servicer(settings)
    return RpcRoom(FULL_NAME, ACCESS, lambda server: add_LoyaltyServiceServicer_to_server(servicer, server))


def jobs(settings: Settings) -> "Sequence[Job]":
    """Return what the leader does regularly."""
    from services.care.store.loyalty.ledger import MongoPointsLedger
    from services.care.store.loyalty.program import MongoPrograms
    from services.care.usecases.loyalty.settle_accounts import SettleAccounts
    from services.chassis.scheduled import Job

    clock = SystemClock()
    settle = SettleAccounts(
        MongoPointsLedger(clock), MongoPrograms.of(clock), clock, settings.company_time_zone, _cannot_settle
    )
    return (Job(name="settle_points", every_seconds=_SETTLE_SECONDS, run=lambda lead: settle(lambda: lead.holds)),)


def _cannot_settle(stuck: "AccountsStuck") -> None:
    _log.error("points_not_settled", member_ids=list(stuck.member_ids), error=stuck.__cause__)
