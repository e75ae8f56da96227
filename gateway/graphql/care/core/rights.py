"""Roles by RPC: members, campaigns, touches and visits as the service has had them from the beginning."""

from collections.abc import Mapping

from gateway.graphql.roles import OPERATE, STAFF

_MEMBERS = frozenset({"ops", "agent", "admin"})
_CAMPAIGNS = frozenset({"ops", "approver", "admin"})
_APPROVE = frozenset({"approver", "admin"})
_VISITS = frozenset({"ops", "agent", "technician", "sales", "admin"})

RIGHTS: Mapping[str, frozenset[str]] = {
    "CreateMember": _MEMBERS,
    "UpdateMember": _MEMBERS,
    "BatchGetMembers": STAFF,
    "ListMembers": STAFF,
    "BatchListMembersByCustomer": STAFF,
    "ImportMembers": OPERATE,
    "CreateCampaign": _CAMPAIGNS,
    "BatchGetCampaigns": STAFF,
    "ListCampaigns": STAFF,
    "BatchGetCampaignProgress": STAFF,
    "SubmitCampaign": _CAMPAIGNS,
    "ApproveCampaign": _APPROVE,
    "RejectCampaign": _APPROVE,
    "StartCampaign": _CAMPAIGNS,
    "PauseCampaign": _CAMPAIGNS,
    "ResumeCampaign": _CAMPAIGNS,
    "ArchiveCampaign": _CAMPAIGNS,
    "ExplainMember": STAFF,
    "ListTouches": STAFF,
    "BatchGetTouches": STAFF,
    "BatchListTouchesByMember": STAFF,
    "ResolveTouch": OPERATE,
    "BatchGetVisits": STAFF,
    "ListVisits": STAFF,
    "BatchListVisitsByMember": STAFF,
    "CompleteVisit": _VISITS,
}
