"""Coarse rights: which roles may use a field, by the RPC that the field calls. The services check again, and rows."""

from collections.abc import Mapping

import strawberry
from strawberry.schema_directive import Location

_STAFF = frozenset({"ops", "approver", "agent", "technician", "legal", "sales", "manager", "auditor", "admin"})

_SALES = frozenset({"sales", "ops", "admin"})
_DECIDE = frozenset({"sales", "legal", "ops", "admin"})
_OPS = frozenset({"ops", "admin"})
_MEMBERS = frozenset({"ops", "agent", "admin"})
_CAMPAIGNS = frozenset({"ops", "approver", "admin"})
_APPROVE = frozenset({"approver", "admin"})
_VISITS = frozenset({"ops", "agent", "technician", "sales", "admin"})
_PEOPLE = _STAFF | {"hr", "employee"}
_FIGURES = frozenset({"hr", "admin", "auditor", "manager", "employee"})
_HR = frozenset({"hr", "admin"})

RIGHTS: Mapping[str, frozenset[str]] = {
    "CreateCustomer": _SALES,
    "BatchGetCustomers": _STAFF,
    "ListCustomers": _STAFF,
    "CreateContract": _SALES,
    "BatchGetContracts": _STAFF,
    "BatchListContractsByCustomer": _STAFF,
    "ListContracts": _STAFF,
    "SignContract": _DECIDE,
    "ActivateContract": _DECIDE,
    "TerminateContract": _DECIDE,
    "CreateMember": _MEMBERS,
    "UpdateMember": _MEMBERS,
    "BatchGetMembers": _STAFF,
    "ListMembers": _STAFF,
    "BatchListMembersByCustomer": _STAFF,
    "ImportMembers": _OPS,
    "CreateCampaign": _CAMPAIGNS,
    "BatchGetCampaigns": _STAFF,
    "ListCampaigns": _STAFF,
    "BatchGetCampaignProgress": _STAFF,
    "SubmitCampaign": _CAMPAIGNS,
    "ApproveCampaign": _APPROVE,
    "RejectCampaign": _APPROVE,
    "StartCampaign": _CAMPAIGNS,
    "PauseCampaign": _CAMPAIGNS,
    "ResumeCampaign": _CAMPAIGNS,
    "ArchiveCampaign": _CAMPAIGNS,
    "ExplainMember": _STAFF,
    "ListTouches": _STAFF,
    "BatchGetTouches": _STAFF,
    "BatchListTouchesByMember": _STAFF,
    "ResolveTouch": _OPS,
    "BatchGetVisits": _STAFF,
    "ListVisits": _STAFF,
    "BatchListVisitsByMember": _STAFF,
    "CompleteVisit": _VISITS,
    "OpenCase": _VISITS,
    "AssignCase": frozenset({"ops", "agent", "manager", "admin"}),
    "CloseCase": frozenset({"ops", "agent", "technician", "admin"}),
    "BatchGetCases": _STAFF,
    "ListCases": _STAFF,
    "BatchListCasesByMember": _STAFF,
    "BatchListCasesByCustomer": _STAFF,
    "BatchListCasesByEmployee": _STAFF,
    "ImportEmployees": _HR,
    "BatchGetEmployees": _PEOPLE,
    "ListEmployees": _PEOPLE,
    "GetReportingLine": _PEOPLE,
    "ListIndicators": _PEOPLE,
    "BatchGetIndicatorValues": _FIGURES,
    "ListFacts": _FIGURES,
}
"""By RPC. A test holds it against the tables of the services."""


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    name="requiresRole",
    description="The caller needs one of these roles; the service that owns the data decides on rows.",
)
class RequiresRole:
    roles: list[str]
