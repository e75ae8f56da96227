"""Who may call what: channels, providers, policy and the ledger."""

from collections.abc import Mapping

from services.care.rpc.roles import OPERATE, READ

_STOP = OPERATE | {"approver"}

ACCESS: Mapping[str, frozenset[str]] = {
    "CreateProvider": OPERATE,
    "UpdateProvider": OPERATE,
    "PauseProvider": OPERATE,
    "ResumeProvider": OPERATE,
    "BatchGetProviders": OPERATE,
    "ListProviders": OPERATE,
    "GetSendingSettings": READ,
    "UpdateSendingSettings": OPERATE,
    "StopAllSending": _STOP,
    "AllowSending": OPERATE,
    "RecordReceipts": OPERATE,
    "HearProviderCallback": OPERATE,
    "GrantWechatCredits": OPERATE,
    "GetWechatCredits": READ,
}
"""Roles by method. A test holds the gateway's table against it."""
