"""Who may call what; the table in README.md says the same."""

from collections.abc import Mapping

_READ = frozenset({"ops", "approver", "agent", "technician", "legal", "sales", "manager", "auditor", "admin"})

ACCESS: Mapping[str, frozenset[str]] = {
    "OpenCase": frozenset({"ops", "agent", "technician", "sales", "admin"}),
    "AssignCase": frozenset({"ops", "agent", "manager", "admin"}),
    "CloseCase": frozenset({"ops", "agent", "technician", "admin"}),
    "GetCase": _READ,
    "BatchGetCases": _READ,
    "ListCases": _READ,
    "BatchListCasesByMember": _READ,
    "BatchListCasesByCustomer": _READ,
    "BatchListCasesByEmployee": _READ,
}
