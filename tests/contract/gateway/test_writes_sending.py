"""What a person says of providers arrives as it was meant, and no secret is ever part of it."""

from typing import Any
from uuid import UUID

import pytest

from membercare.care.v1 import channel_pb2, provider_pb2, receipt_pb2
from membercare.care.v1 import sending_service_pb2 as pb
from tests.fakes.company import NOON, an_id
from tests.fakes.suite import Client, FakeSuite

PROVIDER = provider_pb2.Provider(
    id=an_id("prv", 1),
    channel=channel_pb2.CHANNEL_SMS,
    kind=provider_pb2.PROVIDER_KIND_TWILIO_SMS,
    name="Twilio",
    settings=[provider_pb2.ProviderSetting(name="from", value="+15005550006")],
    secrets=[provider_pb2.ProviderSetting(name="auth_token", value="TWILIO_TOKEN")],
    pause=provider_pb2.ProviderPause(time=NOON, by="error-rate", reason="40 of 50 failed"),
    etag="1",
    create_time=NOON,
    update_time=NOON,
)
INPUT = (
    'input: {channel: SMS, kind: TWILIO_SMS, name: "Twilio", settings: [{name: "from", value: "+15005550006"}], '
    'secrets: [{name: "auth_token", value: "TWILIO_TOKEN"}], perSecond: 5, numberLimits: [{most: 1, minutes: 1}]}'
)
TOLD: dict[str, Any] = {
    "channel": 2,
    "kind": 4,
    "name": "Twilio",
    "settings": [{"name": "from", "value": "+15005550006"}],
    "secrets": [{"name": "auth_token", "value": "TWILIO_TOKEN"}],
    "priority": 50,
    "per_second": 5,
    "number_limits": [{"most": 1, "minutes": 1}],
    "enabled": True,
}
CASES: list[tuple[str, str, Any, dict[str, Any]]] = [
    (
        "CreateProvider",
        f'{INPUT}, requestId: "r1"',
        pb.CreateProviderResponse(provider=PROVIDER),
        {"provider": TOLD, "request_id": "r1"},
    ),
    (
        "UpdateProvider",
        f'id: "prv_1", {INPUT}, etag: "3"',
        pb.UpdateProviderResponse(provider=PROVIDER),
        {"provider": TOLD | {"id": "prv_1", "etag": "3"}},
    ),
    (
        "PauseProvider",
        'id: "prv_1", reason: "Bills", etag: "3"',
        pb.PauseProviderResponse(provider=PROVIDER),
        {"provider_id": "prv_1", "reason": "Bills", "etag": "3"},
    ),
    (
        "ResumeProvider",
        'id: "prv_1", etag: "3"',
        pb.ResumeProviderResponse(provider=PROVIDER),
        {"provider_id": "prv_1", "etag": "3"},
    ),
]


@pytest.mark.parametrize(("rpc", "arguments", "reply", "arrived"), CASES)
async def test_a_mutation_sends_what_was_asked_and_shows_what_came_back(
    gateway: Client, suite: FakeSuite, rpc: str, arguments: str, reply: Any, arrived: dict[str, Any]
) -> None:
    suite.care.answers[rpc] = lambda _: reply
    field = rpc[0].lower() + rpc[1:]
    shown = "id kind secrets { name value } pause { by reason }"
    data = await gateway.data(
        f"mutation {{ {field}({arguments}) {{ ... on ProviderPayload {{ provider {{ {shown} }} }} }} }}"
    )
    assert data[field]["provider"] == {
        "id": PROVIDER.id,
        "kind": "TWILIO_SMS",
        "secrets": [{"name": "auth_token", "value": "TWILIO_TOKEN"}],
        "pause": {"by": "error-rate", "reason": "40 of 50 failed"},
    }
    (request,) = suite.care.asked[rpc]
    if "request_id" not in arrived:
        UUID(request.request_id)
        request.request_id = ""
    assert request == type(request)(**arrived)


async def test_providers_are_listed_by_channel_and_found_by_their_ids(gateway: Client, suite: FakeSuite) -> None:
    suite.care.answers["ListProviders"] = lambda _: pb.ListProvidersResponse(providers=[PROVIDER])
    suite.care.answers["BatchGetProviders"] = lambda _: pb.BatchGetProvidersResponse(providers=[PROVIDER])
    data = await gateway.data(
        f'{{ providers(filter: {{channel: SMS}}) {{ nodes {{ name }} }} provider(id: "{PROVIDER.id}") {{ enabled }} }}'
    )
    assert data == {"providers": {"nodes": [{"name": "Twilio"}]}, "provider": {"enabled": False}}
    (listed,) = suite.care.asked["ListProviders"]
    assert listed.filter.channel == channel_pb2.CHANNEL_SMS


async def test_words_of_a_provider_can_be_recorded_by_hand(gateway: Client, suite: FakeSuite) -> None:
    suite.care.answers["RecordReceipts"] = lambda _: pb.RecordReceiptsResponse(recorded=1)
    receipt = 'eventId: "e1", messageId: "<tch_1.1@x>", kind: REPLIED, time: "2026-11-22T12:00:00Z", text: "R"'
    data = await gateway.data(
        f'mutation {{ recordReceipts(provider: "sms", receipts: [{{{receipt}}}]) '
        "{ ... on RecordReceiptsPayload { recorded } } }"
    )
    assert data == {"recordReceipts": {"recorded": 1}}
    (request,) = suite.care.asked["RecordReceipts"]
    expected = receipt_pb2.Receipt(
        event_id="e1", message_id="<tch_1.1@x>", kind=receipt_pb2.RECEIPT_KIND_REPLIED, time=NOON, text="R"
    )
    assert (request.provider, list(request.receipts)) == ("sms", [expected])


async def test_a_callback_that_did_not_arrive_can_be_taken_in_by_hand(gateway: Client, suite: FakeSuite) -> None:
    reply = pb.HearProviderCallbackResponse(recorded=2, content_type="application/json", answer=b"{}")
    suite.care.answers["HearProviderCallback"] = lambda _: reply
    data = await gateway.data(
        'mutation { hearProviderCallback(providerId: "prv_1", target: "/callbacks/prv_1/t", token: "t", body: "W10=") '
        "{ ... on HearProviderCallbackPayload { recorded contentType answer } } }"
    )
    assert data == {"hearProviderCallback": {"recorded": 2, "contentType": "application/json", "answer": "e30="}}
    (request,) = suite.care.asked["HearProviderCallback"]
    UUID(request.request_id)
    request.request_id = ""
    assert request == pb.HearProviderCallbackRequest(
        provider_id="prv_1", target="/callbacks/prv_1/t", token="t", body=b"[]"
    )


async def test_authorisations_of_wechat_are_granted_and_shown(gateway: Client, suite: FakeSuite) -> None:
    suite.care.answers["GrantWechatCredits"] = lambda _: pb.GrantWechatCreditsResponse(left=3)
    suite.care.answers["GetWechatCredits"] = lambda _: pb.GetWechatCreditsResponse(
        credits=[pb.WechatCredit(template_id="T", left=3)]
    )
    data = await gateway.data(
        'mutation { grantWechatCredits(memberId: "mem_1", templateId: "T", count: 2, requestId: "r1") '
        "{ ... on GrantWechatCreditsPayload { left } } }"
    )
    assert data == {"grantWechatCredits": {"left": 3}}
    expected = pb.GrantWechatCreditsRequest(member_id="mem_1", template_id="T", count=2, request_id="r1")
    assert suite.care.asked["GrantWechatCredits"] == [expected]
    shown = await gateway.data('{ wechatCredits(memberId: "mem_1") { templateId left } }')
    assert shown == {"wechatCredits": [{"templateId": "T", "left": 3}]}
