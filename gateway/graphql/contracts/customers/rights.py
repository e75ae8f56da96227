"""Roles by RPC: customers' upkeep: change, merge, import, export."""

from collections.abc import Mapping

from gateway.graphql.roles import SALES

_UPKEEP = frozenset({"ops", "manager", "admin"})

RIGHTS: Mapping[str, frozenset[str]] = {
    "UpdateCustomer": SALES,
    "SetCustomerStage": SALES | {"manager"},
    "MergeCustomers": _UPKEEP,
    "ImportCustomers": frozenset({"ops", "admin"}),
    "ExportCustomers": _UPKEEP,
}
