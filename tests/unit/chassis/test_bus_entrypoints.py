import subprocess
import sys

from services.chassis import amqp_topology
from services.chassis.bus import Subscription
from services.chassis.bus_entrypoints import event_handler, subscriptions_of
from services.chassis.patience import Patience


class Consumers:
    name = "care"

    @event_handler("contracts", "contract_activated")
    def on_contract_activated(self, envelope: dict[str, object]) -> None: ...

    @event_handler("feedback", "case_closed")
    def on_case_closed(self, envelope: dict[str, object]) -> None: ...

    def not_a_handler(self) -> None: ...


CASE_CLOSED = Subscription("feedback", "case_closed", "care", "on_case_closed")
ACTIVATED = Subscription("contracts", "contract_activated", "care", "on_contract_activated")


def test_a_class_and_an_instance_tell_what_they_hear() -> None:
    assert subscriptions_of(Consumers) == [CASE_CLOSED, ACTIVATED]
    assert subscriptions_of(Consumers()) == [CASE_CLOSED, ACTIVATED]


def test_a_subscription_is_named_by_the_method_for_the_name_is_that_of_a_durable_queue() -> None:
    assert ACTIVATED.name == "evt-contracts-contract_activated--care.on_contract_activated.v1"


def test_reading_a_services_handlers_imports_neither_nameko_nor_eventlet() -> None:
    code = (
        "import sys, services.chassis.bus_entrypoints, services.chassis.inbox, services.chassis.bus_setup, "
        "services.chassis.jobs_runner; "
        "print(sorted({'nameko', 'eventlet', 'kombu', 'grpc'} & set(sys.modules)))"
    )

    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert said.stdout.strip() == "[]"


def test_a_pause_has_one_queue_for_all_subscriptions_and_leads_back_by_the_routing_key() -> None:
    queues = amqp_topology.queues([CASE_CLOSED, ACTIVATED], Patience(pauses=(0.5, 30.0)))

    assert [queue.name for queue in queues] == [
        "membercare.dead--care.v1",
        "membercare.retry.500.v1",
        "membercare.retry.30000.v1",
        CASE_CLOSED.name,
        ACTIVATED.name,
    ]
    retry = queues[1]
    assert retry.arguments["x-dead-letter-exchange"] == ""
    assert "x-dead-letter-routing-key" not in retry.arguments
    assert retry.bindings == (("membercare.retry.500", ""),)


def test_every_queue_is_a_quorum_queue_and_the_dead_of_each_handler_reach_its_service() -> None:
    queues = amqp_topology.queues([CASE_CLOSED, ACTIVATED], Patience())

    assert {queue.arguments["x-queue-type"] for queue in queues} == {"quorum"}
    assert queues[0].bindings == (("membercare.dead", ACTIVATED.name), ("membercare.dead", CASE_CLOSED.name))
    assert queues[-1].arguments["x-delivery-limit"] == 10
    assert queues[-1].bindings == (("contracts.events", "contract_activated"),)
