"""Who may call what; the table in README.md says the same."""

from collections.abc import Mapping

_READ = frozenset({"ops", "approver", "agent", "technician", "legal", "sales", "manager", "auditor", "admin"})
_WRITE = frozenset({"sales", "ops", "admin"})
_DECIDE = frozenset({"sales", "legal", "ops", "admin"})

ACCESS: Mapping[str, frozenset[str]] = {
    "CreateCustomer": _WRITE,
    "GetCustomer": _READ,
    "BatchGetCustomers": _READ,
    "ListCustomers": _READ,
    "CreateContract": _WRITE,
    "GetContract": _READ,
    "BatchGetContracts": _READ,
    "BatchListContractsByCustomer": _READ,
    "ListContracts": _READ,
    "SignContract": _DECIDE,
    "ActivateContract": _DECIDE,
    "TerminateContract": _DECIDE,
}
