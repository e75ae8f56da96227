"""Clauses, texts and files as messages, and requests as what the domain understands."""

from collections.abc import Iterable, Mapping

from membercare.contracts.v1 import clause_template_pb2, document_pb2
from membercare.contracts.v1 import paperwork_service_pb2 as pb
from services.chassis.errors import InvalidField
from services.chassis.proto_enums import EnumTable
from services.chassis.timestamps import to_timestamp
from services.contracts.domain.life_cycle.contract import Contract
from services.contracts.domain.paperwork.clause_template import ClauseState, ClauseTemplate, ClauseText, ClauseVersion
from services.contracts.domain.paperwork.contract_document import Document, DocumentKind
from services.contracts.domain.paperwork.contract_paper import PaperLanguage

LANGUAGES = EnumTable(PaperLanguage, clause_template_pb2.PaperLanguage)
CLAUSE_STATES = EnumTable(ClauseState, clause_template_pb2.ClauseState)
KINDS = EnumTable(DocumentKind, document_pb2.DocumentKind)


def template_to_pb(template: ClauseTemplate) -> clause_template_pb2.ClauseTemplate:
    return clause_template_pb2.ClauseTemplate(
        id=template.id,
        name=template.name,
        state=CLAUSE_STATES.number(template.state),
        versions=map(_version_to_pb, template.versions),
        current_number=template.current.number if template.current else 0,
        etag=str(template.version),
        create_time=to_timestamp(template.create_time),
        update_time=to_timestamp(template.update_time),
    )


def _version_to_pb(version: ClauseVersion) -> clause_template_pb2.ClauseVersion:
    return clause_template_pb2.ClauseVersion(
        number=version.number,
        state=CLAUSE_STATES.number(version.state),
        texts=(
            clause_template_pb2.ClauseText(language=LANGUAGES.number(each.language), title=each.title, body=each.body)
            for each in version.texts
        ),
        author=version.author,
        publisher=version.publisher,
        written_time=to_timestamp(version.written_time),
        published_time=to_timestamp(version.published_time),
    )


def to_texts(texts: Iterable[clause_template_pb2.ClauseText]) -> tuple[ClauseText, ...]:
    return tuple(ClauseText(language=_language(each.language), title=each.title, body=each.body) for each in texts)


def _language(number: int) -> PaperLanguage:
    language = LANGUAGES.member(number, "texts.language")
    if language is None:
        raise InvalidField("texts.language", "texts.language is missing.")
    return language


def choice_to_pb(contract: Contract, templates: Mapping[str, ClauseTemplate]) -> pb.ContractClauses:
    return pb.ContractClauses(
        contract_id=contract.id,
        language=LANGUAGES.number(contract.paper.language),
        clauses=(
            pb.ChosenClause(template_id=each.template_id, number=each.number, name=templates[each.template_id].name)
            for each in contract.paper.clauses
        ),
        etag=str(contract.version),
    )


def document_to_pb(document: Document) -> document_pb2.Document:
    return document_pb2.Document(
        id=document.id,
        contract_id=document.contract_id,
        kind=KINDS.number(document.kind),
        file_name=document.file_name,
        content_type=document.content_type,
        size_bytes=document.size_bytes,
        sha256=document.sha256,
        uploaded_by=document.uploaded_by,
        uploaded_time=to_timestamp(document.uploaded_time),
        deleted_by=document.deleted_by,
        deleted_time=to_timestamp(document.deleted_time),
        etag=str(document.version),
    )
