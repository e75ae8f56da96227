"""Who may call what; the table in README.md says the same. Which rows a caller sees is decided by the use cases."""

from collections.abc import Mapping

_STAFF = frozenset(
    {"ops", "approver", "agent", "technician", "legal", "sales", "manager", "hr", "employee", "auditor", "admin"}
)
_FIGURES = frozenset({"hr", "admin", "auditor", "manager", "employee"})
_IMPORT = frozenset({"hr", "admin"})

ACCESS: Mapping[str, frozenset[str]] = {
    "ImportEmployees": _IMPORT,
    "GetEmployee": _STAFF,
    "BatchGetEmployees": _STAFF,
    "ListEmployees": _STAFF,
    "GetReportingLine": _STAFF,
    "ListIndicators": _STAFF,
    "BatchGetIndicatorValues": _FIGURES,
    "ListFacts": _FIGURES,
}
