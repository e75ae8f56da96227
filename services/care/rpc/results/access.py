"""Who may call what: what came of it, and plans for key accounts."""

from collections.abc import Mapping

from services.care.rpc.roles import READ

_PLAN = frozenset({"ops", "manager", "sales", "admin"})

ACCESS: Mapping[str, frozenset[str]] = {
    "CreateServicePlan": _PLAN,
    "UpdateServicePlan": _PLAN,
    "HandOverServicePlan": frozenset({"ops", "manager", "admin"}),
    "CopyServicePlan": _PLAN,
    "EndServicePlan": _PLAN,
    "BatchGetServicePlans": READ,
    "ListServicePlans": READ,
    "GetPlanAdherence": READ,
    "ReportCampaignResults": READ,
    "ExportCampaignResults": READ,
    "ListSkips": READ,
    "GetCareAgenda": READ,
}
"""Roles by method. A test holds the gateway's table against it."""
