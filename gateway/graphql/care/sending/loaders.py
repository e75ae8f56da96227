"""Loaders of providers."""

from gateway.graphql.loaders import by_id
from membercare.care.v1 import sending_service_pb2 as pb

PROVIDERS = by_id(pb.BatchGetProvidersRequest, ids="provider_ids", items="providers")
