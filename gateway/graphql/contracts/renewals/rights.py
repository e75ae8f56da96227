"""Roles by RPC: warranties that end, renewals and their forecast."""

from collections.abc import Mapping

from gateway.graphql.roles import STAFF

_DESK = frozenset({"sales", "manager", "ops", "admin"})
_CLERKS = _DESK | {"agent", "legal"}

RIGHTS: Mapping[str, frozenset[str]] = {
    "BatchGetRenewals": STAFF,
    "ListRenewals": STAFF,
    "BatchListRenewalsByContract": STAFF,
    "BatchListRenewalsByCustomer": STAFF,
    "OpenRenewal": _DESK,
    "AssignRenewal": _DESK,
    "AdvanceRenewal": _DESK,
    "CallRenewal": _DESK,
    "DecideRenewal": frozenset({"manager", "admin"}),
    "WinRenewal": _DESK,
    "LoseRenewal": _DESK,
    "CheckCancellation": STAFF,
    "RecordCancellation": _CLERKS,
    "RecordReminder": _CLERKS,
    "RecordRenewalSignal": frozenset({"ops", "admin"}),
    "ListRenewalSignals": STAFF,
    "ReportRenewalPipeline": STAFF,
    "ReportRenewalForecast": STAFF,
    "ReportForecastAccuracy": STAFF,
    "ListRenewalSnapshots": STAFF,
    "ListNoticePolicies": STAFF,
    "ListStuckRenewals": STAFF,
    "BatchGetWarrantyExpiries": STAFF,
    "ListWarrantyExpiries": STAFF,
    "ReportAttachRate": STAFF,
}
