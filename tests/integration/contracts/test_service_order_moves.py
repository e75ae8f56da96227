"""Every call in every state of a chargeable service that does not allow it: refused by name, and nothing changes."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from pymongo.database import Database

from membercare.contracts.v1 import entitlement_service_pb2 as pb
from membercare.contracts.v1 import service_order_pb2
from membercare.contracts.v1.contracts_service_pb2_grpc import ContractsServiceStub
from membercare.contracts.v1.entitlement_service_pb2_grpc import EntitlementServiceStub
from services.contracts.rpc.entitlement.access import ACCESS
from tests.integration.calling import Calling
from tests.integration.contracts.builders import a_customer
from tests.integration.contracts.entitlement_builders import listed
from tests.integration.contracts.moves import moving, refusals

HOUR = service_order_pb2.ServiceItem(kind=service_order_pb2.SERVICE_LINE_KIND_LABOUR, quantity=60)
CALLS: Mapping[str, Mapping[str, Any]] = {
    "ReviseServiceOrder": {"items": [HOUR]},
    "RecordServiceConsent": {"given_by": "Li Na", "channel": service_order_pb2.CONSENT_CHANNEL_PHONE},
    "DeclineServiceOrder": {"reason": "too dear"},
    "StartServiceOrder": {},
    "CompleteServiceOrder": {"actuals": [HOUR]},
    "CancelServiceOrder": {"reason": "repaired itself"},
}
_UNDER_WAY = ("RecordServiceConsent", "StartServiceOrder")
_BEFORE = {"ReviseServiceOrder", "DeclineServiceOrder", "CancelServiceOrder"}
STATES: Mapping[str, tuple[tuple[str, ...], set[str]]] = {
    "ESTIMATED": ((), _BEFORE | {"RecordServiceConsent"}),
    "CONSENTED": (("RecordServiceConsent",), _BEFORE | {"StartServiceOrder"}),
    "IN_PROGRESS": (_UNDER_WAY, {"ReviseServiceOrder", "CompleteServiceOrder"}),
    "CONSENT_ASKED_AGAIN": (
        (*_UNDER_WAY, "ReviseServiceOrder"),
        {"ReviseServiceOrder", "RecordServiceConsent", "DeclineServiceOrder"},
    ),
    "COMPLETED": ((*_UNDER_WAY, "CompleteServiceOrder"), set()),
    "DECLINED": (("DeclineServiceOrder",), set()),
    "CANCELLED": (("CancelServiceOrder",), set()),
}
"""How an order gets into each state, and the calls that the state allows."""
WITHOUT_CONSENT = {
    ("ESTIMATED", "StartServiceOrder"),
    ("ESTIMATED", "CompleteServiceOrder"),
    ("CONSENT_ASKED_AGAIN", "CompleteServiceOrder"),
}
"""Refused because nobody consented to the current estimate."""


def request(name: str, order: service_order_pb2.ServiceOrder) -> Any:
    told = {"estimate_number": order.estimate_number} if name == "RecordServiceConsent" else {}
    return getattr(pb, f"{name}Request")(order_id=order.id, **CALLS[name], **told)


def test_the_table_knows_every_state_and_every_call_that_moves_an_order() -> None:
    assert set(CALLS) == {name for name in moving(ACCESS) if "Allowance" not in name}
    told = {f"SERVICE_ORDER_STATE_{state}" for state in STATES}
    assert told == set(service_order_pb2.ServiceOrderState.keys()[1:])


@pytest.mark.parametrize("state", STATES)
def test_what_a_state_does_not_allow_is_refused_and_changes_nothing(
    calling: Calling, database: Database[dict[str, Any]], state: str
) -> None:
    listed(calling, hour=30_000)
    anybody = calling.as_subject(EntitlementServiceStub, "root", "admin")
    customer_id = a_customer(calling.as_role(ContractsServiceStub, "sales")).id
    created = pb.CreateServiceOrderRequest(customer_id=customer_id, service_type="repair", items=[HOUR])
    order = anybody.CreateServiceOrder(created).order
    path, allowed = STATES[state]
    for name in path:
        call: Callable[[Any], Any] = getattr(anybody, name)
        order = call(request(name, order)).order
    assert service_order_pb2.ServiceOrderState.Name(order.state) == f"SERVICE_ORDER_STATE_{state}"
    stored = list(database["service_orders"].find())
    asked = {name: request(name, order) for name in CALLS if name not in allowed}
    assert refusals(anybody, asked) == {
        name: "CONSENT_MISSING" if (state, name) in WITHOUT_CONSENT else "SERVICE_ORDER_TRANSITION_REFUSED"
        for name in asked
    }
    assert list(database["service_orders"].find()) == stored
