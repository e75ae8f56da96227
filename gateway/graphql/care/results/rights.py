"""Roles by RPC: what came of it, and plans for key accounts."""

from collections.abc import Mapping

from gateway.graphql.roles import STAFF

_PLAN = frozenset({"ops", "manager", "sales", "admin"})

RIGHTS: Mapping[str, frozenset[str]] = {
    "CreateServicePlan": _PLAN,
    "UpdateServicePlan": _PLAN,
    "HandOverServicePlan": frozenset({"ops", "manager", "admin"}),
    "CopyServicePlan": _PLAN,
    "EndServicePlan": _PLAN,
    "BatchGetServicePlans": STAFF,
    "ListServicePlans": STAFF,
    "GetPlanAdherence": STAFF,
    "ReportCampaignResults": STAFF,
    "ExportCampaignResults": STAFF,
    "ListSkips": STAFF,
    "GetCareAgenda": STAFF,
}
