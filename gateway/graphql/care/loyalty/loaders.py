"""Loaders of accounts and entries."""

from gateway.graphql.loaders import by_id
from membercare.care.v1 import loyalty_service_pb2 as pb

POINTS_ACCOUNTS = by_id(pb.BatchGetPointsAccountsRequest, ids="member_ids", items="accounts", key="member_id")
POINTS_ENTRIES = by_id(pb.BatchGetPointsEntriesRequest, ids="entry_ids", items="entries")
