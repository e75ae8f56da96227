"""News that are handled side by side: one is heard while another of the same contract, case or customer is at work."""

from dataclasses import replace
from typing import Any

import pytest
from pymongo.database import Database

from services.care.consumers import CareConsumers
from tests.integration.care.greetings import Greetings
from tests.integration.care.in_between import Happens, right_after
from tests.integration.golden import heard

Documents = Database[dict[str, Any]]
FIRST, SECOND, THIRD = (f"cus_0000000000000000000000000{last}" for last in "123")
CONTRACT, CASE = "con_00000000000000000000000001", "cas_00000000000000000000000001"
ACTIVATED = heard("contracts.contract_activated", contract_id=CONTRACT, customer_id=FIRST, contract_version=3)


def merging(consumers: CareConsumers, customer: str, *, into: str) -> Happens:
    news = heard("contracts.customer_merged", customer_id=customer, into_id=into)
    return lambda: consumers.on_customer_merged(news)


def while_asked_who_stays(consumers: CareConsumers, happens: Happens) -> Any:
    """Return the merges, with something that happens once somebody has been told which customer stays."""
    return right_after(consumers.relink_customer.merged, "survivor_of", happens=happens)


def states(database: Documents) -> list[str]:
    return [each["state"].removeprefix("VISIT_STATE_") for each in database["visits"].find()]


def test_the_visit_of_a_contract_that_ends_while_it_is_planned_is_withdrawn(
    consumers: CareConsumers, database: Documents
) -> None:
    ended = heard("contracts.contract_terminated", contract_id=CONTRACT, customer_id=FIRST, contract_version=4)
    plan = consumers.plan_visit
    contracts = right_after(plan.contracts, "heard", happens=lambda: consumers.on_contract_terminated(ended))
    replace(consumers, plan_visit=replace(plan, contracts=contracts)).on_contract_activated(ACTIVATED)
    assert states(database) == ["CANCELLED"]


def test_the_call_about_a_case_that_is_opened_again_while_it_is_planned_is_withdrawn(
    consumers: CareConsumers, database: Documents
) -> None:
    closed = heard("feedback.case_closed", case_id=CASE, customer_id=FIRST, member_id="", round=1)
    again = {"case_id": CASE, "round": 2, "occurred_time": closed["data"]["closed_time"]}
    reopened = closed | {"type": "case_reopened", "schema": "membercare.feedback.v1.CaseReopened", "data": again}
    confirm = consumers.confirm_fix
    cases = right_after(confirm.cases, "heard", happens=lambda: consumers.on_case_reopened(reopened))
    replace(consumers, confirm_fix=replace(confirm, cases=cases)).on_case_closed(closed)
    assert states(database) == ["CANCELLED"]
    consumers.on_case_closed(closed | {"data": closed["data"] | {"round": 2}})
    assert sorted(states(database)) == ["CANCELLED", "DUE"]


@pytest.mark.parametrize("use_case", ["relink_customer", "move_contracts"])
def test_a_customer_that_is_merged_while_another_is_merged_into_it_takes_everything_along(
    consumers: CareConsumers, greetings: Greetings, database: Documents, use_case: str
) -> None:
    member = greetings.member(customer_id=FIRST)
    consumers.on_contract_activated(ACTIVATED)
    merged = while_asked_who_stays(consumers, merging(consumers, SECOND, into=THIRD))
    hearing = replace(consumers, **{use_case: replace(getattr(consumers, use_case), merged=merged)})
    hearing.on_customer_merged(heard("contracts.customer_merged", customer_id=FIRST, into_id=SECOND))
    found = {name: [each["customer_id"] for each in database[name].find()] for name in ("members", "visits")}
    assert found == {"members": [THIRD], "visits": [THIRD]}
    assert held(database, member.id) == [CONTRACT]


def held(database: Documents, member_id: str) -> list[str]:
    found = database["members"].find_one({"_id": member_id}) or {}
    return [each["id"] for each in found.get("contracts", ()) if each["customer_id"] == found["customer_id"]]


@pytest.mark.parametrize(
    ("use_case", "told"), [("note_contract", "contracts"), ("note_warranty", "warranties"), ("record_act", "acts")]
)
def test_what_is_heard_of_a_customer_while_it_is_merged_is_the_survivors(
    consumers: CareConsumers, greetings: Greetings, database: Documents, use_case: str, told: str
) -> None:
    member = greetings.member(customer_id=SECOND)
    merged = while_asked_who_stays(consumers, merging(consumers, FIRST, into=SECOND))
    hearing = replace(consumers, **{use_case: replace(getattr(consumers, use_case), merged=merged)})
    if told == "warranties":
        hearing.on_asset_delivered(heard("contracts.asset_delivered", customer_id=FIRST))
    else:
        hearing.on_contract_activated(ACTIVATED)
    found = database["members"].find_one({"_id": member.id}) or {}
    assert len(found.get(told, ())) == 1


def test_a_visit_that_is_planned_while_its_customer_is_merged_is_owed_to_the_survivor(
    consumers: CareConsumers, greetings: Greetings, database: Documents
) -> None:
    follow = consumers.plan_visit.follow
    plan_call: Any = follow.plan_call
    merged = while_asked_who_stays(consumers, merging(consumers, FIRST, into=SECOND))
    plan = replace(consumers.plan_visit, follow=replace(follow, plan_call=replace(plan_call, merged=merged)))
    replace(consumers, plan_visit=plan).on_contract_activated(ACTIVATED)
    assert [each["customer_id"] for each in database["visits"].find()] == [SECOND]
