"""Roles by RPC: billing schedules, price changes and exports for accounting."""

from collections.abc import Mapping

from gateway.graphql.roles import SALES, STAFF

_RUN = frozenset({"ops", "admin"})
_APPROVE = frozenset({"approver", "manager", "admin"})
_SEE_MONEY = frozenset({"ops", "approver", "legal", "sales", "manager", "auditor", "admin"})

RIGHTS: Mapping[str, frozenset[str]] = {
    "PlanBilling": _RUN,
    "BatchGetBillingLines": STAFF,
    "BatchListBillingLinesByContract": STAFF,
    "ListBillingLines": STAFF,
    "ExplainBillingLine": STAFF,
    "MarkBilled": _RUN,
    "ExportBillingLines": _SEE_MONEY,
    "ListBillingDeliveries": _SEE_MONEY,
    "ListParkedBilling": _SEE_MONEY,
    "RetryBilling": _RUN,
    "CreatePriceIndex": _RUN,
    "RecordIndexValues": _RUN,
    "BatchGetPriceIndexes": STAFF,
    "ListPriceIndexes": STAFF,
    "CreatePriceRun": SALES,
    "ApprovePriceRun": _APPROVE,
    "ApplyPriceRun": _RUN,
    "UndoPriceRun": _RUN,
    "BatchGetPriceRuns": _SEE_MONEY,
    "ListPriceRuns": _SEE_MONEY,
    "PreviewCoTermination": _SEE_MONEY,
}
