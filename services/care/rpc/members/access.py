"""Who may call what: the people we care for: consent, merge, import, export, erasure."""

from collections.abc import Mapping

from services.care.rpc.roles import OPERATE, READ

_MEMBERS = frozenset({"ops", "agent", "admin"})
_PERSON = frozenset({"respondent"})
"""Whoever holds a link; the gateway's pages call in this role."""

ACCESS: Mapping[str, frozenset[str]] = {
    "RecordConsent": _MEMBERS,
    "ListConsents": READ,
    "ListMemberTimeline": READ,
    "DefineAttribute": OPERATE,
    "ListAttributes": READ,
    "FormHousehold": _MEMBERS,
    "MergeMembers": OPERATE,
    "ExportMember": OPERATE,
    "EraseMember": frozenset({"admin"}),
    "ListPrivacyActs": frozenset({"auditor", "admin"}),
    "GetImportProgress": OPERATE,
    "GetPreferences": _PERSON,
    "ChangePreferences": _PERSON,
    "GetConfirmation": _PERSON,
    "ConfirmConsent": _PERSON,
}
"""Roles by method. A test holds the gateway's table against it."""
