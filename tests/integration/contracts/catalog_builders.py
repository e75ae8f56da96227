"""Products, assets and price lists that name only what matters to a test."""

from typing import Any

from membercare.contracts.v1 import asset_pb2, price_list_pb2, product_pb2
from membercare.contracts.v1 import catalog_service_pb2 as pb
from membercare.contracts.v1.catalog_service_pb2_grpc import CatalogServiceStub

NO_PRODUCT = "prd_00000000000000000000000000"
NO_ASSET = "ast_00000000000000000000000000"
NO_PRICE_LIST = "prl_00000000000000000000000000"


def new_product(*, request_id: str = "", **fields: Any) -> pb.CreateProductRequest:
    details: dict[str, Any] = {"code": "P-1", "name_en": "Pump", "name_zh": "水泵", "unit": "台", "active": True}
    return pb.CreateProductRequest(product=product_pb2.Product(**details | fields), request_id=request_id)


def a_product(stub: CatalogServiceStub, **fields: Any) -> product_pb2.Product:
    return stub.CreateProduct(new_product(**fields)).product


def new_asset(*, request_id: str = "", **fields: Any) -> pb.CreateAssetRequest:
    details: dict[str, Any] = {"serial": "SN-1", "delivery_date": "2026-01-31", "free_maintenance_months": 12}
    return pb.CreateAssetRequest(asset=asset_pb2.Asset(**details | fields), request_id=request_id)


def an_asset(stub: CatalogServiceStub, **fields: Any) -> asset_pb2.Asset:
    return stub.CreateAsset(new_asset(**fields)).asset


def a_price_list(stub: CatalogServiceStub, **fields: Any) -> price_list_pb2.PriceList:
    details: dict[str, Any] = {"code": "standard", "name": "Standard", "currency_code": "CNY"}
    return stub.CreatePriceList(pb.CreatePriceListRequest(**details | fields)).price_list


def publish(price_list_id: str, start: str, *, prices: dict[str, int], **fields: Any) -> pb.PublishPricesRequest:
    return pb.PublishPricesRequest(
        price_list_id=price_list_id,
        start_date=start,
        entries=[pb.PriceEntryInput(product_id=key, minor_units=units) for key, units in prices.items()],
        **fields,
    )
