"""Who may call what of ContractsService."""

from collections.abc import Mapping

from services.contracts.rpc.roles import DECIDE, READ, WRITE

ACCESS: Mapping[str, frozenset[str]] = {
    "CreateCustomer": WRITE,
    "GetCustomer": READ,
    "BatchGetCustomers": READ,
    "ListCustomers": READ,
    "CreateContract": WRITE,
    "GetContract": READ,
    "BatchGetContracts": READ,
    "BatchListContractsByCustomer": READ,
    "ListContracts": READ,
    "SignContract": DECIDE,
    "ActivateContract": DECIDE,
    "TerminateContract": DECIDE,
}
