"""Roles by RPC: the people we care for: consent, merge, import, export, erasure."""

from collections.abc import Mapping

from gateway.graphql.roles import STAFF

_MEMBERS = frozenset({"ops", "agent", "admin"})
_OPERATE = frozenset({"ops", "admin"})
_PERSON = frozenset({"respondent"})
"""Whoever holds a link in a message."""

RIGHTS: Mapping[str, frozenset[str]] = {
    "RecordConsent": _MEMBERS,
    "ListConsents": STAFF,
    "DefineAttribute": _OPERATE,
    "ListAttributes": STAFF,
    "FormHousehold": _MEMBERS,
    "MergeMembers": _OPERATE,
    "ExportMember": _OPERATE,
    "EraseMember": frozenset({"admin"}),
    "ListPrivacyActs": frozenset({"auditor", "admin"}),
    "GetImportProgress": _OPERATE,
    "GetPreferences": _PERSON,
    "ChangePreferences": _PERSON,
}
