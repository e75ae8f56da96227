from typing import Any

import pytest
from pymongo.database import Database

from membercare.contracts.v1 import entitlement_service_pb2 as pb
from membercare.contracts.v1.contracts_service_pb2_grpc import ContractsServiceStub
from membercare.contracts.v1.entitlement_service_pb2_grpc import EntitlementServiceStub
from services.chassis.errors import Kind
from tests.integration.calling import Calling, refused
from tests.integration.contracts.builders import NO_CUSTOMER, a_customer
from tests.integration.contracts.entitlement_builders import NO_ORDER, covering, listed

PART, LABOUR, TRAVEL = 1, 2, 3
ESTIMATED, CONSENTED, IN_PROGRESS, ASKED_AGAIN, COMPLETED, DECLINED, CANCELLED = range(1, 8)
PHONE = 2


@pytest.fixture
def agent(calling: Calling) -> EntitlementServiceStub:
    return calling.as_subject(EntitlementServiceStub, "anna", "agent")


@pytest.fixture
def technician(calling: Calling) -> EntitlementServiceStub:
    return calling.as_subject(EntitlementServiceStub, "tom", "technician")


@pytest.fixture
def customer_id(calling: Calling) -> str:
    listed(calling, hour=30_000, visit=12_000, year=480_000)
    return a_customer(calling.as_role(ContractsServiceStub, "sales")).id


def creating(customer_id: str, **fields: Any) -> pb.CreateServiceOrderRequest:
    items = [{"kind": LABOUR, "quantity": 60}, {"kind": TRAVEL, "quantity": 1}]
    return pb.CreateServiceOrderRequest(customer_id=customer_id, **{"service_type": "repair", "items": items} | fields)


def consenting(order_id: str, **fields: Any) -> pb.RecordServiceConsentRequest:
    said: dict[str, Any] = {"estimate_number": 1, "given_by": "Li Na", "channel": PHONE}
    return pb.RecordServiceConsentRequest(order_id=order_id, **said | fields)


def completing(order_id: str, *, minutes: int) -> pb.CompleteServiceOrderRequest:
    items: list[Any] = [{"kind": LABOUR, "quantity": minutes}, {"kind": TRAVEL, "quantity": 1}]
    return pb.CompleteServiceOrderRequest(order_id=order_id, actuals=items)


def said(database: Database[dict[str, Any]], order_id: str) -> list[str]:
    stored = database["service_orders"].find_one({"_id": order_id})
    assert stored is not None
    return [event["type"] for event in stored["outbox"]]


def under_way(agent: EntitlementServiceStub, technician: EntitlementServiceStub, *, customer_id: str) -> str:
    order = agent.CreateServiceOrder(creating(customer_id)).order
    agent.RecordServiceConsent(consenting(order.id))
    technician.StartServiceOrder(pb.StartServiceOrderRequest(order_id=order.id))
    return order.id


def test_a_service_is_estimated_consented_to_done_and_charged_and_says_so_once(
    agent: EntitlementServiceStub,
    technician: EntitlementServiceStub,
    customer_id: str,
    database: Database[dict[str, Any]],
) -> None:
    order = agent.CreateServiceOrder(creating(customer_id, request_id="r-1")).order
    assert agent.CreateServiceOrder(creating(customer_id, request_id="r-1")).order == order
    assert (order.state, order.estimated_amount.minor_units, order.created_by) == (ESTIMATED, 42_000, "anna")
    assert (order.hint.title_en, order.hint.price.minor_units, order.hint.saved.minor_units) == (
        "Repairs by year",
        0,
        42_000,
    )
    agreed = agent.RecordServiceConsent(consenting(order.id, note="called back")).order
    (consent,) = agreed.consents
    assert (agreed.state, consent.given_by, consent.channel, consent.recorded_by, consent.amount.minor_units) == (
        CONSENTED,
        "Li Na",
        PHONE,
        "anna",
        42_000,
    )
    started = technician.StartServiceOrder(pb.StartServiceOrderRequest(order_id=order.id)).order
    assert started.state == IN_PROGRESS
    done = technician.CompleteServiceOrder(completing(order.id, minutes=50)).order
    assert (done.state, done.charge.minor_units, done.completed_by) == (COMPLETED, 42_000, "tom")
    assert said(database, order.id) == ["chargeable_service_completed"]
    found = agent.BatchGetServiceOrders(pb.BatchGetServiceOrdersRequest(order_ids=[order.id, NO_ORDER]))
    assert list(found.orders) == [done]


def test_work_without_consent_is_refused_and_nothing_changes(
    agent: EntitlementServiceStub, technician: EntitlementServiceStub, customer_id: str
) -> None:
    order = agent.CreateServiceOrder(creating(customer_id)).order
    for refusal in (
        refused(technician.StartServiceOrder, pb.StartServiceOrderRequest(order_id=order.id)),
        refused(technician.CompleteServiceOrder, completing(order.id, minutes=60)),
    ):
        assert (refusal.kind, refusal.reason) == (Kind.PRECONDITION, "CONSENT_MISSING")
    found = agent.BatchGetServiceOrders(pb.BatchGetServiceOrdersRequest(order_ids=[order.id])).orders
    assert list(found) == [order]


def test_a_charge_above_the_consent_needs_a_new_one(
    agent: EntitlementServiceStub, technician: EntitlementServiceStub, customer_id: str
) -> None:
    order_id = under_way(agent, technician, customer_id=customer_id)
    too_much = refused(technician.CompleteServiceOrder, completing(order_id, minutes=120))
    assert (too_much.reason, too_much.metadata["most"]) == ("CHARGE_ABOVE_CONSENT", "CNY 462.00")
    more: list[Any] = [{"kind": LABOUR, "quantity": 120}, {"kind": TRAVEL, "quantity": 1}]
    revised = technician.ReviseServiceOrder(pb.ReviseServiceOrderRequest(order_id=order_id, items=more)).order
    assert (revised.state, revised.estimate_number) == (ASKED_AGAIN, 2)
    assert refused(technician.CompleteServiceOrder, completing(order_id, minutes=60)).reason == "CONSENT_MISSING"
    assert refused(agent.RecordServiceConsent, consenting(order_id)).reason == "ESTIMATE_SUPERSEDED"
    agent.RecordServiceConsent(consenting(order_id, estimate_number=2))
    done = technician.CompleteServiceOrder(completing(order_id, minutes=120)).order
    assert done.charge.minor_units == 72_000


def test_a_declined_and_a_cancelled_order_have_ended_with_their_reason(
    agent: EntitlementServiceStub, customer_id: str
) -> None:
    one, two = (agent.CreateServiceOrder(creating(customer_id)).order.id for _ in range(2))
    declined = agent.DeclineServiceOrder(pb.DeclineServiceOrderRequest(order_id=one, reason="too dear")).order
    cancelled = agent.CancelServiceOrder(pb.CancelServiceOrderRequest(order_id=two, reason="repaired itself")).order
    assert [(each.state, each.end_reason) for each in (declined, cancelled)] == [
        (DECLINED, "too dear"),
        (CANCELLED, "repaired itself"),
    ]
    refusal = refused(agent.RecordServiceConsent, consenting(one))
    assert (refusal.reason, refusal.metadata["state"]) == ("SERVICE_ORDER_TRANSITION_REFUSED", "declined")


def test_what_a_contract_covers_cannot_be_charged(
    calling: Calling, agent: EntitlementServiceStub, customer_id: str, database: Database[dict[str, Any]]
) -> None:
    contract = covering(calling, customer_id)
    refusal = refused(agent.CreateServiceOrder, creating(customer_id))
    assert (refusal.kind, refusal.reason, refusal.metadata["contract_id"]) == (
        Kind.PRECONDITION,
        "SERVICE_IS_COVERED",
        contract.id,
    )
    assert database["service_orders"].count_documents({}) == 0


@pytest.mark.parametrize(
    ("fields", "reason", "at_fault"),
    [
        ({"items": []}, "INVALID_FIELD", "items"),
        ({"items": [{"quantity": 1}]}, "INVALID_FIELD", "items[0].kind"),
        ({"items": [{"kind": LABOUR, "quantity": -60}]}, "INVALID_FIELD", "items[0].quantity"),
        ({"items": [{"kind": PART, "quantity": 1}]}, "INVALID_ID", "items[0].product_id"),
        ({"items": [{"kind": PART, "quantity": 1, "product_id": NO_CUSTOMER}]}, "INVALID_ID", "items[0].product_id"),
        ({"service_type": "Repair!"}, "INVALID_FIELD", "service_type"),
        ({"service_type": "training"}, "PRICE_NOT_LISTED", "items[0]"),
        ({"technician_id": NO_CUSTOMER}, "INVALID_ID", "technician_id"),
        ({"customer_id": NO_CUSTOMER}, "CUSTOMER_NOT_FOUND", ""),
    ],
)
def test_a_wrong_order_is_refused_with_the_fields_name_and_nothing_is_stored(
    agent: EntitlementServiceStub,
    customer_id: str,
    database: Database[dict[str, Any]],
    fields: dict[str, Any],
    reason: str,
    at_fault: str,
) -> None:
    refusal = refused(agent.CreateServiceOrder, creating(**{"customer_id": customer_id} | fields))
    assert (refusal.reason, refusal.field) == (reason, at_fault)
    assert database["service_orders"].count_documents({}) == 0


def test_lists_of_orders_select_what_their_filters_say(agent: EntitlementServiceStub, customer_id: str) -> None:
    one = agent.CreateServiceOrder(creating(customer_id, reference="cas-1")).order.id
    two = agent.CreateServiceOrder(creating(customer_id)).order.id
    agent.CancelServiceOrder(pb.CancelServiceOrderRequest(order_id=two, reason="not needed"))

    def found(**wanted: Any) -> list[str]:
        request = pb.ListServiceOrdersRequest(filter=pb.ServiceOrderFilter(**wanted))
        return sorted(order.id for order in agent.ListServiceOrders(request).orders)

    assert found() == found(customer_id=customer_id) == sorted([one, two])
    assert found(state=ESTIMATED) == found(reference="cas-1") == [one]
    assert found(state=CANCELLED) == [two]
