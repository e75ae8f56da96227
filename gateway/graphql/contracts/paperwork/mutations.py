"""Root fields that change clause templates, rendered contracts and signed documents."""

import base64
import binascii

import strawberry

from gateway.graphql.contracts.paperwork.types import (
    ClauseTemplate,
    ClauseTextInput,
    ContractClauses,
    Document,
    DocumentKind,
    PaperLanguage,
)
from gateway.graphql.roots import ETag, Info, RequestId, mutation, result_of, transition
from gateway.graphql.sources import message, packed
from membercare.contracts.v1 import paperwork_service_pb2 as pb
from services.chassis.errors import InvalidField

MOST_BYTES = 10_000_000
"""What the service keeps at most; a longer text is not even decoded."""


@strawberry.input(description="A clause to write.")
class ClauseTemplateInput:
    name: str = strawberry.field(description="What people call it: 1 to 100 characters.")
    texts: list[ClauseTextInput] = strawberry.field(description="One for each language; at least one.")


@strawberry.input(description="What a contract is put together from.")
class ContractClausesInput:
    contract_id: strawberry.ID
    template_ids: list[strawberry.ID] = strawberry.field(
        description="At most 100 clauses in the order of the paper; the newest published version of each is taken."
    )
    language: PaperLanguage | None = strawberry.field(default=None, description="The binding one; absent: `ZH_HANS`.")


@strawberry.input(description="A file to keep with a contract.")
class DocumentInput:
    contract_id: strawberry.ID
    kind: DocumentKind | None = strawberry.field(default=None, description="Absent: `ATTACHMENT`.")
    file_name: str = strawberry.field(description="Without a path; its ending must be that of its type.")
    content_base64: str = strawberry.field(
        description="The bytes in base64: PDF, JPEG or PNG, 10,000,000 bytes at most. What they are is read from them."
    )


@message(
    pb.CreateClauseTemplateResponse,
    pb.ReviseClauseTemplateResponse,
    pb.PublishClauseTemplateResponse,
    pb.RetireClauseTemplateResponse,
    description="The clause after the change.",
)
class ClauseTemplatePayload:
    clause_template: ClauseTemplate


@message(pb.ChooseClausesResponse, description="The clauses as stored.")
class ContractClausesPayload:
    contract_clauses: ContractClauses


@message(pb.UploadDocumentResponse, pb.DeleteDocumentResponse, description="The document after the change.")
class DocumentPayload:
    document: Document


_CLAUSE = result_of(ClauseTemplatePayload, "ClauseTemplateResult")
_CHOICE = result_of(ContractClausesPayload, "ContractClausesResult")
_DOCUMENT = result_of(DocumentPayload, "DocumentResult")


@strawberry.type
class PaperworkMutation:
    @mutation(_CLAUSE, rpc="CreateClauseTemplate", description="Writes the first draft of a clause.")
    async def create_clause_template(
        self, info: Info, input: ClauseTemplateInput, request_id: RequestId = None
    ) -> pb.CreateClauseTemplateResponse:
        request = packed(input, pb.CreateClauseTemplateRequest, request_id=request_id or "")
        return await info.context.call(info.context.clients.contracts.CreateClauseTemplate, request)

    @mutation(
        _CLAUSE, rpc="ReviseClauseTemplate", description="Writes the next version of a clause, or its draft anew."
    )
    async def revise_clause_template(
        self,
        info: Info,
        id: strawberry.ID,
        input: ClauseTemplateInput,
        etag: ETag = None,
        request_id: RequestId = None,
    ) -> pb.ReviseClauseTemplateResponse:
        request = packed(
            input, pb.ReviseClauseTemplateRequest, template_id=id, etag=etag or "", request_id=request_id or ""
        )
        return await info.context.call(info.context.clients.contracts.ReviseClauseTemplate, request)

    publish_clause_template = transition(
        _CLAUSE,
        pb.PublishClauseTemplateRequest,
        key="template_id",
        description="Makes the draft what contracts take; whoever wrote it cannot.",
    )
    retire_clause_template = transition(
        _CLAUSE, pb.RetireClauseTemplateRequest, key="template_id", description="Takes a clause out of use, for good."
    )

    @mutation(_CHOICE, rpc="ChooseClauses", description="Says which clauses a draft holds.")
    async def choose_clauses(
        self, info: Info, input: ContractClausesInput, etag: ETag = None, request_id: RequestId = None
    ) -> pb.ChooseClausesResponse:
        request = packed(input, pb.ChooseClausesRequest, etag=etag or "", request_id=request_id or "")
        return await info.context.call(info.context.clients.contracts.ChooseClauses, request)

    @mutation(_DOCUMENT, rpc="UploadDocument", description="Keeps a file with a contract.")
    async def upload_document(
        self, info: Info, input: DocumentInput, request_id: RequestId = None
    ) -> pb.UploadDocumentResponse:
        request = pb.UploadDocumentRequest(
            contract_id=input.contract_id,
            kind=input.kind or 0,  # type: ignore[arg-type]  # an enum of the schema is its number
            file_name=input.file_name,
            content=_decoded(input.content_base64),
            request_id=request_id or "",
        )
        return await info.context.call(info.context.clients.contracts.UploadDocument, request)

    delete_document = transition(
        _DOCUMENT,
        pb.DeleteDocumentRequest,
        key="document_id",
        description="Takes a file away, until its contract is signed.",
    )


def _decoded(text: str) -> bytes:
    field = "content_base64"
    if len(text) > MOST_BYTES * 4 // 3 + 4:
        raise InvalidField(field, f"contentBase64 is longer than {MOST_BYTES} bytes can be.")
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidField(field, "contentBase64 is not base64.") from error
