"""Who may call what of FiguresService."""

from collections.abc import Mapping

_REPORTS = frozenset({"manager", "auditor", "ops", "sales", "admin"})
"""Sales see their own rows only: the use cases say so."""
_VALUES = frozenset({"manager", "auditor", "ops", "sales", "admin"})
_RULES = frozenset({"ops", "admin"})

ACCESS: Mapping[str, frozenset[str]] = {
    "ReportRecurringRevenue": _REPORTS,
    "ReportMonth": _REPORTS,
    "ExportMonth": _REPORTS,
    "GetCustomerValue": _VALUES,
    "BatchGetCustomerValues": _VALUES,
    "ListCustomerValues": _VALUES,
    "GetValuePolicy": _VALUES,
    "UpdateValuePolicy": _RULES,
    "RunCustomerValues": _RULES,
    "GetValueModel": _VALUES,
}
