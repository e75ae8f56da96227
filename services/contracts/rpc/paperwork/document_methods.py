"""The methods about the files of contracts: unpack, call, pack."""

from dataclasses import dataclass

import grpc

from membercare.contracts.v1 import paperwork_service_pb2 as pb
from services.chassis.checks import batch, page_size
from services.chassis.errors import InvalidField
from services.chassis.identity import current_caller
from services.chassis.ids import check_id
from services.contracts.domain.paperwork.contract_document import DocumentKind, File
from services.contracts.ports.paperwork import Documents
from services.contracts.rpc.paperwork.messages import KINDS, document_to_pb
from services.contracts.usecases.paperwork.keep_documents import DeleteDocument, UploadDocument

_MOST_PER_CONTRACT = 100
_MOST_SLICE = 4 * 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class DocumentMethods:
    """Reads go to the store, writes to the use cases."""

    documents: Documents
    upload_document: UploadDocument
    delete_document: DeleteDocument

    def UploadDocument(
        self, request: pb.UploadDocumentRequest, context: grpc.ServicerContext
    ) -> pb.UploadDocumentResponse:
        file = File(
            contract_id=request.contract_id,
            kind=KINDS.member(request.kind, "kind") or DocumentKind.ATTACHMENT,
            file_name=request.file_name,
            content=request.content,
        )
        document = self.upload_document(file, by=current_caller().subject, request_id=request.request_id)
        return pb.UploadDocumentResponse(document=document_to_pb(document))

    def DeleteDocument(
        self, request: pb.DeleteDocumentRequest, context: grpc.ServicerContext
    ) -> pb.DeleteDocumentResponse:
        document = self.delete_document(
            request.document_id, by=current_caller().subject, etag=request.etag, request_id=request.request_id
        )
        return pb.DeleteDocumentResponse(document=document_to_pb(document))

    def BatchGetDocuments(
        self, request: pb.BatchGetDocumentsRequest, context: grpc.ServicerContext
    ) -> pb.BatchGetDocumentsResponse:
        found = self.documents.batch_get(batch(request.document_ids, "document_ids", prefix="doc"))
        return pb.BatchGetDocumentsResponse(documents=map(document_to_pb, found))

    def BatchListDocumentsByContract(
        self, request: pb.BatchListDocumentsByContractRequest, context: grpc.ServicerContext
    ) -> pb.BatchListDocumentsByContractResponse:
        contract_ids = batch(request.contract_ids, "contract_ids", prefix="con")
        most = page_size(request.limit_per_contract, "limit_per_contract", most=_MOST_PER_CONTRACT)
        found = self.documents.of_contracts(contract_ids, most=most)
        return pb.BatchListDocumentsByContractResponse(
            results=(
                pb.ContractDocuments(contract_id=contract_id, documents=map(document_to_pb, documents))
                for contract_id, documents in found.items()
            )
        )

    def GetDocumentContent(
        self, request: pb.GetDocumentContentRequest, context: grpc.ServicerContext
    ) -> pb.GetDocumentContentResponse:
        document = self.documents.get(check_id(request.document_id, "doc", field="document_id"))
        if request.offset < 0:
            raise InvalidField("offset", "offset must not be negative.")
        length = page_size(request.length, "length", default=_MOST_SLICE, most=_MOST_SLICE)
        content = self.documents.content(document, offset=request.offset, length=length)
        return pb.GetDocumentContentResponse(document=document_to_pb(document), content=content)
