"""Plans that name what is not there, as a front end writes them, through the real gateway and the real service."""

from typing import Any

import pytest
from pymongo.database import Database

from membercare.care.v1 import members_service_pb2 as pb
from membercare.care.v1.members_service_pb2_grpc import MembersServiceStub
from tests.fakes.suite import Client
from tests.integration.calling import Calling
from tests.integration.care.people import define

Documents = Database[dict[str, Any]]
NO_SEGMENT, NO_OCCASION = (f"{prefix}_00000000000000000000000000" for prefix in ("seg", "occ"))
WORDS = '{language: %s, subject: "Hello", body: "Dear {{ member.name }}"}'
PLAN = f'{{sendAt: "09:00", %s, templates: [{WORDS % "EN"}, {WORDS % "ZH_HANS"}]}}'
CREATE = """mutation { createCampaign(name: "Handover", plan: %s) {
  ... on CampaignPayload { campaign { state } } ... on UserError { code field message } } }"""
BEFORE = 'trigger: {beforeDate: {date: ATTRIBUTE, attribute: "%s", before: {amount: 3, unit: DAY}}}'


async def written(gateway: Client, part: str) -> dict[str, Any]:
    made: dict[str, Any] = (await gateway.data(CREATE % (PLAN % part), roles=("ops",)))["createCampaign"]
    return made


@pytest.fixture
def fields(calling: Calling) -> None:
    """A date and a number of the company's own."""
    people = calling.as_role(MembersServiceStub, "ops")
    define(people, name="handover", type=pb.ATTRIBUTE_TYPE_DATE)
    define(people, name="shoe_size", type=pb.ATTRIBUTE_TYPE_NUMBER)


@pytest.mark.usefixtures("fields")
@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("hand_over", "hand_over is not defined. Define it first: defineAttribute."),
        ("shoe_size", "shoe_size is a number, so it is never a date."),
    ],
)
async def test_a_campaign_before_a_date_that_no_member_can_have_is_refused_and_nothing_is_written(
    gateway: Client, database: Documents, *, name: str, message: str
) -> None:
    field = "plan.trigger.beforeDate.attribute"
    refused = await written(gateway, BEFORE % name)
    assert refused == {"code": "INVALID_FIELD", "field": field, "message": f"{field}: {message}"}
    assert database["campaigns"].count_documents({}) == 0


@pytest.mark.usefixtures("fields")
async def test_a_campaign_before_a_date_of_the_members_own_is_written(gateway: Client) -> None:
    assert await written(gateway, BEFORE % "handover") == {"campaign": {"state": "DRAFT"}}


@pytest.mark.parametrize(
    ("part", "code", "field"),
    [
        (f'audience: {{segmentId: "{NO_SEGMENT}"}}', "SEGMENT_NOT_FOUND", "plan.audience.segmentId"),
        (f'audience: {{excludeSegmentIds: ["{NO_SEGMENT}"]}}', "SEGMENT_NOT_FOUND", "plan.audience.excludeSegmentIds"),
        (
            f'trigger: {{occasion: {{occasionId: "{NO_OCCASION}"}}}}',
            "OCCASION_NOT_FOUND",
            "plan.trigger.occasion.occasionId",
        ),
    ],
)
async def test_what_a_plan_names_and_is_not_there_is_refused_with_the_place_where_it_is_named(
    gateway: Client, database: Documents, *, part: str, code: str, field: str
) -> None:
    refused = await written(gateway, part)
    assert (refused["code"], refused["field"]) == (code, field)
    assert database["campaigns"].count_documents({}) == 0
