"""Roles by RPC: the words that campaigns say."""

from collections.abc import Mapping

from gateway.graphql.roles import STAFF

_AUTHORS = frozenset({"ops", "approver", "admin"})
_PUBLISHERS = frozenset({"approver", "admin"})

RIGHTS: Mapping[str, frozenset[str]] = {
    "CreateWords": _AUTHORS,
    "ReviseWords": _AUTHORS,
    "PublishWords": _PUBLISHERS,
    "RetireWords": _PUBLISHERS,
    "BatchGetWords": STAFF,
    "ListWords": STAFF,
    "CheckWords": _AUTHORS,
    "PreviewWords": STAFF,
    "ListWordsVariables": STAFF,
}
