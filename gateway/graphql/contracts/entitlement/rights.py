"""Roles by RPC: what is covered, what is left of allowances, and chargeable service."""

from collections.abc import Mapping

from gateway.graphql.roles import STAFF

_SERVE = frozenset({"agent", "technician", "sales", "ops", "admin"})
_DO = frozenset({"agent", "technician", "ops", "admin"})
_PUT_RIGHT = frozenset({"manager", "ops", "admin"})

RIGHTS: Mapping[str, frozenset[str]] = {
    "CheckEntitlement": STAFF,
    "ReserveAllowance": _SERVE,
    "ConsumeAllowance": _DO,
    "ReleaseAllowance": _SERVE,
    "CorrectAllowance": _PUT_RIGHT,
    "BatchGetAllowanceUsages": STAFF,
    "ListAllowanceUsages": STAFF,
    "BatchListAllowancesByContract": STAFF,
    "CreateServiceOrder": _SERVE,
    "ReviseServiceOrder": _SERVE,
    "RecordServiceConsent": _SERVE,
    "DeclineServiceOrder": _SERVE,
    "StartServiceOrder": _DO,
    "CompleteServiceOrder": _DO,
    "CancelServiceOrder": _SERVE,
    "BatchGetServiceOrders": STAFF,
    "ListServiceOrders": STAFF,
}
