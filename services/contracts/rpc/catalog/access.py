"""Who may call what of CatalogService."""

from collections.abc import Mapping

from services.contracts.rpc.roles import READ

_CATALOG = frozenset({"ops", "admin"})
_ASSETS = frozenset({"ops", "sales", "technician", "admin"})
_WARRANTY = frozenset({"ops", "agent", "technician", "admin"})

ACCESS: Mapping[str, frozenset[str]] = {
    "CreateProduct": _CATALOG,
    "UpdateProduct": _CATALOG,
    "BatchGetProducts": READ,
    "ListProducts": READ,
    "CreateAsset": _ASSETS,
    "UpdateAsset": _ASSETS,
    "HoldWarranty": _WARRANTY,
    "LiftWarrantyHold": _WARRANTY,
    "CheckWarranty": READ,
    "BatchGetAssets": READ,
    "BatchListAssetsByCustomer": READ,
    "ListAssets": READ,
    "CreatePriceList": _CATALOG,
    "PublishPrices": _CATALOG,
    "BatchGetPriceLists": READ,
    "ListPriceLists": READ,
    "ListPriceEntries": READ,
    "GetPrice": READ,
    "ImportProducts": _CATALOG,
    "ImportAssets": _CATALOG,
    "ImportPriceList": _CATALOG,
    "ImportContracts": _CATALOG,
    "GetUploadProgress": _CATALOG,
}
