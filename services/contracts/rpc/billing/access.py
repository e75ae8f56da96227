"""Who may call what of BillingService."""

from collections.abc import Mapping

from services.contracts.rpc.roles import READ

_RUN = frozenset({"ops", "admin"})
_SEE_MONEY = frozenset({"ops", "approver", "legal", "sales", "manager", "auditor", "admin"})

ACCESS: Mapping[str, frozenset[str]] = {
    "PlanBilling": _RUN,
    "BatchGetBillingLines": READ,
    "BatchListBillingLinesByContract": READ,
    "ListBillingLines": READ,
    "ExplainBillingLine": READ,
    "MarkBilled": _RUN,
    "ExportBillingLines": _SEE_MONEY,
    "ListBillingDeliveries": _SEE_MONEY,
    "ListParkedBilling": _SEE_MONEY,
    "RetryBilling": _RUN,
}
