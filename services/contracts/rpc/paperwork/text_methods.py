"""The methods about the text of a contract: unpack, call, pack; PDF is made here, at the door."""

from dataclasses import dataclass

import grpc

from membercare.contracts.v1 import paperwork_service_pb2 as pb
from services.chassis.errors import InvalidField
from services.chassis.ids import check_id
from services.chassis.timestamps import to_timestamp
from services.contracts.domain.life_cycle.contract import Contract
from services.contracts.domain.paperwork.clause_words import KNOWN_VARIABLES
from services.contracts.ports.contracts import Contracts
from services.contracts.ports.paperwork import ClauseTemplates
from services.contracts.rpc.as_of import to_as_of
from services.contracts.rpc.paperwork.messages import LANGUAGES, choice_to_pb, to_texts
from services.contracts.rpc.paperwork.pdf import missing_characters, pdf_of
from services.contracts.usecases.paperwork.render_contract import ChooseClauses, PreviewClause, ReadText, templates_of


@dataclass(frozen=True, kw_only=True)
class TextMethods:
    """Reads go to the store, writes to the use cases."""

    contracts: Contracts
    templates: ClauseTemplates
    choose_clauses: ChooseClauses
    read_text: ReadText
    preview_clause: PreviewClause

    def PreviewClause(
        self, request: pb.PreviewClauseRequest, context: grpc.ServicerContext
    ) -> pb.PreviewClauseResponse:
        (text,) = to_texts([request.text])
        clause = self.preview_clause(request.contract_id, text)
        return pb.PreviewClauseResponse(
            clause_preview=pb.ClausePreview(
                title=clause.title, paragraphs=clause.paragraphs, known_variables=KNOWN_VARIABLES
            )
        )

    def ChooseClauses(
        self, request: pb.ChooseClausesRequest, context: grpc.ServicerContext
    ) -> pb.ChooseClausesResponse:
        contract = self.choose_clauses(
            request.contract_id,
            request.template_ids,
            language=LANGUAGES.member(request.language, "language"),
            etag=request.etag,
            request_id=request.request_id,
        )
        return pb.ChooseClausesResponse(contract_clauses=self._clauses(contract))

    def GetContractClauses(
        self, request: pb.GetContractClausesRequest, context: grpc.ServicerContext
    ) -> pb.GetContractClausesResponse:
        contract = self.contracts.get(check_id(request.contract_id, "con", field="contract_id"))
        return pb.GetContractClausesResponse(contract_clauses=self._clauses(contract))

    def GetContractText(
        self, request: pb.GetContractTextRequest, context: grpc.ServicerContext
    ) -> pb.GetContractTextResponse:
        if request.format not in pb.PaperFormat.values():
            raise InvalidField("format", f"format: {request.format} is not one of its values.")
        language = LANGUAGES.member(request.language, "language")
        shown = self.read_text(request.contract_id, language, to_as_of(request), terms_number=request.terms_number)
        rendition, signed = shown.rendition, shown.frozen
        as_pdf = request.format == pb.PAPER_FORMAT_PDF
        return pb.GetContractTextResponse(
            contract_text=pb.ContractText(
                contract_id=rendition.paper.contract_id,
                language=LANGUAGES.number(rendition.paper.language),
                html="" if as_pdf else rendition.html,
                sha256=rendition.sha256,
                frozen=signed is not None,
                frozen_time=to_timestamp(signed.frozen_time) if signed else None,
                other_language_titles=rendition.paper.other_language_titles,
                missing_characters=missing_characters(rendition.paper),
                terms_number=shown.terms_number,
            ),
            pdf=pdf_of(rendition.paper, rendition.sha256) if as_pdf else b"",
        )

    def _clauses(self, contract: Contract) -> pb.ContractClauses:
        names = templates_of(self.templates, [each.template_id for each in contract.paper.clauses])
        return choice_to_pb(contract, names)
