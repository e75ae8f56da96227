"""The methods of CatalogService: unpack, call, pack."""

from dataclasses import dataclass

import grpc

from membercare.contracts.v1 import catalog_service_pb2 as pb
from membercare.contracts.v1.catalog_service_pb2_grpc import CatalogServiceServicer
from services.chassis.checks import line
from services.chassis.clock import Clock
from services.chassis.identity import current_caller
from services.chassis.import_progress import MOST_KEY, ImportProgress
from services.chassis.timestamps import to_timestamp
from services.contracts.rpc.catalog.asset_methods import AssetMethods
from services.contracts.rpc.catalog.price_methods import PriceMethods
from services.contracts.rpc.catalog.product_methods import ProductMethods
from services.contracts.rpc.uploads import PHASES, report_to_pb, to_upload
from services.contracts.usecases.catalog.import_contracts import ImportContracts

FULL_NAME = pb.DESCRIPTOR.services_by_name["CatalogService"].full_name


@dataclass(frozen=True, kw_only=True)
class CatalogServicer(ProductMethods, AssetMethods, PriceMethods, CatalogServiceServicer):
    """Reads go to the stores, writes to the use cases."""

    import_contracts: ImportContracts
    progress: ImportProgress
    clock: Clock

    def ImportContracts(
        self, request: pb.ImportContractsRequest, context: grpc.ServicerContext
    ) -> pb.ImportContractsResponse:
        report = self.import_contracts(to_upload(request.upload), author=current_caller().subject)
        return pb.ImportContractsResponse(report=report_to_pb(report))

    def GetUploadProgress(
        self, request: pb.GetUploadProgressRequest, context: grpc.ServicerContext
    ) -> pb.GetUploadProgressResponse:
        file_key = line(request.file_key, "file_key", most=MOST_KEY, least=1)
        told = self.progress.get(file_key, now=self.clock.now())
        return pb.GetUploadProgressResponse(
            phase=PHASES.number(told.phase), rows=told.rows, done=told.done, update_time=to_timestamp(told.update_time)
        )
