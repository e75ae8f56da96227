"""Roles by RPC: who belongs to a group, and why."""

from collections.abc import Mapping

from gateway.graphql.roles import OPERATE, STAFF

_WRITE = frozenset({"ops", "approver", "admin"})

RIGHTS: Mapping[str, frozenset[str]] = {
    "CreateSegment": _WRITE,
    "UpdateSegment": _WRITE,
    "ArchiveSegment": _WRITE,
    "GetSegment": STAFF,
    "BatchGetSegments": STAFF,
    "ListSegments": STAFF,
    "PreviewSegment": STAFF,
    "ListSegmentMembers": STAFF,
    "ExplainMembership": frozenset({"ops", "agent", "admin", "approver", "manager"}),
    "RecordActs": OPERATE,
}
