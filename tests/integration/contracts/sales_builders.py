"""Requests of the sales room that name only what matters to a test."""

from typing import Any

from membercare.contracts.v1 import contract_pb2, lead_pb2, opportunity_pb2
from membercare.contracts.v1 import sales_service_pb2 as pb
from membercare.contracts.v1.contracts_service_pb2_grpc import ContractsServiceStub
from membercare.contracts.v1.sales_service_pb2_grpc import SalesServiceStub
from tests.integration.calling import Calling
from tests.integration.contracts.builders import a_customer

NO_LEAD = "led_00000000000000000000000000"
NO_OPPORTUNITY = "opp_00000000000000000000000000"


def as_sales(calling: Calling, subject: str = "sophie") -> SalesServiceStub:
    return calling.as_subject(SalesServiceStub, subject, "sales")


def customer_of(calling: Calling, **fields: Any) -> str:
    """Return the id of a new customer."""
    return a_customer(calling.as_role(ContractsServiceStub, "sales"), **fields).id


def new_lead(**fields: Any) -> pb.CreateLeadRequest:
    details: dict[str, Any] = {"source": lead_pb2.LEAD_SOURCE_WEB, "contact": "Wang Fang, 138 0013 8000"}
    return pb.CreateLeadRequest(**details | fields)


def a_lead(stub: SalesServiceStub, **fields: Any) -> lead_pb2.Lead:
    return stub.CreateLead(new_lead(**fields)).lead


def yuan(fen: int) -> contract_pb2.Money:
    return contract_pb2.Money(currency_code="CNY", minor_units=fen)


def new_opportunity(customer_id: str, **fields: Any) -> pb.CreateOpportunityRequest:
    details: dict[str, Any] = {"kind": opportunity_pb2.OPPORTUNITY_KIND_NEW, "title": "Ten pumps"}
    return pb.CreateOpportunityRequest(customer_id=customer_id, **details | fields)


def an_opportunity(stub: SalesServiceStub, customer_id: str, **fields: Any) -> opportunity_pb2.Opportunity:
    return stub.CreateOpportunity(new_opportunity(customer_id, **fields)).opportunity
