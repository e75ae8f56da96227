"""Batch RPCs of allowances and chargeable services that joins stand on."""

from gateway.graphql.loaders import by_id, by_owner
from membercare.contracts.v1 import entitlement_service_pb2 as pb

USAGES = by_id(pb.BatchGetAllowanceUsagesRequest, ids="usage_ids", items="usages")
SERVICE_ORDERS = by_id(pb.BatchGetServiceOrdersRequest, ids="order_ids", items="orders")
ALLOWANCES_BY_CONTRACT = by_owner(
    pb.BatchListAllowancesByContractRequest, owner="contract", items="allowances", others=("as_of", "known_at")
)
