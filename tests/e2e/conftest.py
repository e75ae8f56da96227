"""Whole suites of real processes, one on each bus, started once, shared by the tests here and ended with the last."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from deploy.local.rabbitmq import RabbitMQ
from deploy.local.suite import Suite

FAST = {
    "SWEEP_SECONDS": "0.5",
    "STRANDED_AFTER_SECONDS": "5",
    "DISPATCH_LEASE_SECONDS": "4",
    "VISIT_AFTER_DAYS": "7",
}
"""A test must not wait for pauses that are right for a working day."""


@pytest.fixture(scope="package")
def embedded_suite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Suite]:
    """The suite as `make run` starts it: database, bus and mail sink are embedded."""
    with Suite(tmp_path_factory.mktemp("embedded"), extra_env=FAST) as suite:
        yield suite


@pytest.fixture(scope="package")
def amqp_suite(tmp_path_factory: pytest.TempPathFactory, rabbitmq_broker: RabbitMQ) -> Iterator[Suite]:
    """The suite on RabbitMQ."""
    # A name of its own for each attempt: queues whose declaration was cut short may never answer again (ADR 0003).
    address = rabbitmq_broker.create_vhost(f"suite-{uuid4().hex[:12]}")
    with Suite(tmp_path_factory.mktemp("amqp"), amqp_url=address, extra_env=FAST) as suite:
        yield suite


@pytest.fixture(params=["embedded", "amqp"])
def suite(request: pytest.FixtureRequest) -> Suite:
    """The same test on both buses."""
    found: Suite = request.getfixturevalue(f"{request.param}_suite")
    return found
