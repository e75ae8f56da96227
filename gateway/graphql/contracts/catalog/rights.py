"""Roles by RPC: products, serviced assets and price lists."""

from collections.abc import Mapping

from gateway.graphql.roles import STAFF

_CATALOG = frozenset({"ops", "admin"})
_ASSETS = frozenset({"ops", "sales", "technician", "admin"})
_WARRANTY = frozenset({"ops", "agent", "technician", "admin"})

RIGHTS: Mapping[str, frozenset[str]] = {
    "CreateProduct": _CATALOG,
    "UpdateProduct": _CATALOG,
    "BatchGetProducts": STAFF,
    "ListProducts": STAFF,
    "CreateAsset": _ASSETS,
    "UpdateAsset": _ASSETS,
    "HoldWarranty": _WARRANTY,
    "LiftWarrantyHold": _WARRANTY,
    "CheckWarranty": STAFF,
    "BatchGetAssets": STAFF,
    "BatchListAssetsByCustomer": STAFF,
    "ListAssets": STAFF,
    "CreatePriceList": _CATALOG,
    "PublishPrices": _CATALOG,
    "BatchGetPriceLists": STAFF,
    "ListPriceLists": STAFF,
    "ListPriceEntries": STAFF,
    "GetPrice": STAFF,
    "ImportProducts": _CATALOG,
    "ImportAssets": _CATALOG,
    "ImportPriceList": _CATALOG,
    "ImportContracts": _CATALOG,
    "GetUploadProgress": _CATALOG,
}
