"""Roles by RPC: the people we care for: consent, merge, import, export, erasure."""

from collections.abc import Mapping

from gateway.graphql.roles import OPERATE, STAFF

_MEMBERS = frozenset({"ops", "agent", "admin"})
_PERSON = frozenset({"respondent"})
"""Whoever holds a link in a message."""

RIGHTS: Mapping[str, frozenset[str]] = {
    "RecordConsent": _MEMBERS,
    "ListConsents": STAFF,
    "ListMemberTimeline": STAFF,
    "DefineAttribute": OPERATE,
    "ListAttributes": STAFF,
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
