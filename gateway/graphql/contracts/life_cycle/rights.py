"""Roles by RPC: customers and contracts."""

from collections.abc import Mapping

from gateway.graphql.roles import DECIDE, SALES, STAFF

_REVIEW = frozenset({"legal", "admin"})

RIGHTS: Mapping[str, frozenset[str]] = {
    "CreateCustomer": SALES,
    "BatchGetCustomers": STAFF,
    "ListCustomers": STAFF,
    "CreateContract": SALES,
    "GetContract": STAFF,
    "BatchGetContracts": STAFF,
    "BatchListContractsByCustomer": STAFF,
    "ListContracts": STAFF,
    "ListReviews": STAFF,
    "UpdateContractDraft": SALES,
    "CommentOnContract": DECIDE,
    "SubmitContract": SALES,
    "AssignReviewer": DECIDE,
    "ApproveContract": _REVIEW,
    "ReturnContract": _REVIEW,
    "WithdrawContract": SALES,
    "SignContract": DECIDE,
    "ConfirmGate": DECIDE,
    "ActivateContract": DECIDE,
    "AmendContract": DECIDE,
    "SuspendContract": DECIDE,
    "ResumeContract": DECIDE,
    "TerminateContract": DECIDE,
}
