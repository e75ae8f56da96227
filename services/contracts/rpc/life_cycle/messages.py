"""Customers and contracts as messages, and requests as what the domain understands."""

from membercare.contracts.v1 import contract_pb2, customer_pb2
from membercare.contracts.v1 import contracts_service_pb2 as pb
from services.chassis.checks import line
from services.chassis.ids import optional_id
from services.chassis.proto_enums import EnumTable
from services.chassis.timestamps import to_timestamp
from services.contracts.domain.contract import Contract, ContractState, ContractTerms
from services.contracts.domain.customer import MOST_NAME, MOST_REF, MOST_TAG, Customer, CustomerDetails, CustomerKind
from services.contracts.domain.money import Money
from services.contracts.ports.contracts import ContractFilter
from services.contracts.ports.customers import CustomerFilter

KINDS = EnumTable(CustomerKind, customer_pb2.CustomerKind)
STATES = EnumTable(ContractState, contract_pb2.ContractState)


def customer_to_pb(customer: Customer) -> customer_pb2.Customer:
    return customer_pb2.Customer(
        id=customer.id,
        kind=KINDS.number(customer.kind),
        name=customer.name,
        external_ref=customer.external_ref,
        tax_id=customer.tax_id,
        owner_id=customer.owner_id,
        tags=customer.tags,
        etag=str(customer.version),
        create_time=to_timestamp(customer.create_time),
        update_time=to_timestamp(customer.update_time),
    )


def contract_to_pb(contract: Contract) -> contract_pb2.Contract:
    return contract_pb2.Contract(
        id=contract.id,
        customer_id=contract.customer_id,
        title=contract.title,
        state=STATES.number(contract.state),
        start_date=contract.start_date.isoformat(),
        end_date=contract.end_date.isoformat(),
        price=contract_pb2.Money(currency_code=contract.price.currency_code, minor_units=contract.price.minor_units),
        owner_id=contract.owner_id,
        signed_time=to_timestamp(contract.signed_time),
        activated_time=to_timestamp(contract.activated_time),
        terminated_time=to_timestamp(contract.terminated_time),
        termination_reason=contract.termination_reason,
        etag=str(contract.version),
        create_time=to_timestamp(contract.create_time),
        update_time=to_timestamp(contract.update_time),
    )


def to_details(request: pb.CreateCustomerRequest) -> CustomerDetails:
    return CustomerDetails(
        kind=KINDS.member(request.kind, "kind"),
        name=request.name,
        external_ref=request.external_ref,
        tax_id=request.tax_id,
        owner_id=request.owner_id,
        tags=tuple(request.tags),
    )


def to_terms(request: pb.CreateContractRequest) -> ContractTerms:
    price = request.price
    return ContractTerms(
        customer_id=request.customer_id,
        title=request.title,
        start_date=request.start_date,
        end_date=request.end_date,
        price=Money(price.currency_code, price.minor_units) if request.HasField("price") else None,
        owner_id=request.owner_id,
    )


def to_customer_filter(asked: pb.CustomerFilter) -> CustomerFilter:
    return CustomerFilter(
        kind=KINDS.member(asked.kind, "filter.kind"),
        owner_id=optional_id(asked.owner_id, "emp", field="filter.owner_id"),
        tag=line(asked.tag, "filter.tag", most=MOST_TAG),
        name_prefix=line(asked.name_prefix, "filter.name_prefix", most=MOST_NAME),
        external_ref=line(asked.external_ref, "filter.external_ref", most=MOST_REF),
    )


def to_contract_filter(asked: pb.ContractFilter) -> ContractFilter:
    return ContractFilter(
        customer_id=optional_id(asked.customer_id, "cus", field="filter.customer_id"),
        state=STATES.member(asked.state, "filter.state"),
        owner_id=optional_id(asked.owner_id, "emp", field="filter.owner_id"),
    )
