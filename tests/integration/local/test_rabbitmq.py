import time
from collections.abc import Iterator
from pathlib import Path

import amqp
import pytest

from deploy.local.rabbitmq import QUEUE_SETTLES_SECONDS, RabbitMQ


@pytest.fixture
def own_broker(rabbitmq_broker: RabbitMQ, tmp_path: Path) -> Iterator[RabbitMQ]:
    """A broker that may be killed; the shared one only says whether there is a program at all."""
    broker = RabbitMQ(tmp_path).start()
    yield broker
    broker.kill9()
    broker.stop()


def connect(broker: RabbitMQ) -> amqp.Connection:
    return amqp.Connection(host=f"127.0.0.1:{broker.port}", userid="guest", password="guest", confirm_publish=True)


def test_a_confirmed_message_survives_the_broker_being_killed(own_broker: RabbitMQ) -> None:
    quorum = {"x-queue-type": "quorum"}
    with connect(own_broker) as connection:
        channel = connection.channel()
        channel.queue_declare("kept", durable=True, auto_delete=False, arguments=quorum)
        time.sleep(QUEUE_SETTLES_SECONDS)
        channel.basic_publish(amqp.Message(b"hello", delivery_mode=2), routing_key="kept")
    own_broker.kill9()
    own_broker.start()
    with connect(own_broker) as connection:
        arrived: list[bytes] = []
        connection.channel().basic_consume("kept", no_ack=True, callback=lambda message: arrived.append(message.body))
        connection.drain_events(timeout=60)  # the queue elects its leader first
        assert arrived == [b"hello"]


def test_each_test_has_an_empty_virtual_host(amqp_url: str, rabbitmq_broker: RabbitMQ) -> None:
    assert amqp_url.startswith(f"amqp://guest:guest@127.0.0.1:{rabbitmq_broker.port}/test-")
