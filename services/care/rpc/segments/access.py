"""Who may call what: who belongs to a group, and why."""

from collections.abc import Mapping

from services.care.domain.members.masks import CLEAR_ROLES

_READ = frozenset({"ops", "approver", "agent", "technician", "legal", "sales", "manager", "auditor", "admin"})
_WRITE = frozenset({"ops", "approver", "admin"})

ACCESS: Mapping[str, frozenset[str]] = {
    "CreateSegment": _WRITE,
    "UpdateSegment": _WRITE,
    "ArchiveSegment": _WRITE,
    "GetSegment": _READ,
    "BatchGetSegments": _READ,
    "ListSegments": _READ,
    "PreviewSegment": _READ,
    "ListSegmentMembers": _READ,
    "ExplainMembership": CLEAR_ROLES,
    "RecordActs": frozenset({"ops", "admin"}),
}
"""Roles by method. A test holds the gateway's table against it."""
