"""Upload the files of a contract, and take them away as long as it is not signed."""

from dataclasses import dataclass

from services.chassis.checks import request_key
from services.chassis.clock import Clock
from services.chassis.ids import check_id, derived_id, new_id
from services.contracts.domain.life_cycle.contract_states import ContractState
from services.contracts.domain.paperwork.contract_document import MOST_DOCUMENTS, Document, DocumentKind, File
from services.contracts.domain.paperwork.paperwork_errors import (
    ContractHasTooManyDocuments,
    ContractNotApproved,
    DocumentKept,
)
from services.contracts.ports.contracts import Contracts
from services.contracts.ports.paperwork import Documents

_NOT_APPROVED = frozenset({ContractState.DRAFT, ContractState.IN_REVIEW})


@dataclass(frozen=True, slots=True)
class UploadDocument:
    """Stores a file."""

    documents: Documents
    contracts: Contracts
    clock: Clock

    def __call__(self, file: File, *, by: str, request_id: str) -> Document:
        """Return the document as stored; a repeat of the request returns the first."""
        now, key = self.clock.now(), request_key("upload", request_id)
        contract = self.contracts.get(check_id(file.contract_id, "con", field="contract_id"))
        # A repeat writes its bytes over those of a first try that died halfway, so nothing is left behind.
        document_id = derived_id("doc", contract.id, key) if key else new_id("doc", now)
        document = Document.of(document_id, file, by=by, now=now)
        if file.kind is DocumentKind.SIGNED_CONTRACT and contract.state in _NOT_APPROVED:
            raise ContractNotApproved(contract.id, state=contract.state.value)
        if self.documents.count(contract.id) >= MOST_DOCUMENTS:
            raise ContractHasTooManyDocuments(contract.id, most=MOST_DOCUMENTS)
        return self.documents.add(document, file.content, request_key=key)


@dataclass(frozen=True, slots=True)
class DeleteDocument:
    """Takes a file away; its name, its hash and who took it away stay."""

    documents: Documents
    contracts: Contracts
    clock: Clock

    def __call__(self, document_id: str, *, by: str, etag: str, request_id: str) -> Document:
        """Return what is left of it, or refuse with DOCUMENT_KEPT."""
        now = self.clock.now()

        def delete(document: Document) -> Document:
            if self.contracts.get(document.contract_id).signed:
                raise DocumentKept(document.id, contract_id=document.contract_id)
            return document.deleted(by=by, now=now)

        return self.documents.delete(
            check_id(document_id, "doc", field="document_id"),
            delete,
            etag=etag,
            request_key=request_key("delete", request_id),
        )
