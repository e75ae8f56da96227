"""Batch RPCs of clauses and documents that joins stand on."""

from gateway.graphql.loaders import by_id, by_owner
from membercare.contracts.v1 import paperwork_service_pb2 as pb

CLAUSE_TEMPLATES = by_id(pb.BatchGetClauseTemplatesRequest, ids="template_ids", items="clause_templates")
DOCUMENTS = by_id(pb.BatchGetDocumentsRequest, ids="document_ids", items="documents")
DOCUMENTS_BY_CONTRACT = by_owner(pb.BatchListDocumentsByContractRequest, owner="contract", items="documents")
