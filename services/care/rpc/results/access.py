"""Who may call what: what came of it, and plans for key accounts."""

from collections.abc import Mapping

_READ = frozenset({"ops", "approver", "agent", "technician", "legal", "sales", "manager", "auditor", "admin"})
_PLAN = frozenset({"ops", "manager", "sales", "admin"})

ACCESS: Mapping[str, frozenset[str]] = {
    "CreateServicePlan": _PLAN,
    "UpdateServicePlan": _PLAN,
    "HandOverServicePlan": frozenset({"ops", "manager", "admin"}),
    "CopyServicePlan": _PLAN,
    "EndServicePlan": _PLAN,
    "BatchGetServicePlans": _READ,
    "ListServicePlans": _READ,
    "GetPlanAdherence": _READ,
    "ReportCampaignResults": _READ,
    "ExportCampaignResults": _READ,
    "ListSkips": _READ,
    "GetCareAgenda": _READ,
}
"""Roles by method. A test holds the gateway's table against it."""
