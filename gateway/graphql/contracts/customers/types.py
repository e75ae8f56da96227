"""What changes of customers answer, and the files that customers are written to."""

import strawberry

from gateway.graphql.contracts.life_cycle.types import Customer
from gateway.graphql.roots import result_of
from gateway.graphql.scalars import Base64
from gateway.graphql.sources import message
from membercare.contracts.v1 import contracts_service_pb2
from membercare.contracts.v1 import customers_service_pb2 as pb


@message(
    contracts_service_pb2.CreateCustomerResponse,
    pb.UpdateCustomerResponse,
    pb.SetCustomerStageResponse,
    description="The customer after the change.",
)
class CustomerPayload:
    customer: Customer


@message(pb.MergeCustomersResponse, description="Both customers after the merge.")
class MergeCustomersPayload:
    customer: Customer = strawberry.field(description="The customer that stays.")
    merged: Customer = strawberry.field(description="The doublet, as it can be read from now on.")


@message(pb.ExportCustomersResponse, description="A file of customers, which `importCustomers` reads again.")
class CustomerFile:
    content: Base64 = strawberry.field(description="The bytes of the file.")
    media_type: str
    file_name: str
    rows: int = strawberry.field(description="Customers in the file.")
    next_page_token: str | None = strawberry.field(
        description="Pass it as `pageToken` for the next file; null: the last."
    )


CUSTOMER = result_of(CustomerPayload, "CustomerResult")
