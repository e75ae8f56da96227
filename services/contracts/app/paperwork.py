"""Builds the room of clause templates, rendered contracts and signed documents."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from services.chassis.clock import Clock, SystemClock
from services.contracts.config import Settings
from services.contracts.usecases.paperwork.carry_clauses import CarryClauses
from services.contracts.usecases.paperwork.keep_documents import DeleteDocument, UploadDocument
from services.contracts.usecases.paperwork.render_contract import (
    ChooseClauses,
    FreezeText,
    PreviewClause,
    ReadText,
    RenderText,
)
from services.contracts.usecases.paperwork.write_clauses import (
    PublishClauseTemplate,
    RetireClauseTemplate,
    ReviseClauseTemplate,
    WriteClauseTemplate,
)

if TYPE_CHECKING:
    from services.chassis.rooms import RpcRoom
    from services.chassis.scheduled import Job
    from services.contracts.rpc.paperwork.servicer import PaperworkServicer

OUTBOXES: Sequence[str] = ()


def documents() -> Sequence[type]:
    """Return the documents whose indexes `migrate` builds."""
    from services.contracts.store.paperwork.clause_templates import ClauseTemplateDocument
    from services.contracts.store.paperwork.contract_documents import ContractDocumentDocument, DocumentChunk
    from services.contracts.store.paperwork.contract_texts import ContractTextDocument

    return (ClauseTemplateDocument, ContractTextDocument, ContractDocumentDocument, DocumentChunk)


def carry_clauses(clock: Clock) -> CarryClauses:
    """Return what takes clauses over into the draft that follows a contract, for rooms that write such drafts."""
    from services.contracts.store.paperwork.clause_templates import MongoClauseTemplates

    return CarryClauses(MongoClauseTemplates(clock))


def build_freezer(settings: Settings, clock: Clock) -> FreezeText:
    """Return what freezes the text of a contract at its signature."""
    from services.contracts.store.paperwork.clause_templates import MongoClauseTemplates
    from services.contracts.store.paperwork.contract_texts import MongoPartyRegister, MongoSignedTexts

    render = RenderText(MongoClauseTemplates(clock), MongoPartyRegister(settings.company_name))
    return FreezeText(render, MongoSignedTexts())


def build_servicer(settings: Settings) -> "PaperworkServicer":
    """Wire the methods to the use cases and stores."""
    from services.contracts.rpc.paperwork.servicer import PaperworkServicer
    from services.contracts.store.life_cycle.contracts import MongoContracts
    from services.contracts.store.paperwork.clause_templates import MongoClauseTemplates
    from services.contracts.store.paperwork.contract_documents import MongoDocuments

    clock = SystemClock()
    contracts, templates, files = MongoContracts(clock), MongoClauseTemplates(clock), MongoDocuments(clock)
    freezer = build_freezer(settings, clock)
    return PaperworkServicer(
        templates=templates,
        write_clause_template=WriteClauseTemplate(templates, clock),
        revise_clause_template=ReviseClauseTemplate(templates, clock),
        publish_clause_template=PublishClauseTemplate(templates, clock),
        retire_clause_template=RetireClauseTemplate(templates, clock),
        contracts=contracts,
        choose_clauses=ChooseClauses(contracts, freezer.render, clock),
        read_text=ReadText(contracts, freezer.render, freezer.texts),
        preview_clause=PreviewClause(contracts, freezer.render.register),
        documents=files,
        upload_document=UploadDocument(files, contracts, clock),
        delete_document=DeleteDocument(files, contracts, clock),
    )


def rpc_room(settings: Settings) -> "RpcRoom":
    """Return what this room serves."""
    from membercare.contracts.v1.paperwork_service_pb2_grpc import add_PaperworkServiceServicer_to_server
    from services.chassis.rooms import RpcRoom
    from services.contracts.rpc.paperwork.access import ACCESS
    from services.contracts.rpc.paperwork.servicer import FULL_NAME

    servicer = build_servicer(settings)
    return RpcRoom(FULL_NAME, ACCESS, lambda server: add_PaperworkServiceServicer_to_server(servicer, server))


def jobs(settings: Settings) -> "Sequence[Job]":
    """Return what the leader does regularly."""
    return ()
