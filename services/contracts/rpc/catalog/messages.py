"""Products, assets and price lists as messages, and requests as what the domain understands."""

from datetime import date

from membercare.contracts.v1 import asset_pb2, contract_pb2, price_list_pb2, product_pb2
from membercare.contracts.v1 import catalog_service_pb2 as pb
from services.chassis.checks import civil_date, line
from services.chassis.ids import optional_id
from services.chassis.proto_enums import EnumTable
from services.chassis.timestamps import to_timestamp
from services.contracts.domain.catalog.asset import MOST_SERIAL, Asset, AssetDetails, WarrantyHold
from services.contracts.domain.catalog.price_list import PriceEntry, PriceList, PriceListVersion
from services.contracts.domain.catalog.product import MOST_CODE, MOST_NAME, Product, ProductDetails
from services.contracts.domain.catalog.warranty import WarrantyState, WarrantyVerdict
from services.contracts.ports.catalog import AssetFilter, ProductFilter
from services.contracts.rpc.money import money_to_pb
from services.contracts.usecases.catalog.publish_prices import FoundPrice

WARRANTY_STATES = EnumTable(WarrantyState, pb.WarrantyState)


def product_to_pb(product: Product) -> product_pb2.Product:
    return product_pb2.Product(
        id=product.id,
        code=product.code,
        name_en=product.name_en,
        name_zh=product.name_zh,
        unit=product.unit,
        service_types=product.service_types,
        active=product.active,
        etag=str(product.version),
        create_time=to_timestamp(product.create_time),
        update_time=to_timestamp(product.update_time),
    )


def to_product_details(told: product_pb2.Product) -> ProductDetails:
    return ProductDetails(
        code=told.code,
        name_en=told.name_en,
        name_zh=told.name_zh,
        unit=told.unit,
        service_types=tuple(told.service_types),
        active=told.active,
    )


def to_product_filter(asked: pb.ProductFilter) -> ProductFilter:
    return ProductFilter(
        code=line(asked.code, "filter.code", most=MOST_CODE),
        service_type=line(asked.service_type, "filter.service_type", most=MOST_CODE),
        name_prefix=line(asked.name_prefix, "filter.name_prefix", most=MOST_NAME),
        include_inactive=asked.include_inactive,
    )


def asset_to_pb(asset: Asset) -> asset_pb2.Asset:
    return asset_pb2.Asset(
        id=asset.id,
        product_id=asset.product_id,
        serial=asset.serial,
        customer_id=asset.customer_id,
        delivery_date=_written(asset.delivery_date),
        free_maintenance_months=asset.free_maintenance_months,
        holds=map(_hold_to_pb, asset.holds),
        warranty_end=_written(asset.warranty_end),
        etag=str(asset.version),
        create_time=to_timestamp(asset.create_time),
        update_time=to_timestamp(asset.update_time),
    )


def _hold_to_pb(hold: WarrantyHold) -> asset_pb2.WarrantyHold:
    return asset_pb2.WarrantyHold(
        id=hold.id,
        start_date=hold.start_date.isoformat(),
        end_date=hold.end_date.isoformat(),
        reason=hold.reason,
        author=hold.author,
        record_time=to_timestamp(hold.record_time),
    )


def to_asset_details(told: asset_pb2.Asset) -> AssetDetails:
    return AssetDetails(
        product_id=told.product_id,
        serial=told.serial,
        customer_id=told.customer_id,
        delivery_date=told.delivery_date,
        free_maintenance_months=told.free_maintenance_months,
    )


def to_asset_filter(asked: pb.AssetFilter) -> AssetFilter:
    return AssetFilter(
        customer_id=optional_id(asked.customer_id, "cus", field="filter.customer_id"),
        product_id=optional_id(asked.product_id, "prd", field="filter.product_id"),
        serial=line(asked.serial, "filter.serial", most=MOST_SERIAL),
        warranty_end_from=_asked(asked.warranty_end_from, "filter.warranty_end_from"),
        warranty_end_to=_asked(asked.warranty_end_to, "filter.warranty_end_to"),
    )


def verdict_to_pb(verdict: WarrantyVerdict) -> pb.CheckWarrantyResponse:
    return pb.CheckWarrantyResponse(
        state=WARRANTY_STATES.number(verdict.state),
        date=verdict.day.isoformat(),
        time_zone=verdict.time_zone,
        warranty_end=_written(verdict.warranty_end),
        days_left=verdict.days_left,
        explanation_en=verdict.explanation_en,
        explanation_zh=verdict.explanation_zh,
    )


def price_list_to_pb(price_list: PriceList) -> price_list_pb2.PriceList:
    return price_list_pb2.PriceList(
        id=price_list.id,
        code=price_list.code,
        name=price_list.name,
        currency_code=price_list.currency_code,
        versions=map(_version_to_pb, price_list.versions),
        etag=str(price_list.version),
        create_time=to_timestamp(price_list.create_time),
        update_time=to_timestamp(price_list.update_time),
    )


def _version_to_pb(version: PriceListVersion) -> price_list_pb2.PriceListVersion:
    return price_list_pb2.PriceListVersion(
        number=version.number,
        start_date=version.start_date.isoformat(),
        end_date=_written(version.end_date),
        entry_count=version.entry_count,
        author=version.author,
        publish_time=to_timestamp(version.publish_time),
    )


def entry_to_pb(entry: PriceEntry, *, currency_code: str) -> price_list_pb2.PriceEntry:
    return price_list_pb2.PriceEntry(
        id=entry.id,
        product_id=entry.product_id,
        unit_price=contract_pb2.Money(currency_code=currency_code, minor_units=entry.minor_units),
    )


def price_to_pb(price: FoundPrice) -> pb.GetPriceResponse:
    money = price.unit_price
    return pb.GetPriceResponse(
        unit_price=money_to_pb(money),
        price_list_id=price.list_id,
        version_number=price.version_number,
    )


def _written(day: date | None) -> str:
    return day.isoformat() if day else ""


def _asked(value: str, field: str) -> date | None:
    return civil_date(value, field) if value else None
