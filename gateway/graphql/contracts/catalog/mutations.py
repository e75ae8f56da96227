"""Root fields that change products, serviced assets and price lists."""

import strawberry

from gateway.graphql.contracts.catalog.import_mutations import CatalogImports
from gateway.graphql.contracts.catalog.inputs import (
    AssetInput,
    AssetPatch,
    PriceEntryInput,
    ProductInput,
    ProductPatch,
)
from gateway.graphql.contracts.catalog.types import AssetPayload, PriceListPayload, ProductPayload
from gateway.graphql.patches import named
from gateway.graphql.roots import ETag, Info, RequestId, mutation, result_of
from gateway.graphql.scalars import Date
from gateway.graphql.sources import packed
from membercare.contracts.v1 import asset_pb2, product_pb2
from membercare.contracts.v1 import catalog_service_pb2 as pb

_PRODUCT = result_of(ProductPayload, "ProductResult")
_ASSET = result_of(AssetPayload, "AssetResult")
_PRICE_LIST = result_of(PriceListPayload, "PriceListResult")


@strawberry.type
class CatalogMutation(CatalogImports):
    @mutation(_PRODUCT, rpc="CreateProduct", description="Adds a product.")
    async def create_product(
        self, info: Info, input: ProductInput, request_id: RequestId = None
    ) -> pb.CreateProductResponse:
        request = pb.CreateProductRequest(product=packed(input, product_pb2.Product), request_id=request_id or "")
        return await info.context.call(info.context.clients.contracts.CreateProduct, request)

    @mutation(_PRODUCT, rpc="UpdateProduct", description="Changes the fields that the input names.")
    async def update_product(
        self, info: Info, id: strawberry.ID, input: ProductPatch, etag: ETag = None, request_id: RequestId = None
    ) -> pb.UpdateProductResponse:
        product = packed(input, product_pb2.Product, id=id, etag=etag or "")
        request = pb.UpdateProductRequest(product=product, update_mask=named(input), request_id=request_id or "")
        return await info.context.call(info.context.clients.contracts.UpdateProduct, request)

    @mutation(_ASSET, rpc="CreateAsset", description="Registers an item that a customer has or will get.")
    async def create_asset(self, info: Info, input: AssetInput, request_id: RequestId = None) -> pb.CreateAssetResponse:
        request = pb.CreateAssetRequest(asset=packed(input, asset_pb2.Asset), request_id=request_id or "")
        return await info.context.call(info.context.clients.contracts.CreateAsset, request)

    @mutation(_ASSET, rpc="UpdateAsset", description="Changes the fields that the input names; the warranty follows.")
    async def update_asset(
        self, info: Info, id: strawberry.ID, input: AssetPatch, etag: ETag = None, request_id: RequestId = None
    ) -> pb.UpdateAssetResponse:
        asset = packed(input, asset_pb2.Asset, id=id, etag=etag or "")
        request = pb.UpdateAssetRequest(asset=asset, update_mask=named(input), request_id=request_id or "")
        return await info.context.call(info.context.clients.contracts.UpdateAsset, request)

    @mutation(_ASSET, rpc="HoldWarranty", description="Stops the warranty's clock for some days; it ends later.")
    async def hold_warranty(
        self,
        info: Info,
        id: strawberry.ID,
        start_date: Date,
        end_date: Date,
        reason: str,
        etag: ETag = None,
        request_id: RequestId = None,
    ) -> pb.HoldWarrantyResponse:
        request = pb.HoldWarrantyRequest(
            asset_id=id,
            start_date=start_date,
            end_date=end_date,
            reason=reason,
            etag=etag or "",
            request_id=request_id or "",
        )
        return await info.context.call(info.context.clients.contracts.HoldWarranty, request)

    @mutation(_ASSET, rpc="LiftWarrantyHold", description="Takes a hold back; the warranty ends earlier.")
    async def lift_warranty_hold(
        self,
        info: Info,
        id: strawberry.ID,
        hold_id: strawberry.ID,
        etag: ETag = None,
        request_id: RequestId = None,
    ) -> pb.LiftWarrantyHoldResponse:
        request = pb.LiftWarrantyHoldRequest(asset_id=id, hold_id=hold_id, etag=etag or "", request_id=request_id or "")
        return await info.context.call(info.context.clients.contracts.LiftWarrantyHold, request)

    @mutation(_PRICE_LIST, rpc="CreatePriceList", description="Adds an empty price list.")
    async def create_price_list(
        self, info: Info, code: str, name: str, currency_code: str, request_id: RequestId = None
    ) -> pb.CreatePriceListResponse:
        request = pb.CreatePriceListRequest(
            code=code, name=name, currency_code=currency_code, request_id=request_id or ""
        )
        return await info.context.call(info.context.clients.contracts.CreatePriceList, request)

    @mutation(
        _PRICE_LIST,
        rpc="PublishPrices",
        description="Publishes prices from a day on; an open version that began earlier ends the day before.",
    )
    async def publish_prices(
        self,
        info: Info,
        id: strawberry.ID,
        start_date: Date,
        entries: list[PriceEntryInput],
        end_date: Date | None = None,
        etag: ETag = None,
        request_id: RequestId = None,
    ) -> pb.PublishPricesResponse:
        request = pb.PublishPricesRequest(
            price_list_id=id,
            start_date=start_date,
            end_date=end_date or "",
            entries=[packed(entry, pb.PriceEntryInput) for entry in entries],
            etag=etag or "",
            request_id=request_id or "",
        )
        return await info.context.call(info.context.clients.contracts.PublishPrices, request)
