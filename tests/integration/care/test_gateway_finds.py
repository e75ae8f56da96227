"""Who is calling, and who got nothing for this reason: finding people, through the gateway and the real service."""

from typing import Any

import pytest

from membercare.care.v1.care_service_pb2_grpc import CareServiceStub
from tests.fakes.suite import Client
from tests.integration.calling import Calling
from tests.integration.care.greetings import Greetings, solar
from tests.integration.care.people import registered

MEMBERS = "{ members(filter: {%s}) { nodes { name } } }"
TOUCHES = "{ touches(filter: {%s}) { nodes { memberId reason } } }"


@pytest.mark.parametrize(
    "asked",
    [
        'phone: "138 0013 8000"',
        'phone: "+86 138-0013-8000"',
        'email: "wang.fang@EXAMPLE.com"',
        'email: "wang.fang@example.com", phone: "13800138000"',
    ],
)
async def test_a_member_is_found_by_phone_and_e_mail_however_they_are_written(
    gateway: Client, calling: Calling, asked: str
) -> None:
    ops = calling.as_role(CareServiceStub, "ops")
    registered(ops, name="Wang Fang", phone="+8613800138000", email="wang.fang@example.com")
    registered(ops, name="Li Na", phone="+8613800138001", email="li.na@example.com")
    assert (await gateway.data(MEMBERS % asked, roles=("agent",)))["members"]["nodes"] == [{"name": "Wang Fang"}]


async def test_who_sees_addresses_masked_does_not_search_by_them_and_what_is_no_number_is_refused(
    gateway: Client, calling: Calling
) -> None:
    registered(calling.as_role(CareServiceStub, "ops"), phone="+8613800138000", email="wang.fang@example.com")
    for asked in ('phone: "13800138000"', 'email: "wang.fang@example.com"'):
        assert await gateway.codes(MEMBERS % asked, roles=("auditor",)) == ["FORBIDDEN"]
    refused = await gateway.ask(MEMBERS % 'phone: "12"', roles=("agent",))
    assert refused["errors"][0]["extensions"] == {"code": "INVALID_FIELD", "field": "filter.phone"}


async def found(gateway: Client, asked: str) -> list[dict[str, Any]]:
    nodes: list[dict[str, Any]] = (await gateway.data(TOUCHES % asked, roles=("ops",)))["touches"]["nodes"]
    return nodes


async def test_those_who_got_nothing_for_one_reason_are_listed(gateway: Client, greetings: Greetings) -> None:
    born = solar("1990-11-22")
    greetings.member(birthday=born)
    unasked, nowhere = greetings.member(birthday=born, email_consent=False), greetings.member(birthday=born, email="")
    campaign = greetings.running()
    greetings.plan(campaign)
    await greetings.dispatch()
    no_consent, no_address = "NO_EMAIL_CONSENT", "NO_EMAIL_ADDRESS"
    assert await found(gateway, f'campaignId: "{campaign.id}", state: SKIPPED, reason: "{no_consent}"') == [
        {"memberId": unasked.id, "reason": no_consent}
    ]
    assert await found(gateway, f'memberId: "{nowhere.id}", reason: "{no_address}"') == [
        {"memberId": nowhere.id, "reason": no_address}
    ]
    assert await found(gateway, f'memberId: "{nowhere.id}", reason: "{no_consent}"') == []
    for asked in (f'reason: "{no_consent}"', f'campaignId: "{campaign.id}", reason: "NO_CONSENTS"'):
        assert await gateway.codes(TOUCHES % asked, roles=("ops",)) == ["INVALID_FIELD"]
