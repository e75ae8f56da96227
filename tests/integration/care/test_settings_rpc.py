from typing import Any

import pytest
from pymongo.database import Database

from membercare.care.v1 import channel_pb2, sending_settings_pb2
from membercare.care.v1 import sending_service_pb2 as pb
from membercare.care.v1.sending_service_pb2_grpc import SendingServiceStub
from tests.integration.calling import Calling, refused

NIGHT = sending_settings_pb2.QuietHoursRule(
    start="21:00", end="08:00", channels=[channel_pb2.CHANNEL_SMS, channel_pb2.CHANNEL_SMS]
)
DAILY = sending_settings_pb2.FrequencyCap(most=3, period=sending_settings_pb2.CAP_PERIOD_DAY)


def settings(**told: Any) -> pb.UpdateSendingSettingsRequest:
    return pb.UpdateSendingSettingsRequest(settings=sending_settings_pb2.SendingSettings(**told))


def test_rules_are_set_read_replaced_and_guarded_by_their_etag(calling: Calling) -> None:
    stub = calling.as_subject(SendingServiceStub, "wang", "ops")
    first = stub.GetSendingSettings(pb.GetSendingSettingsRequest()).settings
    assert (first.etag, list(first.caps), first.HasField("stop"), first.HasField("update_time")) == (
        "1",
        [],
        False,
        False,
    )
    made = stub.UpdateSendingSettings(settings(quiet_hours=[NIGHT], caps=[DAILY], etag=first.etag)).settings
    assert (made.updated_by, [each.most for each in made.caps]) == ("wang", [3])
    assert list(made.quiet_hours[0].channels) == [channel_pb2.CHANNEL_SMS]
    assert refused(stub.UpdateSendingSettings, settings(etag=first.etag)).reason == "STALE_VERSION"
    assert stub.GetSendingSettings(pb.GetSendingSettingsRequest()).settings == made
    assert not stub.UpdateSendingSettings(settings(etag=made.etag)).settings.caps


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"quiet_hours": [{"start": "25:00", "end": "08:00"}]}, "settings.quiet_hours[0].start"),
        ({"quiet_hours": [{"start": "08:00", "end": "08:00"}]}, "settings.quiet_hours[0].end"),
        ({"quiet_hours": [{"start": "21:00", "end": "08:00", "channels": [99]}]}, "settings.quiet_hours[0].channels"),
        ({"caps": [{"most": 0, "period": 1}]}, "settings.caps[0].most"),
        ({"caps": [{"most": 1001, "period": 1}]}, "settings.caps[0].most"),
        ({"caps": [{"most": 1}]}, "settings.caps[0].period"),
        ({"caps": [{"most": 1, "period": 4}]}, "settings.caps[0].rolling_hours"),
        ({"caps": [{"most": 1, "period": 4, "rolling_hours": 745}]}, "settings.caps[0].rolling_hours"),
        ({"caps": [{"most": 1, "period": 1, "rolling_hours": 24}]}, "settings.caps[0].rolling_hours"),
        ({"caps": [{"most": 1, "period": 1, "purposes": [3]}]}, "settings.caps[0].purposes"),
        ({"caps": [{"most": 1, "period": 1}] * 51}, "settings.caps"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_and_nothing_is_stored(
    calling: Calling, database: Database[dict[str, Any]], told: dict[str, Any], field: str
) -> None:
    refusal = refused(calling.as_subject(SendingServiceStub, "wang", "ops").UpdateSendingSettings, settings(**told))
    assert (refusal.reason, refusal.field) == ("INVALID_FIELD", field)
    assert database["sending_settings"].count_documents({"updated_by": {"$gt": ""}}) == 0


def test_a_stop_keeps_its_first_word_and_is_lifted(calling: Calling) -> None:
    approver = calling.as_subject(SendingServiceStub, "li", "approver")
    ops = calling.as_subject(SendingServiceStub, "wang", "ops")
    stopped = approver.StopAllSending(pb.StopAllSendingRequest(reason="Wrong words")).settings
    again = ops.StopAllSending(pb.StopAllSendingRequest(reason="Me too")).settings
    assert again == stopped
    assert (stopped.stop.by, stopped.stop.reason) == ("li", "Wrong words")
    assert not ops.AllowSending(pb.AllowSendingRequest(etag=stopped.etag)).settings.HasField("stop")


def test_a_stop_without_a_reason_is_refused_and_nothing_stops(calling: Calling) -> None:
    ops = calling.as_subject(SendingServiceStub, "wang", "ops")
    refusal = refused(ops.StopAllSending, pb.StopAllSendingRequest())
    assert (refusal.reason, refusal.field) == ("INVALID_FIELD", "reason")
    assert not ops.GetSendingSettings(pb.GetSendingSettingsRequest()).settings.HasField("stop")


def test_an_approver_may_stop_and_not_let_go_on(calling: Calling) -> None:
    approver = calling.as_subject(SendingServiceStub, "li", "approver")
    assert refused(approver.AllowSending, pb.AllowSendingRequest()).reason == "FORBIDDEN"
