"""The methods about the company's rules for sending: unpack, call, pack."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

import grpc

from membercare.care.v1 import sending_service_pb2 as pb
from membercare.care.v1 import sending_settings_pb2
from services.care.domain.sending.caps import Cap, CapPeriod
from services.care.domain.sending.settings import QuietRule, SendingSettings
from services.care.domain.sending.windows import QuietWindow
from services.care.ports.sending_settings import Settings
from services.care.rpc.enums import CHANNELS, PURPOSES, needed
from services.care.usecases.sending.keep_settings import KeepSettings
from services.chassis.errors import InvalidField
from services.chassis.identity import current_caller
from services.chassis.proto_enums import EnumTable
from services.chassis.timestamps import to_timestamp

_PERIODS = EnumTable(CapPeriod, sending_settings_pb2.CapPeriod)
_Member = TypeVar("_Member", bound=StrEnum)


@dataclass(frozen=True, kw_only=True)
class SettingsMethods:
    """Reads go to the store, writes to the use case."""

    rules: Settings
    keep_settings: KeepSettings

    def GetSendingSettings(
        self, request: pb.GetSendingSettingsRequest, context: grpc.ServicerContext
    ) -> pb.GetSendingSettingsResponse:
        return pb.GetSendingSettingsResponse(settings=settings_to_pb(self.rules.get()))

    def UpdateSendingSettings(
        self, request: pb.UpdateSendingSettingsRequest, context: grpc.ServicerContext
    ) -> pb.UpdateSendingSettingsResponse:
        told = request.settings
        changed = self.keep_settings.change(
            tuple(_to_quiet(each, f"settings.quiet_hours[{place}]") for place, each in enumerate(told.quiet_hours)),
            tuple(_to_cap(each, f"settings.caps[{place}]") for place, each in enumerate(told.caps)),
            caller=current_caller(),
            etag=told.etag,
            request_id=request.request_id,
        )
        return pb.UpdateSendingSettingsResponse(settings=settings_to_pb(changed))

    def StopAllSending(
        self, request: pb.StopAllSendingRequest, context: grpc.ServicerContext
    ) -> pb.StopAllSendingResponse:
        stopped = self.keep_settings.stop(
            request.reason, caller=current_caller(), etag=request.etag, request_id=request.request_id
        )
        return pb.StopAllSendingResponse(settings=settings_to_pb(stopped))

    def AllowSending(self, request: pb.AllowSendingRequest, context: grpc.ServicerContext) -> pb.AllowSendingResponse:
        allowed = self.keep_settings.allow(caller=current_caller(), etag=request.etag, request_id=request.request_id)
        return pb.AllowSendingResponse(settings=settings_to_pb(allowed))


def settings_to_pb(settings: SendingSettings) -> sending_settings_pb2.SendingSettings:
    stop = settings.stop
    return sending_settings_pb2.SendingSettings(
        quiet_hours=map(_quiet_to_pb, settings.quiet),
        caps=map(_cap_to_pb, settings.caps),
        stop=sending_settings_pb2.EmergencyStop(by=stop.by, stop_time=to_timestamp(stop.at), reason=stop.reason)
        if stop
        else None,
        update_time=to_timestamp(settings.updated_at) if settings.updated_at else None,
        updated_by=settings.updated_by,
        etag=str(settings.version),
    )


def _quiet_to_pb(rule: QuietRule) -> sending_settings_pb2.QuietHoursRule:
    return sending_settings_pb2.QuietHoursRule(
        start=rule.window.start,
        end=rule.window.end,
        channels=map(CHANNELS.number, rule.channels),
        purposes=map(PURPOSES.number, rule.purposes),
    )


def _cap_to_pb(cap: Cap) -> sending_settings_pb2.FrequencyCap:
    return sending_settings_pb2.FrequencyCap(
        most=cap.most,
        period=_PERIODS.number(cap.period),
        rolling_hours=cap.rolling_hours,
        channels=map(CHANNELS.number, cap.channels),
        purposes=map(PURPOSES.number, cap.purposes),
    )


def _to_quiet(rule: sending_settings_pb2.QuietHoursRule, field: str) -> QuietRule:
    return QuietRule(
        QuietWindow(rule.start, rule.end),
        channels=_members(CHANNELS, rule.channels, field=f"{field}.channels"),
        purposes=_members(PURPOSES, rule.purposes, field=f"{field}.purposes"),
    )


def _to_cap(cap: sending_settings_pb2.FrequencyCap, field: str) -> Cap:
    return Cap(
        cap.most,
        needed(_PERIODS, cap.period, field=f"{field}.period"),
        rolling_hours=cap.rolling_hours,
        channels=_members(CHANNELS, cap.channels, field=f"{field}.channels"),
        purposes=_members(PURPOSES, cap.purposes, field=f"{field}.purposes"),
    )


def _members(table: EnumTable[_Member], numbers: Sequence[int], *, field: str) -> tuple[_Member, ...]:
    """Return what is named, each once and in a fixed order."""
    found = {table.member(number, field) for number in numbers}
    if None in found:
        raise InvalidField(field, f"{field} names nothing.")
    return tuple(sorted(each for each in found if each is not None))
