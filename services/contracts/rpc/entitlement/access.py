"""Who may call what of EntitlementService."""

from collections.abc import Mapping

from services.contracts.rpc.roles import READ

_SERVE = frozenset({"agent", "technician", "sales", "ops", "admin"})
"""Those who take requests for service and carry them out."""
_DO = frozenset({"agent", "technician", "ops", "admin"})
"""Those who do the work."""
_PUT_RIGHT = frozenset({"manager", "ops", "admin"})
"""Those who may change what was counted: not the ones who counted it."""

ACCESS: Mapping[str, frozenset[str]] = {
    "CheckEntitlement": READ,
    "ReserveAllowance": _SERVE,
    "ConsumeAllowance": _DO,
    "ReleaseAllowance": _SERVE,
    "CorrectAllowance": _PUT_RIGHT,
    "BatchGetAllowanceUsages": READ,
    "ListAllowanceUsages": READ,
    "BatchListAllowancesByContract": READ,
    "CreateServiceOrder": _SERVE,
    "ReviseServiceOrder": _SERVE,
    "RecordServiceConsent": _SERVE,
    "DeclineServiceOrder": _SERVE,
    "StartServiceOrder": _DO,
    "CompleteServiceOrder": _DO,
    "CancelServiceOrder": _SERVE,
    "BatchGetServiceOrders": READ,
    "ListServiceOrders": READ,
}
