"""Builds the room of products, serviced assets and price lists."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from services.chassis.clock import SystemClock
from services.contracts.config import Settings
from services.contracts.usecases.catalog.import_assets import ImportAssets
from services.contracts.usecases.catalog.import_contracts import ImportContracts, Known
from services.contracts.usecases.catalog.import_prices import ImportPriceList
from services.contracts.usecases.catalog.import_products import ImportProducts
from services.contracts.usecases.catalog.keep_assets import (
    ChangeAsset,
    CheckWarranty,
    HoldWarranty,
    LiftWarrantyHold,
    RegisterAsset,
)
from services.contracts.usecases.catalog.keep_products import AddProduct, ChangeProduct
from services.contracts.usecases.catalog.publish_prices import AddPriceList, FindPrice, PublishPrices
from services.contracts.usecases.catalog.read_prices import ListPrices
from services.contracts.usecases.imports import TellProgress
from services.contracts.usecases.refuse_strangers import RefuseStrangers

if TYPE_CHECKING:
    from services.chassis.import_progress_store import MongoImportProgress
    from services.chassis.rooms import RpcRoom
    from services.chassis.scheduled import Job
    from services.contracts.rpc.catalog.servicer import CatalogServicer

OUTBOXES: Sequence[str] = ("assets",)


def documents() -> Sequence[type]:
    """Return the documents whose indexes `migrate` builds."""
    from services.contracts.store.catalog.assets import AssetDocument
    from services.contracts.store.catalog.price_lists import PriceEntryDocument, PriceListDocument
    from services.contracts.store.catalog.products import ProductDocument
    from services.contracts.store.upload_progress import UploadProgressDocument

    return (ProductDocument, AssetDocument, PriceListDocument, PriceEntryDocument, UploadProgressDocument)


def progress() -> "MongoImportProgress":
    """Return where the imports of every room tell how far they are."""
    from services.chassis.import_progress_store import MongoImportProgress
    from services.contracts.store.upload_progress import UploadProgressDocument

    return MongoImportProgress(UploadProgressDocument)


def refuse_strangers() -> RefuseStrangers:
    """Return what checks the products and assets on lines, for rooms that write them."""
    from services.contracts.store.catalog.assets import MongoAssets
    from services.contracts.store.catalog.products import MongoProducts
    from services.contracts.store.customers.customers import MongoCustomers

    clock = SystemClock()
    return RefuseStrangers(MongoProducts(clock), MongoAssets(clock), MongoCustomers(clock))


def build_servicer(settings: Settings) -> "CatalogServicer":
    """Wire the methods to the use cases and stores."""
    from services.chassis.tables import FileTables
    from services.contracts.rpc.catalog.servicer import CatalogServicer
    from services.contracts.store.catalog.assets import MongoAssets
    from services.contracts.store.catalog.imported_contracts import MongoImportedContracts
    from services.contracts.store.catalog.price_lists import MongoPriceLists
    from services.contracts.store.catalog.products import MongoProducts
    from services.contracts.store.customers.customers import MongoCustomers

    clock, tables, zone = SystemClock(), FileTables(), settings.company_time_zone
    products, assets, price_lists = MongoProducts(clock), MongoAssets(clock), MongoPriceLists(clock)
    customers, contracts = MongoCustomers(clock), MongoImportedContracts(clock)
    told = progress()
    tell = TellProgress(told, clock)
    known = Known(contracts=contracts, assets=assets, products=products, customers=customers)
    return CatalogServicer(
        products=products,
        add_product=AddProduct(products, clock),
        change_product=ChangeProduct(products, clock),
        import_products=ImportProducts(products, tables, clock, tell),
        assets=assets,
        register_asset=RegisterAsset(assets, products, customers, clock),
        change_asset=ChangeAsset(assets, customers, clock),
        hold_warranty=HoldWarranty(assets, clock),
        lift_warranty_hold=LiftWarrantyHold(assets, clock),
        check_warranty=CheckWarranty(assets, customers, clock, zone),
        import_assets=ImportAssets(assets, products, customers, tables, clock, tell),
        price_lists=price_lists,
        add_price_list=AddPriceList(price_lists, clock),
        publish_prices=PublishPrices(price_lists, products, clock),
        find_price=FindPrice(price_lists),
        list_prices=ListPrices(price_lists),
        import_price_list=ImportPriceList(price_lists, products, tables, clock),
        import_contracts=ImportContracts(known, tables, clock, zone, tell),
        progress=told,
        clock=clock,
    )


def rpc_room(settings: Settings) -> "RpcRoom":
    """Return what this room serves."""
    from membercare.contracts.v1.catalog_service_pb2_grpc import add_CatalogServiceServicer_to_server
    from services.chassis.rooms import RpcRoom
    from services.contracts.rpc.catalog.access import ACCESS
    from services.contracts.rpc.catalog.servicer import FULL_NAME

    servicer = build_servicer(settings)
    return RpcRoom(FULL_NAME, ACCESS, lambda server: add_CatalogServiceServicer_to_server(servicer, server))


def jobs(settings: Settings) -> "Sequence[Job]":
    """Return what the leader does regularly."""
    return ()
