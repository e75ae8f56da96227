"""Root fields that read products, serviced assets and price lists."""

from collections.abc import Mapping
from typing import Annotated

import strawberry

from gateway.graphql.connections import DEFAULT_FIRST, After, Connection, First, Page, page_of
from gateway.graphql.contracts.catalog.loaders import ASSETS, PRICE_LISTS, PRODUCTS
from gateway.graphql.contracts.catalog.types import (
    Asset,
    PriceEntry,
    PriceList,
    Product,
    ProductPrice,
    WarrantyVerdict,
)
from gateway.graphql.contracts.tables import UploadProgress
from gateway.graphql.loaders import Loader
from gateway.graphql.roots import Info, listed, one, query
from gateway.graphql.scalars import Date, DateTime
from membercare.contracts.v1 import catalog_service_pb2 as pb

NODES: Mapping[str, Loader] = {"prd": PRODUCTS, "ast": ASSETS, "prl": PRICE_LISTS}
"""By the prefix of an id: what `node(id)` finds here."""

ListCode = Annotated[str | None, strawberry.argument(description="Which price list, by its code; absent: `standard`.")]
VersionNumber = Annotated[
    int | None, strawberry.argument(description="Which version; absent: the one that was published last.")
]
At = Annotated[DateTime | None, strawberry.argument(description="The moment in question; absent: now.")]


@strawberry.input(description="What a listed product must match; absent fields match all.")
class ProductFilter:
    code: str | None = None
    service_type: str | None = None
    name_prefix: str | None = strawberry.field(
        default=None, description="One of the names begins so; letter case is ignored."
    )
    include_inactive: bool | None = strawberry.field(default=None, description="Also what is not sold any more.")


@strawberry.input(description="What a listed asset must match; absent fields match all.")
class AssetFilter:
    customer_id: strawberry.ID | None = strawberry.field(
        default=None, description="Assets of this customer and of its doublets."
    )
    product_id: strawberry.ID | None = None
    serial: str | None = strawberry.field(default=None, description="Letter case is ignored.")
    warranty_end_from: Date | None = strawberry.field(default=None, description="The warranty ends then or later.")
    warranty_end_to: Date | None = strawberry.field(default=None, description="The warranty ends then or earlier.")


@strawberry.type
class CatalogQuery:
    product = one(Product, PRODUCTS, prefix="prd", description="One product; null if there is none.")

    asset = one(Asset, ASSETS, prefix="ast", description="One asset; null if there is none.")

    @query(
        UploadProgress,
        rpc="GetUploadProgress",
        description="How far an import is that was sent with a file key; told for a week.",
    )
    async def upload_progress(self, info: Info, file_key: str) -> pb.GetUploadProgressResponse:
        request = pb.GetUploadProgressRequest(file_key=file_key)
        return await info.context.call(info.context.clients.contracts.GetUploadProgress, request)

    price_list = one(PriceList, PRICE_LISTS, prefix="prl", description="One price list; null if there is none.")

    @query(Connection[Product], rpc="ListProducts", description="Products in the order of their creation.")
    async def products(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None, filter: ProductFilter | None = None
    ) -> Page:
        return await listed(info.context, pb.ListProductsRequest, first=first, after=after, filter=filter)

    @query(Connection[Asset], rpc="ListAssets", description="Assets in the order of their registration.")
    async def assets(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None, filter: AssetFilter | None = None
    ) -> Page:
        return await listed(info.context, pb.ListAssetsRequest, first=first, after=after, filter=filter)

    @query(Connection[PriceList], rpc="ListPriceLists", description="Price lists in the order of their creation.")
    async def price_lists(self, info: Info, first: First = DEFAULT_FIRST, after: After = None) -> Page:
        return await listed(info.context, pb.ListPriceListsRequest, first=first, after=after, filter=None)

    @query(Connection[PriceEntry], rpc="ListPriceEntries", description="The prices in one version of a list.")
    async def price_entries(
        self,
        info: Info,
        price_list_id: strawberry.ID,
        version_number: VersionNumber = None,
        first: First = DEFAULT_FIRST,
        after: After = None,
    ) -> Page:
        request = pb.ListPriceEntriesRequest(
            price_list_id=price_list_id, version_number=version_number or 0, page_size=first, page_token=after or ""
        )
        reply = await info.context.call(info.context.clients.contracts.ListPriceEntries, request)
        return page_of(reply.price_entries, reply.next_page_token, after=after)

    @query(ProductPrice, rpc="GetPrice", description="What a product costs on a day.")
    async def product_price(
        self, info: Info, product_id: strawberry.ID, date: Date, price_list_code: ListCode = None
    ) -> pb.GetPriceResponse:
        request = pb.GetPriceRequest(product_id=product_id, date=date, price_list_code=price_list_code or "")
        return await info.context.call(info.context.clients.contracts.GetPrice, request)

    @query(
        WarrantyVerdict, rpc="CheckWarranty", description="Whether an asset was under warranty at a moment, and why."
    )
    async def warranty(self, info: Info, asset_id: strawberry.ID, at: At = None) -> pb.CheckWarrantyResponse:
        request = pb.CheckWarrantyRequest(asset_id=asset_id, at=at)
        return await info.context.call(info.context.clients.contracts.CheckWarranty, request)
