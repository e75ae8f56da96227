"""Who may call what of RenewalsService."""

from collections.abc import Mapping

from services.contracts.rpc.roles import READ

DESK = frozenset({"sales", "manager", "ops", "admin"})
"""Those who work on renewals."""
CLERKS = DESK | {"agent", "legal"}
"""Those to whom a customer says that it leaves."""
LEADERS = frozenset({"manager", "admin"})
FEED = frozenset({"ops", "admin"})

ACCESS: Mapping[str, frozenset[str]] = {
    "GetRenewal": READ,
    "BatchGetRenewals": READ,
    "ListRenewals": READ,
    "BatchListRenewalsByContract": READ,
    "BatchListRenewalsByCustomer": READ,
    "OpenRenewal": DESK,
    "AssignRenewal": DESK,
    "AdvanceRenewal": DESK,
    "CallRenewal": DESK,
    "DecideRenewal": LEADERS,
    "WinRenewal": DESK,
    "LoseRenewal": DESK,
    "CheckCancellation": READ,
    "RecordCancellation": CLERKS,
    "RecordReminder": CLERKS,
    "RecordRenewalSignal": FEED,
    "ListRenewalSignals": READ,
    "ReportRenewalPipeline": READ,
    "ReportRenewalForecast": READ,
    "ReportForecastAccuracy": READ,
    "ListRenewalSnapshots": READ,
    "ListNoticePolicies": READ,
    "ListStuckRenewals": READ,
    "BatchGetWarrantyExpiries": READ,
    "ListWarrantyExpiries": READ,
    "ReportAttachRate": READ,
}
