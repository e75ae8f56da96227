"""Who may call what of ContractsService."""

from collections.abc import Mapping

from services.contracts.rpc.roles import DECIDE, READ, WRITE

REVIEW = frozenset({"legal", "admin"})

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
    "ListReviews": READ,
    "UpdateContractDraft": WRITE,
    "CommentOnContract": DECIDE,
    "SubmitContract": WRITE,
    "AssignReviewer": DECIDE,
    "ApproveContract": REVIEW,
    "ReturnContract": REVIEW,
    "WithdrawContract": WRITE,
    "SignContract": DECIDE,
    "ConfirmGate": DECIDE,
    "ActivateContract": DECIDE,
    "AmendContract": DECIDE,
    "SuspendContract": DECIDE,
    "ResumeContract": DECIDE,
    "TerminateContract": DECIDE,
}
