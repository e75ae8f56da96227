"""Roles by RPC: clause templates, rendered contracts and signed documents."""

from collections.abc import Mapping

from gateway.graphql.roles import DECIDE, SALES, STAFF

_PUBLISHERS = frozenset({"legal", "admin"})
_AUTHORS = _PUBLISHERS | {"ops"}
_READERS = STAFF - {"agent", "technician"}

RIGHTS: Mapping[str, frozenset[str]] = {
    "CreateClauseTemplate": _AUTHORS,
    "ReviseClauseTemplate": _AUTHORS,
    "PublishClauseTemplate": _PUBLISHERS,
    "RetireClauseTemplate": _PUBLISHERS,
    "BatchGetClauseTemplates": _READERS,
    "ListClauseTemplates": _READERS,
    "PreviewClause": _AUTHORS,
    "ChooseClauses": SALES | _PUBLISHERS,
    "GetContractClauses": _READERS,
    "GetContractText": _READERS,
    "UploadDocument": DECIDE,
    "DeleteDocument": DECIDE,
    "BatchGetDocuments": _READERS,
    "BatchListDocumentsByContract": _READERS,
    "GetDocumentContent": _READERS,
}
