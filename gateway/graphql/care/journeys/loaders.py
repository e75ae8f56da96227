"""Loaders of runs."""

from gateway.graphql.loaders import by_id
from membercare.care.v1 import journeys_service_pb2 as pb

JOURNEY_RUNS = by_id(pb.BatchGetJourneyRunsRequest, ids="run_ids", items="runs")
