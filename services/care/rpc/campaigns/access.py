"""Who may call what: what is planned for whom, by which rule, who approved it."""

from collections.abc import Mapping

from services.care.rpc.roles import READ

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
    "BatchGetCampaignHistories": READ,
    "GetCampaignChanges": READ,
    "ReportCampaignVariants": READ,
    "ChooseCampaignWinner": _WRITE,
    "CheckCampaign": READ,
    "PreviewCampaignMessage": _WRITE,
    "SendCampaignTest": _WRITE,
    "PreviewCampaignRun": _WRITE,
}
"""Roles by method. A test holds the gateway's table against it."""
