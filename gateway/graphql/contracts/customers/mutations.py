"""Root fields that change customers' upkeep: change, merge, import, export."""

import strawberry
from strawberry import UNSET

from gateway.graphql.contracts.customers.enums import CustomerStage
from gateway.graphql.contracts.customers.types import CUSTOMER, MergeCustomersPayload
from gateway.graphql.contracts.life_cycle.types import CustomerKind
from gateway.graphql.contracts.tables import table_import
from gateway.graphql.patches import named
from gateway.graphql.roots import ETag, Info, RequestId, mutation, result_of
from gateway.graphql.sources import packed
from membercare.contracts.v1 import customer_pb2
from membercare.contracts.v1 import customers_service_pb2 as pb


@strawberry.input(description="What to change of a customer: fields left out stay as they are, null empties a field.")
class CustomerPatch:
    kind: CustomerKind | None = UNSET
    name: str | None = UNSET
    external_ref: str | None = UNSET
    tax_id: str | None = UNSET
    owner_id: strawberry.ID | None = UNSET
    tags: list[str] | None = UNSET
    time_zone: str | None = UNSET


@strawberry.type
class CustomersMutation:
    @mutation(CUSTOMER, rpc="UpdateCustomer", description="Changes the fields that the input names.")
    async def update_customer(
        self, info: Info, id: strawberry.ID, input: CustomerPatch, etag: ETag = None, request_id: RequestId = None
    ) -> pb.UpdateCustomerResponse:
        request = pb.UpdateCustomerRequest(
            customer=packed(input, customer_pb2.Customer, id=id, etag=etag or ""),
            update_mask=named(input),
            request_id=request_id or "",
        )
        return await info.context.call(info.context.clients.contracts.UpdateCustomer, request)

    @mutation(CUSTOMER, rpc="SetCustomerStage", description="Moves the relation with a customer, for a reason.")
    async def set_customer_stage(
        self,
        info: Info,
        id: strawberry.ID,
        stage: CustomerStage,
        reason: str,
        etag: ETag = None,
        request_id: RequestId = None,
    ) -> pb.SetCustomerStageResponse:
        request = pb.SetCustomerStageRequest(
            customer_id=id,
            stage=customer_pb2.CustomerStage.ValueType(stage),
            reason=reason,
            etag=etag or "",
            request_id=request_id or "",
        )
        return await info.context.call(info.context.clients.contracts.SetCustomerStage, request)

    @mutation(
        result_of(MergeCustomersPayload, "MergeCustomersResult"),
        rpc="MergeCustomers",
        description="Merges a doublet (`id`) into the customer that stays; both keep their histories.",
    )
    async def merge_customers(
        self,
        info: Info,
        id: strawberry.ID,
        into_id: strawberry.ID,
        etag: ETag = None,
        request_id: RequestId = None,
    ) -> pb.MergeCustomersResponse:
        request = pb.MergeCustomersRequest(
            customer_id=id, into_id=into_id, etag=etag or "", request_id=request_id or ""
        )
        return await info.context.call(info.context.clients.contracts.MergeCustomers, request)

    import_customers = table_import(
        pb.ImportCustomersRequest, description="Imports customers from CSV or XLSX, idempotent by `external_ref`."
    )
