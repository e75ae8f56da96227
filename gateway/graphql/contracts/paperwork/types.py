"""Clause templates, texts of contracts and their files as types of the schema."""

from enum import IntEnum
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlencode

import strawberry

from gateway.graphql.contracts.paperwork.loaders import CLAUSE_TEMPLATES
from gateway.graphql.edges import CONTRACTS
from gateway.graphql.joins import joined
from gateway.graphql.nodes import Node
from gateway.graphql.scalars import DateTime
from gateway.graphql.sources import computed, message
from membercare.contracts.v1 import clause_template_pb2, document_pb2
from membercare.contracts.v1 import paperwork_service_pb2 as pb

if TYPE_CHECKING:
    from gateway.graphql.contracts.life_cycle.types import Contract


@strawberry.enum(description="A language that contracts are written in.")
class PaperLanguage(IntEnum):
    ZH_HANS = 1
    EN = 2


@strawberry.enum(description="Where a version of a clause stands: contracts take published ones only.")
class ClauseState(IntEnum):
    DRAFT = 1
    PUBLISHED = 2
    RETIRED = 3


@strawberry.enum(description="What a file is to its contract.")
class DocumentKind(IntEnum):
    ATTACHMENT = 1
    SIGNED_CONTRACT = 2


@message(clause_template_pb2.ClauseText, description="A clause in one language.")
class ClauseText:
    language: PaperLanguage
    title: str
    body: str = strawberry.field(
        description="Plain text with Liquid variables such as `{{ customer.name }}`; an empty line begins a paragraph."
    )


@strawberry.input(description="A clause in one language.")
class ClauseTextInput:
    language: PaperLanguage
    title: str = strawberry.field(description="One line, 1 to 200 characters.")
    body: str = strawberry.field(
        description=(
            "Plain text of 1 to 20,000 characters with Liquid variables such as `{{ customer.name }}`; an empty line "
            "begins a paragraph. Unknown variables are refused, and the refusal names the known ones."
        )
    )


@message(clause_template_pb2.ClauseVersion, description="One wording of a clause; once published it never changes.")
class ClauseVersion:
    number: int = strawberry.field(description="Counts from 1.")
    state: ClauseState
    texts: list[ClauseText] = strawberry.field(description="One for each language that it exists in.")
    author: str = strawberry.field(description="Who wrote it last: the subject of the sign-in.")
    publisher: str | None = strawberry.field(description="Who published it, never the author.")
    written_time: DateTime
    published_time: DateTime | None


@message(clause_template_pb2.ClauseTemplate, description="A clause that contracts can hold, with all its versions.")
class ClauseTemplate(Node):
    name: str = strawberry.field(description="What people call it.")
    state: ClauseState
    versions: list[ClauseVersion] = strawberry.field(description="In the order of writing; the last may be a draft.")
    current_number: int = strawberry.field(description="The version that contracts take; 0: none yet.")
    etag: str = strawberry.field(description="The version: send it back to refuse a lost update.")
    create_time: DateTime
    update_time: DateTime


@message(pb.ClausePreview, description="A clause that is being written, with the values of a contract in it.")
class ClausePreview:
    title: str
    paragraphs: list[str]
    known_variables: list[str] = strawberry.field(description="Every variable that clauses can name.")


@message(pb.ChosenClause, description="A version of a clause that a contract took.")
class ChosenClause:
    template_id: strawberry.ID
    number: int = strawberry.field(description="Which version.")
    name: str = strawberry.field(description="What people call the clause.")
    template: ClauseTemplate | None = joined(CLAUSE_TEMPLATES, key="template_id", description="The clause.")


@message(pb.ContractClauses, description="What a contract is put together from.")
class ContractClauses:
    contract_id: strawberry.ID
    language: PaperLanguage = strawberry.field(description="The language that is binding.")
    clauses: list[ChosenClause] = strawberry.field(description="In the order of the paper.")
    etag: str = strawberry.field(description="The version of the contract: send it back to refuse a lost update.")
    contract: Annotated["Contract", strawberry.lazy("gateway.graphql.contracts.life_cycle.types")] | None = joined(
        CONTRACTS, key="contract_id", description="The contract."
    )


def _paper_path(text: Any, kind: str) -> str:
    language = PaperLanguage(text.language).name.lower()
    version = {"terms_number": text.terms_number} if text.terms_number else {}
    return f"/documents/{text.contract_id}?{urlencode({'format': kind, 'language': language, **version})}"


@message(pb.ContractText, description="A contract, written down in one language.")
class ContractText:
    contract_id: strawberry.ID
    language: PaperLanguage
    html: str = strawberry.field(description="A page that needs no other file; everything in it is escaped.")
    sha256: str = strawberry.field(description="Of the page in UTF-8. After the signature it proves what was signed.")
    frozen: bool = strawberry.field(description="Whether this is the text that was signed, or that of an amendment.")
    frozen_time: DateTime | None
    other_language_titles: list[str] = strawberry.field(
        description="Clauses that do not exist in this language and stand in the other one."
    )
    missing_characters: list[str] = strawberry.field(description="Characters that the PDF shows as boxes.")
    terms_number: int = strawberry.field(description="Of the version that an amendment made; 0: the contract itself.")
    pdf_path: str = computed(
        lambda text: _paper_path(text, "pdf"),
        description="Where the gateway serves it as PDF, with the same sign-in as this request.",
    )
    html_path: str = computed(
        lambda text: _paper_path(text, "html"), description="Where the gateway serves the page as a file."
    )


@message(document_pb2.Document, description="A file of a contract. It stays once the contract is signed.")
class Document(Node):
    contract_id: strawberry.ID
    kind: DocumentKind
    file_name: str
    content_type: str = strawberry.field(description="Found in the bytes, whatever the name said.")
    size_bytes: int
    sha256: str = strawberry.field(description="Of the bytes, in lower-case hexadecimal digits.")
    uploaded_by: str = strawberry.field(description="The subject of the sign-in.")
    uploaded_time: DateTime
    deleted_by: str | None = strawberry.field(description="Who took it away before the signature.")
    deleted_time: DateTime | None
    etag: str = strawberry.field(description="The version: send it back to refuse a lost update.")
    download_path: str | None = computed(
        lambda document: None if document.HasField("deleted_time") else f"/documents/{document.id}",
        description="Where the gateway serves the bytes, with the same sign-in as this request.",
    )
    contract: Annotated["Contract", strawberry.lazy("gateway.graphql.contracts.life_cycle.types")] | None = joined(
        CONTRACTS, key="contract_id", description="The contract that it belongs to."
    )
