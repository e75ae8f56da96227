"""Who may call what of BillingService."""

from collections.abc import Mapping

from services.contracts.rpc.roles import READ, WRITE

_RUN = frozenset({"ops", "admin"})
_APPROVE = frozenset({"approver", "manager", "admin"})
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
    "CreatePriceIndex": _RUN,
    "RecordIndexValues": _RUN,
    "BatchGetPriceIndexes": READ,
    "ListPriceIndexes": READ,
    "CreatePriceRun": WRITE,
    "ApprovePriceRun": _APPROVE,
    "ApplyPriceRun": _RUN,
    "UndoPriceRun": _RUN,
    "BatchGetPriceRuns": _SEE_MONEY,
    "ListPriceRuns": _SEE_MONEY,
    "PreviewCoTermination": _SEE_MONEY,
}
