"""Who may call what: the words that campaigns say."""

from collections.abc import Mapping

from services.care.rpc.roles import READ

_AUTHORS = frozenset({"ops", "approver", "admin"})
_PUBLISHERS = frozenset({"approver", "admin"})

ACCESS: Mapping[str, frozenset[str]] = {
    "CreateWords": _AUTHORS,
    "ReviseWords": _AUTHORS,
    "PublishWords": _PUBLISHERS,
    "RetireWords": _PUBLISHERS,
    "BatchGetWords": READ,
    "ListWords": READ,
    "CheckWords": _AUTHORS,
    "PreviewWords": READ,
    "ListWordsVariables": READ,
}
"""Roles by method. A test holds the gateway's table against it."""
