"""Batch RPCs of customers' value that joins stand on."""

from gateway.graphql.loaders import by_id
from membercare.contracts.v1 import figures_service_pb2 as pb

CUSTOMER_VALUES = by_id(pb.BatchGetCustomerValuesRequest, ids="customer_ids", items="values")
