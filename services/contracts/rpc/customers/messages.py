"""Customers as messages, and requests as what the domain understands."""

from membercare.contracts.v1 import contracts_service_pb2, customer_pb2
from services.chassis.checks import line
from services.chassis.ids import optional_id
from services.chassis.proto_enums import EnumTable
from services.chassis.timestamps import to_timestamp
from services.contracts.domain.customers.customer import (
    MOST_NAME,
    MOST_REF,
    MOST_TAG,
    Customer,
    CustomerDetails,
    CustomerKind,
    CustomerStage,
    CustomerTier,
    StageChange,
)
from services.contracts.ports.customers import CustomerFilter

KINDS = EnumTable(CustomerKind, customer_pb2.CustomerKind)
STAGES = EnumTable(CustomerStage, customer_pb2.CustomerStage)
TIERS = EnumTable(CustomerTier, customer_pb2.CustomerTier)


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
        time_zone=customer.time_zone,
        stage=STAGES.number(customer.stage),
        stage_changes=map(_change_to_pb, customer.stage_changes),
        tier=TIERS.number(customer.tier) if customer.tier else customer_pb2.CUSTOMER_TIER_UNSPECIFIED,
        merged_into_id=customer.merged_into_id,
        merged_ids=customer.merged_ids,
    )


def _change_to_pb(change: StageChange) -> customer_pb2.CustomerStageChange:
    return customer_pb2.CustomerStageChange(
        stage=STAGES.number(change.stage),
        reason=change.reason,
        author=change.author,
        change_time=to_timestamp(change.change_time),
    )


def to_new_customer(request: contracts_service_pb2.CreateCustomerRequest) -> CustomerDetails:
    return CustomerDetails(
        kind=KINDS.member(request.kind, "kind"),
        name=request.name,
        external_ref=request.external_ref,
        tax_id=request.tax_id,
        owner_id=request.owner_id,
        tags=tuple(request.tags),
        time_zone=request.time_zone,
        stage=STAGES.member(request.stage, "stage"),
    )


def to_details(told: customer_pb2.Customer) -> CustomerDetails:
    return CustomerDetails(
        kind=KINDS.member(told.kind, "kind"),
        name=told.name,
        external_ref=told.external_ref,
        tax_id=told.tax_id,
        owner_id=told.owner_id,
        tags=tuple(told.tags),
        time_zone=told.time_zone,
    )


def to_customer_filter(asked: contracts_service_pb2.CustomerFilter) -> CustomerFilter:
    return CustomerFilter(
        kind=KINDS.member(asked.kind, "filter.kind"),
        owner_id=optional_id(asked.owner_id, "emp", field="filter.owner_id"),
        tag=line(asked.tag, "filter.tag", most=MOST_TAG),
        name_prefix=line(asked.name_prefix, "filter.name_prefix", most=MOST_NAME),
        external_ref=line(asked.external_ref, "filter.external_ref", most=MOST_REF),
        stage=STAGES.member(asked.stage, "filter.stage"),
        tier=TIERS.member(asked.tier, "filter.tier"),
        include_merged=asked.include_merged,
    )
