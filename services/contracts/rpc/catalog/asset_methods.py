"""The methods of CatalogService that deal with assets: unpack, call, pack."""

from dataclasses import dataclass

import grpc

from membercare.contracts.v1 import catalog_service_pb2 as pb
from services.chassis.checks import batch, page_size
from services.chassis.identity import current_caller
from services.chassis.ids import optional_id
from services.chassis.timestamps import moment
from services.contracts.ports.catalog import Assets
from services.contracts.rpc.catalog.messages import asset_to_pb, to_asset_details, to_asset_filter, verdict_to_pb
from services.contracts.rpc.uploads import report_to_pb, to_upload
from services.contracts.usecases.catalog.import_assets import ImportAssets
from services.contracts.usecases.catalog.keep_assets import (
    ChangeAsset,
    CheckWarranty,
    HoldOrder,
    HoldWarranty,
    LiftWarrantyHold,
    RegisterAsset,
)

_MOST_PER_CUSTOMER = 100


@dataclass(frozen=True, kw_only=True)
class AssetMethods:
    """Reads go to the store, writes to the use cases."""

    assets: Assets
    register_asset: RegisterAsset
    change_asset: ChangeAsset
    hold_warranty: HoldWarranty
    lift_warranty_hold: LiftWarrantyHold
    check_warranty: CheckWarranty
    import_assets: ImportAssets

    def CreateAsset(self, request: pb.CreateAssetRequest, context: grpc.ServicerContext) -> pb.CreateAssetResponse:
        asset = self.register_asset(to_asset_details(request.asset), request_id=request.request_id)
        return pb.CreateAssetResponse(asset=asset_to_pb(asset))

    def UpdateAsset(self, request: pb.UpdateAssetRequest, context: grpc.ServicerContext) -> pb.UpdateAssetResponse:
        asset = self.change_asset(
            request.asset.id,
            to_asset_details(request.asset),
            mask=request.update_mask.paths,
            etag=request.asset.etag,
            request_id=request.request_id,
        )
        return pb.UpdateAssetResponse(asset=asset_to_pb(asset))

    def HoldWarranty(self, request: pb.HoldWarrantyRequest, context: grpc.ServicerContext) -> pb.HoldWarrantyResponse:
        order = HoldOrder(
            asset_id=request.asset_id,
            start_date=request.start_date,
            end_date=request.end_date,
            reason=request.reason,
            etag=request.etag,
            request_id=request.request_id,
        )
        return pb.HoldWarrantyResponse(asset=asset_to_pb(self.hold_warranty(order, author=current_caller().subject)))

    def LiftWarrantyHold(
        self, request: pb.LiftWarrantyHoldRequest, context: grpc.ServicerContext
    ) -> pb.LiftWarrantyHoldResponse:
        asset = self.lift_warranty_hold(
            request.asset_id, request.hold_id, etag=request.etag, request_id=request.request_id
        )
        return pb.LiftWarrantyHoldResponse(asset=asset_to_pb(asset))

    def CheckWarranty(
        self, request: pb.CheckWarrantyRequest, context: grpc.ServicerContext
    ) -> pb.CheckWarrantyResponse:
        at = moment(request.at, "at") if request.HasField("at") else None
        return verdict_to_pb(self.check_warranty(request.asset_id, at=at))

    def BatchGetAssets(
        self, request: pb.BatchGetAssetsRequest, context: grpc.ServicerContext
    ) -> pb.BatchGetAssetsResponse:
        found = self.assets.batch_get(batch(request.asset_ids, "asset_ids", prefix="ast"))
        return pb.BatchGetAssetsResponse(assets=map(asset_to_pb, found))

    def BatchListAssetsByCustomer(
        self, request: pb.BatchListAssetsByCustomerRequest, context: grpc.ServicerContext
    ) -> pb.BatchListAssetsByCustomerResponse:
        customer_ids = batch(request.customer_ids, "customer_ids", prefix="cus")
        most = page_size(request.limit_per_customer, "limit_per_customer", most=_MOST_PER_CUSTOMER)
        found = self.assets.of_customers(customer_ids, most=most)
        return pb.BatchListAssetsByCustomerResponse(
            results=(
                pb.CustomerAssets(customer_id=customer_id, assets=map(asset_to_pb, assets))
                for customer_id, assets in found.items()
            )
        )

    def ListAssets(self, request: pb.ListAssetsRequest, context: grpc.ServicerContext) -> pb.ListAssetsResponse:
        page = self.assets.page(
            to_asset_filter(request.filter),
            size=page_size(request.page_size),
            after=optional_id(request.page_token, "ast", field="page_token"),
        )
        return pb.ListAssetsResponse(assets=map(asset_to_pb, page.items), next_page_token=page.next_token)

    def ImportAssets(self, request: pb.ImportAssetsRequest, context: grpc.ServicerContext) -> pb.ImportAssetsResponse:
        return pb.ImportAssetsResponse(report=report_to_pb(self.import_assets(to_upload(request.upload))))
