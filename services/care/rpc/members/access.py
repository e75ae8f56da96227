"""Who may call what: the people we care for: consent, merge, import, export, erasure."""

from collections.abc import Mapping

_READ = frozenset({"ops", "approver", "agent", "technician", "legal", "sales", "manager", "auditor", "admin"})
_MEMBERS = frozenset({"ops", "agent", "admin"})
_OPERATE = frozenset({"ops", "admin"})
_PERSON = frozenset({"respondent"})
"""Whoever holds a link; the gateway's pages call in this role."""

ACCESS: Mapping[str, frozenset[str]] = {
    "RecordConsent": _MEMBERS,
    "ListConsents": _READ,
    "DefineAttribute": _OPERATE,
    "ListAttributes": _READ,
    "FormHousehold": _MEMBERS,
    "MergeMembers": _OPERATE,
    "ExportMember": _OPERATE,
    "EraseMember": frozenset({"admin"}),
    "ListPrivacyActs": frozenset({"auditor", "admin"}),
    "GetImportProgress": _OPERATE,
    "GetPreferences": _PERSON,
    "ChangePreferences": _PERSON,
}
"""Roles by method. A test holds the gateway's table against it."""
