"""Who may call what: who belongs to a group, and why."""

from collections.abc import Mapping

from services.care.domain.members.masks import CLEAR_ROLES
from services.care.rpc.roles import OPERATE, READ

_WRITE = frozenset({"ops", "approver", "admin"})

ACCESS: Mapping[str, frozenset[str]] = {
    "CreateSegment": _WRITE,
    "UpdateSegment": _WRITE,
    "ArchiveSegment": _WRITE,
    "GetSegment": READ,
    "BatchGetSegments": READ,
    "ListSegments": READ,
    "PreviewSegment": READ,
    "ListSegmentMembers": READ,
    "ExplainMembership": CLEAR_ROLES,
    "RecordActs": OPERATE,
}
"""Roles by method. A test holds the gateway's table against it."""
