"""Occasions and blackouts, with only what matters named."""

from typing import Any

from membercare.care.v1 import calendars_service_pb2 as pb
from membercare.care.v1 import campaign_plan_pb2, occasion_pb2
from membercare.care.v1.calendars_service_pb2_grpc import CalendarsServiceStub as Stub
from services.care.domain.calendars.occasion import built_in_id

SEVEN_JUNE = occasion_pb2.OccasionRule(kind=occasion_pb2.OCCASION_KIND_SOLAR_DATE, month=6, day=7)


def an_occasion(ops: Stub, rule: occasion_pb2.OccasionRule = SEVEN_JUNE, **fields: str) -> occasion_pb2.Occasion:
    request = pb.CreateOccasionRequest(name_en="Company day", name_zh="司庆日", rule=rule, **fields)
    return ops.CreateOccasion(request).occasion


def a_blackout(ops: Stub, **fields: Any) -> occasion_pb2.Blackout:
    days = occasion_pb2.BlackoutDays(
        span=occasion_pb2.BLACKOUT_SPAN_OCCASION, occasion_id=built_in_id("qingming"), days_after=1
    )
    told: dict[str, Any] = {"name_en": "Qingming", "name_zh": "清明", "days": days} | fields
    told.setdefault("behaviour", campaign_plan_pb2.BLACKOUT_MOVE_FORWARD)
    return ops.CreateBlackout(pb.CreateBlackoutRequest(blackout=occasion_pb2.Blackout(**told))).blackout
