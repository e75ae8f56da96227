"""Roles by RPC: customers and contracts."""

from collections.abc import Mapping

from gateway.graphql.roles import DECIDE, SALES, STAFF

RIGHTS: Mapping[str, frozenset[str]] = {
    "CreateCustomer": SALES,
    "BatchGetCustomers": STAFF,
    "ListCustomers": STAFF,
    "CreateContract": SALES,
    "BatchGetContracts": STAFF,
    "BatchListContractsByCustomer": STAFF,
    "ListContracts": STAFF,
    "SignContract": DECIDE,
    "ActivateContract": DECIDE,
    "TerminateContract": DECIDE,
}
