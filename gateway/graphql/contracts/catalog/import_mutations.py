"""Root fields that import tables of products, assets, prices and contracts."""

import strawberry

from gateway.graphql.contracts.tables import REPORT, FileBase64, table_import, uploaded
from gateway.graphql.imports import Csv, DryRun, ImportMode
from gateway.graphql.roots import Info, mutation
from gateway.graphql.scalars import Date
from membercare.contracts.v1 import catalog_service_pb2 as pb
from membercare.contracts.v1 import imports_pb2


@strawberry.type
class CatalogImports:
    import_products = table_import(
        pb.ImportProductsRequest,
        description="Imports products from CSV or XLSX, idempotent by `code`.",
    )

    import_assets = table_import(
        pb.ImportAssetsRequest,
        description="Imports assets from CSV or XLSX, idempotent by `product_code` and `serial`.",
    )

    @mutation(
        REPORT,
        rpc="ImportPriceList",
        description="Imports prices from CSV or XLSX as one version of a list, all or none.",
    )
    async def import_price_list(
        self,
        info: Info,
        id: strawberry.ID,
        start_date: Date,
        end_date: Date | None = None,
        csv: Csv = None,
        file_base64: FileBase64 = None,
        dry_run: DryRun = False,
    ) -> imports_pb2.ImportReport:
        upload = uploaded(csv, file_base64, dry_run=dry_run, mode=ImportMode.ALL_OR_NOTHING)
        request = pb.ImportPriceListRequest(
            upload=upload, price_list_id=id, start_date=start_date, end_date=end_date or ""
        )
        return (await info.context.call(info.context.clients.contracts.ImportPriceList, request, patient=True)).report

    import_contracts = table_import(
        pb.ImportContractsRequest,
        description="Imports contract lines from CSV or XLSX as drafts, idempotent by `contract_ref`.",
    )
