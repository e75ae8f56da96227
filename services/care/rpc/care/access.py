"""Who may call what; the table in README.md says the same."""

from collections.abc import Mapping

from services.care.rpc.roles import OPERATE, READ

_MEMBERS = frozenset({"ops", "agent", "admin"})
_CAMPAIGNS = frozenset({"ops", "approver", "admin"})
_APPROVE = frozenset({"approver", "admin"})
_VISITS = frozenset({"ops", "agent", "technician", "sales", "admin"})

ACCESS: Mapping[str, frozenset[str]] = {
    "CreateMember": _MEMBERS,
    "UpdateMember": _MEMBERS,
    "GetMember": READ,
    "BatchGetMembers": READ,
    "ListMembers": READ,
    "BatchListMembersByCustomer": READ,
    "ImportMembers": OPERATE,
    "CreateCampaign": _CAMPAIGNS,
    "GetCampaign": READ,
    "BatchGetCampaigns": READ,
    "ListCampaigns": READ,
    "BatchGetCampaignProgress": READ,
    "SubmitCampaign": _CAMPAIGNS,
    "ApproveCampaign": _APPROVE,
    "RejectCampaign": _APPROVE,
    "StartCampaign": _CAMPAIGNS,
    "PauseCampaign": _CAMPAIGNS,
    "ResumeCampaign": _CAMPAIGNS,
    "ArchiveCampaign": _CAMPAIGNS,
    "ExplainMember": READ,
    "ListTouches": READ,
    "BatchGetTouches": READ,
    "BatchListTouchesByMember": READ,
    "ResolveTouch": OPERATE,
    "GetVisit": READ,
    "BatchGetVisits": READ,
    "ListVisits": READ,
    "BatchListVisitsByMember": READ,
    "CompleteVisit": _VISITS,
}
