"""Loaders of words."""

from gateway.graphql.loaders import by_id
from membercare.care.v1 import templates_service_pb2 as pb

WORDS = by_id(pb.BatchGetWordsRequest, ids="words_ids", items="words")
