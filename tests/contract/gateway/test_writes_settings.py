"""What a person says of the rules for sending arrives as it was meant."""

from typing import Any
from uuid import UUID

import pytest

from membercare.care.v1 import channel_pb2, sending_settings_pb2
from membercare.care.v1 import sending_service_pb2 as pb
from tests.fakes.company import NOON
from tests.fakes.suite import Client, FakeSuite

SETTINGS = sending_settings_pb2.SendingSettings(
    quiet_hours=[sending_settings_pb2.QuietHoursRule(start="21:00", end="08:00", channels=[channel_pb2.CHANNEL_SMS])],
    caps=[sending_settings_pb2.FrequencyCap(most=3, period=sending_settings_pb2.CAP_PERIOD_DAY)],
    stop=sending_settings_pb2.EmergencyStop(by="wang", stop_time=NOON, reason="Wrong words"),
    etag="4",
)
CASES: list[tuple[str, str, Any, dict[str, Any]]] = [
    (
        "UpdateSendingSettings",
        (
            'input: {quietHours: [{start: "21:00", end: "08:00", channels: [SMS]}], '
            'caps: [{most: 3, period: ROLLING, rollingHours: 24, purposes: [MARKETING]}]}, etag: "3", requestId: "r1"'
        ),
        pb.UpdateSendingSettingsResponse(settings=SETTINGS),
        {
            "settings": {
                "quiet_hours": [{"start": "21:00", "end": "08:00", "channels": [2]}],
                "caps": [{"most": 3, "period": 4, "rolling_hours": 24, "purposes": [2]}],
                "etag": "3",
            },
            "request_id": "r1",
        },
    ),
    (
        "StopAllSending",
        'reason: "Wrong words", etag: "3"',
        pb.StopAllSendingResponse(settings=SETTINGS),
        {"reason": "Wrong words", "etag": "3"},
    ),
    ("AllowSending", 'etag: "3"', pb.AllowSendingResponse(settings=SETTINGS), {"etag": "3"}),
]
SHOWN = "quietHours { start end channels purposes } caps { most period rollingHours } stop { by reason } etag"
SEEN = {
    "quietHours": [{"start": "21:00", "end": "08:00", "channels": ["SMS"], "purposes": []}],
    "caps": [{"most": 3, "period": "DAY", "rollingHours": None}],
    "stop": {"by": "wang", "reason": "Wrong words"},
    "etag": "4",
}


@pytest.mark.parametrize(("rpc", "arguments", "reply", "arrived"), CASES)
async def test_a_mutation_sends_what_was_asked_and_shows_what_came_back(
    gateway: Client, suite: FakeSuite, rpc: str, arguments: str, reply: Any, arrived: dict[str, Any]
) -> None:
    suite.care.answers[rpc] = lambda _: reply
    field = rpc[0].lower() + rpc[1:]
    data = await gateway.data(
        f"mutation {{ {field}({arguments}) {{ ... on SendingSettingsPayload {{ settings {{ {SHOWN} }} }} }} }}"
    )
    assert data[field]["settings"] == SEEN
    (request,) = suite.care.asked[rpc]
    if "request_id" not in arrived:
        UUID(request.request_id)
        request.request_id = ""
    assert request == type(request)(**arrived)


async def test_the_rules_are_read(gateway: Client, suite: FakeSuite) -> None:
    suite.care.answers["GetSendingSettings"] = lambda _: pb.GetSendingSettingsResponse(settings=SETTINGS)
    data = await gateway.data(f"{{ sendingSettings {{ {SHOWN} }} }}")
    assert data["sendingSettings"] == SEEN
