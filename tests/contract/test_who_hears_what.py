"""What the services say that they say and hear is what is subscribed to: each row of each README, and each handler."""

import re

import pytest

from services.care.consumers import CareConsumers
from services.chassis.bus_entrypoints import subscriptions_of
from services.contracts.consumers import ContractsConsumers
from services.feedback.consumers import FeedbackConsumers
from services.kpi.consumers import KpiConsumers
from tests.unit.readmes import table

HEARD = {
    (subscription.source, subscription.type, subscription.service)
    for service in (CareConsumers, ContractsConsumers, FeedbackConsumers, KpiConsumers)
    for subscription in subscriptions_of(service)
}
SERVICES = ("care", "contracts", "feedback", "kpi")
NOT_SAID_YET = {("feedback", "case_reopened")}
"""Care is ready for what feedback will say; whoever makes feedback say it takes the line away."""


@pytest.mark.parametrize("service", SERVICES)
def test_who_hears_an_event_is_told_by_the_service_that_says_it(service: str) -> None:
    told = {(event, heard_by) for event, _, heard_by in table(service, "Says")}
    hearers = {
        event: sorted(who for source, name, who in HEARD if (source, name) == (service, event)) for event, _ in told
    }
    assert told == {(event, ", ".join(who)) for event, who in hearers.items()}


@pytest.mark.parametrize("service", SERVICES)
def test_what_a_service_hears_is_told_by_it(service: str) -> None:
    told = set()
    for first, _ in table(service, "Hears"):
        source, *events = re.findall(r"\w+", first)
        told |= {(source, event) for event in events}
    assert told == {(source, event) for source, event, who in HEARD if who == service}


def test_every_event_that_is_heard_is_said() -> None:
    said = {(service, event) for service in SERVICES for event, *_ in table(service, "Says")}
    assert {(source, event) for source, event, _ in HEARD} - said == NOT_SAID_YET
