"""Who may call what of PaperworkService."""

from collections.abc import Mapping

from services.contracts.rpc.roles import READ, WRITE

CLAUSE_AUTHORS = frozenset({"legal", "ops", "admin"})
CLAUSE_PUBLISHERS = frozenset({"legal", "admin"})
PAPER_READERS = READ - {"agent", "technician"}
"""Whole contracts with their prices are not for those who are sent to a customer."""
FILE_KEEPERS = frozenset({"sales", "legal", "ops", "admin"})

ACCESS: Mapping[str, frozenset[str]] = {
    "CreateClauseTemplate": CLAUSE_AUTHORS,
    "ReviseClauseTemplate": CLAUSE_AUTHORS,
    "PublishClauseTemplate": CLAUSE_PUBLISHERS,
    "RetireClauseTemplate": CLAUSE_PUBLISHERS,
    "GetClauseTemplate": PAPER_READERS,
    "BatchGetClauseTemplates": PAPER_READERS,
    "ListClauseTemplates": PAPER_READERS,
    "PreviewClause": CLAUSE_AUTHORS,
    "ChooseClauses": WRITE | CLAUSE_PUBLISHERS,
    "GetContractClauses": PAPER_READERS,
    "GetContractText": PAPER_READERS,
    "UploadDocument": FILE_KEEPERS,
    "DeleteDocument": FILE_KEEPERS,
    "BatchGetDocuments": PAPER_READERS,
    "BatchListDocumentsByContract": PAPER_READERS,
    "GetDocumentContent": PAPER_READERS,
}
