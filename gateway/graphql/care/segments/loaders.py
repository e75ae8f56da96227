"""Loaders of segments."""

from gateway.graphql.loaders import by_id
from membercare.care.v1 import segments_service_pb2 as pb

SEGMENTS = by_id(pb.BatchGetSegmentsRequest, ids="segment_ids", items="segments")
