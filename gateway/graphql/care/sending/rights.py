"""Roles by RPC: channels, providers, policy and the ledger."""

from collections.abc import Mapping

from gateway.graphql.roles import STAFF

_OPS = frozenset({"ops", "admin"})

RIGHTS: Mapping[str, frozenset[str]] = {
    "CreateProvider": _OPS,
    "UpdateProvider": _OPS,
    "PauseProvider": _OPS,
    "ResumeProvider": _OPS,
    "BatchGetProviders": _OPS,
    "ListProviders": _OPS,
    "GetSendingSettings": STAFF,
    "UpdateSendingSettings": _OPS,
    "StopAllSending": _OPS | {"approver"},
    "AllowSending": _OPS,
    "RecordReceipts": _OPS,
    "GrantWechatCredits": _OPS,
    "GetWechatCredits": STAFF,
}
