"""Who is found by what the customer is worth, as contracts says: in any order, and whoever comes and goes."""

import pytest

from membercare.contracts.v1 import contract_pb2, customer_pb2
from membercare.contracts.v1.events_pb2 import CustomerValueChanged
from services.care import app
from services.care.config import Settings
from services.care.consumers import CareConsumers
from services.care.domain.members.details import MemberDetails
from services.care.domain.members.member import Member
from services.care.domain.segments.evaluate import Asked
from services.care.domain.segments.rules import ValueRule, ValueTier
from services.care.domain.segments.windows import Today
from services.care.store.members.members import MongoMembers
from services.care.store.segments.compiler import audience_query
from tests.fakes.clock import FrozenClock
from tests.integration.care.test_member_facts import ANNA, BOB, CUS, NOON, SURVIVOR, Documents, hear, linking, member


@pytest.fixture
def consumers(care_settings: Settings, database: Documents) -> CareConsumers:
    service = app.build_consumers(care_settings).service
    assert isinstance(service, CareConsumers)
    members = MongoMembers(FrozenClock(NOON))
    for member_id, customer_id in ((ANNA, CUS), (BOB, "")):
        told = MemberDetails(name="somebody", customer_id=customer_id)
        members.add(Member.register(member_id, told, now=NOON), request_key="")
    return service


def worth(tier: str, minor_units: int, *, version: int, customer_id: str = CUS) -> CustomerValueChanged:
    return CustomerValueChanged(
        customer_id=customer_id,
        tier_after=customer_pb2.CustomerTier.Value(f"CUSTOMER_TIER_{tier}"),
        current_value=contract_pb2.Money(currency_code="CNY", minor_units=minor_units),
        value_version=version,
    )


def in_segment(database: Documents, *tiers: ValueTier, at_least: int | None = None) -> list[str]:
    """Return who is found by the value of their customer."""
    rule = ValueRule(tiers, "" if at_least is None else "CNY", at_least)
    query = audience_query(rule, Asked(Today(NOON, "Asia/Shanghai"), {}))
    return [each["_id"] for each in database["members"].find(query).sort("_id", 1)]


def test_members_are_found_by_what_their_customer_is_worth_and_older_news_change_nothing(
    consumers: CareConsumers, database: Documents
) -> None:
    assert in_segment(database) == []
    hear(consumers, worth("HIGH_VALUE", 400_000, version=2))
    hear(consumers, worth("STABLE", 100_000, version=1), event="evt_2")
    assert in_segment(database, ValueTier.HIGH_VALUE, at_least=400_000) == [ANNA]
    assert in_segment(database, ValueTier.STABLE) == in_segment(database, at_least=400_001) == []
    kept = member(database)["customer_value"], database["held_values"].find_one()
    hear(consumers, worth("HIGH_VALUE", 400_000, version=2), event="evt_3")
    assert (member(database)["customer_value"], database["held_values"].find_one()) == kept
    hear(consumers, worth("AT_RISK", 50_000, version=3), event="evt_4")
    assert (in_segment(database, ValueTier.AT_RISK), in_segment(database, ValueTier.HIGH_VALUE)) == ([ANNA], [])


def test_who_comes_to_a_customer_later_is_worth_what_it_is_and_who_leaves_is_worth_nothing_known(
    consumers: CareConsumers, database: Documents
) -> None:
    hear(consumers, worth("GROWING", 1, version=1))
    database["members"].update_one({"_id": BOB}, {"$set": {"customer_id": CUS, "update_time": NOON}})
    database["members"].update_one({"_id": ANNA}, {"$set": {"customer_id": SURVIVOR, "update_time": NOON}})
    assert linking()(lambda: True) > 0
    assert in_segment(database) == [BOB]
    found = member(database, BOB)
    linking()(lambda: True)
    assert member(database, BOB) == found
    hear(consumers, worth("STABLE", 7, version=5, customer_id=SURVIVOR), event="evt_2")
    assert in_segment(database, ValueTier.STABLE, at_least=7) == [ANNA]
