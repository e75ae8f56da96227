"""The company's rules for sending as types of the schema."""

from enum import IntEnum

import strawberry

from gateway.graphql.care.core.enums import Channel, Purpose
from gateway.graphql.scalars import DateTime
from gateway.graphql.sources import message
from membercare.care.v1 import sending_settings_pb2


@strawberry.enum(description="In which period a cap counts; days, weeks and months are those of the member's calendar.")
class CapPeriod(IntEnum):
    DAY = 1
    WEEK = 2
    MONTH = 3
    ROLLING = 4


@message(sending_settings_pb2.QuietHoursRule, description="Hours of the member's own clock in which nothing leaves.")
class QuietHoursRule:
    start: str = strawberry.field(description="`HH:MM`, from which on it is quiet.")
    end: str = strawberry.field(description="`HH:MM`, at which it is quiet no more; before the start: of the next day.")
    channels: list[Channel] = strawberry.field(description="Empty: all.")
    purposes: list[Purpose] = strawberry.field(description="Empty: care and marketing.")


@message(sending_settings_pb2.FrequencyCap, description="At most so many messages to a member in a period.")
class FrequencyCap:
    most: int
    period: CapPeriod
    rolling_hours: int | None = strawberry.field(description="With a rolling period.")
    channels: list[Channel] = strawberry.field(description="Empty: all together.")
    purposes: list[Purpose] = strawberry.field(description="Empty: care and marketing together.")


@message(sending_settings_pb2.EmergencyStop, description="All sending is stopped.")
class EmergencyStop:
    by: str
    stop_time: DateTime
    reason: str


@message(sending_settings_pb2.SendingSettings, description="Quiet hours, frequency caps, the emergency stop.")
class SendingSettings:
    quiet_hours: list[QuietHoursRule]
    caps: list[FrequencyCap]
    stop: EmergencyStop | None = strawberry.field(description="Set while all sending is stopped.")
    update_time: DateTime | None
    updated_by: str | None
    etag: str = strawberry.field(description="The version: send it back to refuse a lost update.")


@strawberry.input(description="Quiet hours to set.")
class QuietHoursRuleInput:
    start: str = strawberry.field(description="`HH:MM`.")
    end: str = strawberry.field(description="`HH:MM`; before the start: of the next day.")
    channels: list[Channel] | None = strawberry.field(default=None, description="Absent or empty: all.")
    purposes: list[Purpose] | None = strawberry.field(default=None, description="Absent or empty: care and marketing.")


@strawberry.input(description="A cap to set.")
class FrequencyCapInput:
    most: int = strawberry.field(description="1 to 1000.")
    period: CapPeriod
    rolling_hours: int | None = strawberry.field(default=None, description="1 to 744, with a rolling period only.")
    channels: list[Channel] | None = strawberry.field(default=None, description="Absent or empty: all together.")
    purposes: list[Purpose] | None = strawberry.field(
        default=None, description="Absent or empty: care and marketing together."
    )


@strawberry.input(description="The rules that take the place of all before.")
class SendingSettingsInput:
    quiet_hours: list[QuietHoursRuleInput]
    caps: list[FrequencyCapInput]
