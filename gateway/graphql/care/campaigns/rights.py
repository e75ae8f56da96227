"""Roles by RPC: what is planned for whom, by which rule, who approved it."""

from collections.abc import Mapping

from gateway.graphql.roles import STAFF

_WRITE = frozenset({"ops", "approver", "admin"})
_APPROVE = frozenset({"approver", "admin"})

RIGHTS: Mapping[str, frozenset[str]] = {
    "ReviseCampaign": _WRITE,
    "WithdrawCampaign": _WRITE,
    "FinishCampaign": _WRITE,
    "SubmitCampaignRevision": _WRITE,
    "ApproveCampaignRevision": _APPROVE,
    "RejectCampaignRevision": _APPROVE,
    "DiscardCampaignRevision": _WRITE,
    "CommentOnCampaign": _WRITE,
    "CloneCampaign": _WRITE,
    "BatchGetCampaignHistories": STAFF,
    "GetCampaignChanges": STAFF,
    "ReportCampaignVariants": STAFF,
    "ChooseCampaignWinner": _WRITE,
    "CheckCampaign": STAFF,
    "PreviewCampaignMessage": _WRITE,
    "SendCampaignTest": _WRITE,
    "PreviewCampaignRun": _WRITE,
}
