"""Who may call what of CustomersService."""

from collections.abc import Mapping

from services.contracts.rpc.roles import WRITE

_UPKEEP = frozenset({"ops", "manager", "admin"})
_IMPORT = frozenset({"ops", "admin"})

ACCESS: Mapping[str, frozenset[str]] = {
    "UpdateCustomer": WRITE,
    "SetCustomerStage": WRITE | {"manager"},
    "MergeCustomers": _UPKEEP,
    "ImportCustomers": _IMPORT,
    "ExportCustomers": _UPKEEP,
}
