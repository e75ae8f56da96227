"""Products, assets and price lists as types of the schema."""

from enum import IntEnum
from typing import TYPE_CHECKING, Annotated

import strawberry

from gateway.graphql.contracts.catalog.loaders import PRICE_LISTS, PRODUCTS
from gateway.graphql.contracts.money import Money
from gateway.graphql.edges import CUSTOMERS
from gateway.graphql.joins import joined
from gateway.graphql.nodes import Node
from gateway.graphql.scalars import Date, DateTime
from gateway.graphql.sources import message
from membercare.contracts.v1 import asset_pb2, price_list_pb2, product_pb2
from membercare.contracts.v1 import catalog_service_pb2 as pb

if TYPE_CHECKING:
    from gateway.graphql.contracts.life_cycle.types import Customer


@strawberry.enum(description="How an asset stands to its warranty on a day.")
class WarrantyState(IntEnum):
    COVERED = 1
    EXPIRED = 2
    NOT_DELIVERED = 3
    NONE = 4


@message(product_pb2.Product, description="Something that the company sells: a machine, a part, an hour of work.")
class Product(Node):
    code: str = strawberry.field(description="Key of the product in the company's own system.")
    name_en: str | None = strawberry.field(description="English name; one of the two names is always there.")
    name_zh: str | None = strawberry.field(description="Chinese name.")
    unit: str | None = strawberry.field(description="What one of it is counted in, for example `piece`.")
    service_types: list[str] = strawberry.field(description="The services that it is, or that are offered for it.")
    active: bool = strawberry.field(description="False: not sold any more.")
    etag: str = strawberry.field(description="The version: send it back to refuse a lost update.")
    create_time: DateTime
    update_time: DateTime


@message(asset_pb2.WarrantyHold, description="Days on which the warranty's clock stood still.")
class WarrantyHold:
    id: strawberry.ID = strawberry.field(description="Tells the holds of an asset apart.")
    start_date: Date
    end_date: Date = strawberry.field(description="Last day, included.")
    reason: str
    author: str = strawberry.field(description="Who recorded it: the subject of the sign-in.")
    record_time: DateTime


@message(asset_pb2.Asset, description="One delivered item that is in service.")
class Asset(Node):
    product_id: strawberry.ID
    serial: str = strawberry.field(description="Serial number; unique within the product.")
    customer_id: strawberry.ID
    delivery_date: Date | None = strawberry.field(description="Null: not delivered yet.")
    free_maintenance_months: int
    holds: list[WarrantyHold]
    warranty_end: Date | None = strawberry.field(
        description="Computed: the last day of the warranty, included, in the customer's time zone; null: none."
    )
    etag: str = strawberry.field(description="The version: send it back to refuse a lost update.")
    create_time: DateTime
    update_time: DateTime
    product: Product | None = joined(PRODUCTS, key="product_id", description="What it is one of.")
    customer: Annotated["Customer", strawberry.lazy("gateway.graphql.contracts.life_cycle.types")] | None = joined(
        CUSTOMERS, key="customer_id", description="Who has it."
    )


@message(pb.CheckWarrantyResponse, description="Whether an asset was under warranty at a moment, and why.")
class WarrantyVerdict:
    state: WarrantyState
    date: Date = strawberry.field(description="The day of the moment in the customer's time zone.")
    time_zone: str
    warranty_end: Date | None
    days_left: int = strawberry.field(description="Days after that day; 0 on the last day and without cover.")
    explanation_en: str
    explanation_zh: str


@message(price_list_pb2.PriceListVersion, description="The prices of a list over some days.")
class PriceListVersion:
    number: int
    start_date: Date
    end_date: Date | None = strawberry.field(description="Last day, included; null: until further notice.")
    entry_count: int = strawberry.field(description="How many products it prices.")
    author: str = strawberry.field(description="Who published it: the subject of the sign-in.")
    publish_time: DateTime


@message(price_list_pb2.PriceList, description="Prices in one currency, in versions that never hold the same day.")
class PriceList(Node):
    code: str = strawberry.field(description="Key of the list; `standard` is asked where no list is named.")
    name: str
    currency_code: str
    versions: list[PriceListVersion] = strawberry.field(description="By first day.")
    etag: str = strawberry.field(description="The version of this list: send it back to refuse a lost update.")
    create_time: DateTime
    update_time: DateTime


@message(price_list_pb2.PriceEntry, description="What one product costs in one version of a list.")
class PriceEntry:
    id: strawberry.ID = strawberry.field(description="Tells entries apart and orders them.")
    product_id: strawberry.ID
    unit_price: Money
    product: Product | None = joined(PRODUCTS, key="product_id", description="What is priced.")


@message(pb.GetPriceResponse, description="What a product costs on a day, and where that stands.")
class ProductPrice:
    unit_price: Money
    price_list_id: strawberry.ID
    version_number: int
    price_list: PriceList | None = joined(PRICE_LISTS, key="price_list_id", description="The list.")


@message(pb.CreateProductResponse, pb.UpdateProductResponse, description="The product after the change.")
class ProductPayload:
    product: Product


@message(
    pb.CreateAssetResponse,
    pb.UpdateAssetResponse,
    pb.HoldWarrantyResponse,
    pb.LiftWarrantyHoldResponse,
    description="The asset after the change.",
)
class AssetPayload:
    asset: Asset


@message(pb.CreatePriceListResponse, pb.PublishPricesResponse, description="The price list after the change.")
class PriceListPayload:
    price_list: PriceList
