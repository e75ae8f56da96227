"""Roles by RPC: channels, providers, policy and the ledger."""

from collections.abc import Mapping

from gateway.graphql.roles import OPERATE, STAFF

RIGHTS: Mapping[str, frozenset[str]] = {
    "CreateProvider": OPERATE,
    "UpdateProvider": OPERATE,
    "PauseProvider": OPERATE,
    "ResumeProvider": OPERATE,
    "BatchGetProviders": OPERATE,
    "ListProviders": OPERATE,
    "GetSendingSettings": STAFF,
    "UpdateSendingSettings": OPERATE,
    "StopAllSending": OPERATE | {"approver"},
    "AllowSending": OPERATE,
    "RecordReceipts": OPERATE,
    "HearProviderCallback": OPERATE,
    "GrantWechatCredits": OPERATE,
    "GetWechatCredits": STAFF,
}
