"""Loaders of occasions and blackouts."""

from gateway.graphql.loaders import by_id
from membercare.care.v1 import calendars_service_pb2 as pb

OCCASIONS = by_id(pb.BatchGetOccasionsRequest, ids="occasion_ids", items="occasions")
BLACKOUTS = by_id(pb.BatchGetBlackoutsRequest, ids="blackout_ids", items="blackouts")
