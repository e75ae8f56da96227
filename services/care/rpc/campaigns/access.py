"""Who may call what: what is planned for whom, by which rule, who approved it."""

from collections.abc import Mapping

_READ = frozenset({"ops", "approver", "agent", "technician", "legal", "sales", "manager", "auditor", "admin"})
_WRITE = frozenset({"ops", "approver", "admin"})
_APPROVE = frozenset({"approver", "admin"})

ACCESS: Mapping[str, frozenset[str]] = {
    "ReviseCampaign": _WRITE,
    "WithdrawCampaign": _WRITE,
    "FinishCampaign": _WRITE,
    "SubmitCampaignRevision": _WRITE,
    "ApproveCampaignRevision": _APPROVE,
    "RejectCampaignRevision": _APPROVE,
    "DiscardCampaignRevision": _WRITE,
    "CommentOnCampaign": _WRITE,
    "CloneCampaign": _WRITE,
    "BatchGetCampaignHistories": _READ,
    "GetCampaignChanges": _READ,
    "ReportCampaignVariants": _READ,
    "ChooseCampaignWinner": _WRITE,
    "CheckCampaign": _READ,
    "PreviewCampaignMessage": _WRITE,
    "SendCampaignTest": _WRITE,
    "PreviewCampaignRun": _WRITE,
}
"""Roles by method. A test holds the gateway's table against it."""
