"""Who may call what; the table in README.md says the same."""

from collections.abc import Mapping

_READ = frozenset({"ops", "approver", "agent", "technician", "legal", "sales", "manager", "auditor", "admin"})
_MEMBERS = frozenset({"ops", "agent", "admin"})
_OPERATE = frozenset({"ops", "admin"})
_CAMPAIGNS = frozenset({"ops", "approver", "admin"})
_APPROVE = frozenset({"approver", "admin"})
_VISITS = frozenset({"ops", "agent", "technician", "sales", "admin"})

ACCESS: Mapping[str, frozenset[str]] = {
    "CreateMember": _MEMBERS,
    "UpdateMember": _MEMBERS,
    "GetMember": _READ,
    "BatchGetMembers": _READ,
    "ListMembers": _READ,
    "BatchListMembersByCustomer": _READ,
    "ImportMembers": _OPERATE,
    "CreateCampaign": _CAMPAIGNS,
    "GetCampaign": _READ,
    "BatchGetCampaigns": _READ,
    "ListCampaigns": _READ,
    "BatchGetCampaignProgress": _READ,
    "SubmitCampaign": _CAMPAIGNS,
    "ApproveCampaign": _APPROVE,
    "RejectCampaign": _APPROVE,
    "StartCampaign": _CAMPAIGNS,
    "PauseCampaign": _CAMPAIGNS,
    "ResumeCampaign": _CAMPAIGNS,
    "ArchiveCampaign": _CAMPAIGNS,
    "ExplainMember": _READ,
    "ListTouches": _READ,
    "BatchGetTouches": _READ,
    "BatchListTouchesByMember": _READ,
    "ResolveTouch": _OPERATE,
    "GetVisit": _READ,
    "BatchGetVisits": _READ,
    "ListVisits": _READ,
    "BatchListVisitsByMember": _READ,
    "CompleteVisit": _VISITS,
}
