from collections.abc import Mapping
from typing import Any

from services.chassis.bus import Subscription
from services.chassis.deliveries import DELIVERIES, Deliveries, new_delivery
from services.chassis.envelope import Envelope
from tests.integration.chassis.conftest import World, sample

MANY = 500


def test_the_relay_finds_the_few_documents_that_say_something_by_an_index(embedded_world: World) -> None:
    things = embedded_world.database.things
    things.insert_many([{"_id": f"con_{number}", "outbox": []} for number in range(MANY)])
    embedded_world.put(*(sample("sample_said", f"con_{number}", number=number) for number in range(3)))

    found = things.find({"outbox.id": {"$gt": ""}}, {"outbox": 1}).limit(200).explain()

    assert found["executionStats"]["totalDocsExamined"] == 3
    assert found["executionStats"]["nReturned"] == 3


def test_a_claim_looks_at_no_more_than_it_takes_however_much_waits(embedded_world: World) -> None:
    bus = embedded_world.database
    heard = [Subscription("samples", "sample_said", "echo", f"on_{number}") for number in range(4)]
    deliveries = Deliveries(bus, lease_seconds=10)
    deliveries.declare(heard)
    envelope = Envelope.from_dict(sample("sample_said", "con_1", number=1))
    bus[DELIVERIES].insert_many(
        {**new_delivery(heard[number % 4].name, envelope, due=number), "_id": f"{number:03}"} for number in range(MANY)
    )

    claimed = deliveries.claim([each.name for each in heard], limit=20)

    oldest_of_all = [f"{number:03}" for number in range(20)]
    assert [leased.id for leased in claimed] == oldest_of_all
    due = {"subscription": {"$in": [each.name for each in heard]}, "due": {"$lte": MANY}}
    found = bus[DELIVERIES].find(due, {"_id": 1}).sort("due", 1).limit(20).explain()
    assert found["executionStats"]["totalDocsExamined"] <= 24
    assert _stages(found["queryPlanner"]["winningPlan"])[-1] == "IXSCAN"


def test_who_lost_a_lease_settles_nothing(embedded_world: World) -> None:
    bus = embedded_world.database
    heard = Subscription("samples", "sample_said", "echo", "on_sample_said")
    slow, quick = Deliveries(bus, lease_seconds=0.0), Deliveries(bus, lease_seconds=10)
    slow.declare([heard])
    bus[DELIVERIES].insert_one(
        new_delivery(heard.name, Envelope.from_dict(sample("sample_said", "con_1", number=1)), due=1)
    )
    (lost,) = slow.claim([heard.name], 1)
    (kept,) = quick.claim([heard.name], 1)

    slow.settle(lost)
    slow.flush()
    slow.put_back(lost, 0.0, attempts=7)

    found = bus[DELIVERIES].find_one() or {}
    assert (found["owner"], found["attempts"], found["leases"]) == (kept.owner, 0, 2)


def test_what_is_given_back_is_due_at_once_and_counts_as_never_leased(embedded_world: World) -> None:
    bus = embedded_world.database
    heard = Subscription("samples", "sample_said", "echo", "on_sample_said")
    leaving, staying = Deliveries(bus, lease_seconds=10), Deliveries(bus, lease_seconds=10)
    leaving.declare([heard])
    bus[DELIVERIES].insert_one(
        new_delivery(heard.name, Envelope.from_dict(sample("sample_said", "con_1", number=1)), due=1)
    )
    leaving.claim([heard.name], 1)

    leaving.give_back()

    (again,) = staying.claim([heard.name], 1)
    assert again.leases == 1


def _stages(plan: Mapping[str, Any]) -> list[str]:
    plan = plan.get("queryPlan", plan)
    below = plan.get("inputStage") or (plan.get("inputStages") or [None])[0]
    return [plan["stage"], *(_stages(below) if below else [])]
