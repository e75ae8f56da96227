"""Loaders of products, assets and price lists."""

from gateway.graphql.loaders import by_id, by_owner
from membercare.contracts.v1 import catalog_service_pb2 as pb

PRODUCTS = by_id(pb.BatchGetProductsRequest, ids="product_ids", items="products")
ASSETS = by_id(pb.BatchGetAssetsRequest, ids="asset_ids", items="assets")
PRICE_LISTS = by_id(pb.BatchGetPriceListsRequest, ids="price_list_ids", items="price_lists")
ASSETS_BY_CUSTOMER = by_owner(pb.BatchListAssetsByCustomerRequest, owner="customer", items="assets")
