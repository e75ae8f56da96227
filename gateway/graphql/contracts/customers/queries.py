"""Root fields that read customers' upkeep: change, merge, import, export."""

from collections.abc import Mapping
from typing import Annotated

import strawberry

from gateway.graphql.contracts.customers.types import CustomerFile
from gateway.graphql.contracts.life_cycle.queries import CustomerFilter
from gateway.graphql.contracts.tables import TableFormat
from gateway.graphql.loaders import Loader
from gateway.graphql.roots import Info, query
from gateway.graphql.sources import packed
from membercare.contracts.v1 import contracts_service_pb2, imports_pb2
from membercare.contracts.v1 import customers_service_pb2 as pb

NODES: Mapping[str, Loader] = {}
"""By the prefix of an id: what `node(id)` finds here."""

LimitOfFile = Annotated[
    int | None, strawberry.argument(description="How many customers one file holds at most; absent: 50,000.")
]
FileToken = Annotated[
    str | None, strawberry.argument(description="`nextPageToken` of the file before. Absent: from the first.")
]


@strawberry.type
class CustomersQuery:
    @query(CustomerFile, rpc="ExportCustomers", description="Customers as a file; `importCustomers` reads it again.")
    async def export_customers(
        self,
        info: Info,
        filter: CustomerFilter | None = None,
        format: TableFormat = TableFormat.CSV,
        limit: LimitOfFile = None,
        page_token: FileToken = None,
    ) -> pb.ExportCustomersResponse:
        request = pb.ExportCustomersRequest(
            filter=packed(filter, contracts_service_pb2.CustomerFilter) if filter else None,
            format=imports_pb2.TableFormat.ValueType(format),
            page_size=limit or 0,
            page_token=page_token or "",
        )
        return await info.context.call(info.context.clients.contracts.ExportCustomers, request, patient=True)
