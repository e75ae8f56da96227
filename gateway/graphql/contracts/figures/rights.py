"""Roles by RPC: recurring revenue, monthly statistics and customers' value."""

from collections.abc import Mapping

_SEE = frozenset({"manager", "auditor", "ops", "sales", "admin"})
_RULE = frozenset({"ops", "admin"})

RIGHTS: Mapping[str, frozenset[str]] = {
    "ReportRecurringRevenue": _SEE,
    "ReportMonth": _SEE,
    "ExportMonth": _SEE,
    "BatchGetCustomerValues": _SEE,
    "ListCustomerValues": _SEE,
    "GetValuePolicy": _SEE,
    "UpdateValuePolicy": _RULE,
    "RunCustomerValues": _RULE,
    "GetValueModel": _SEE,
}
