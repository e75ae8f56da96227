"""Root fields that read clause templates, rendered contracts and signed documents."""

from collections.abc import Mapping
from typing import Annotated

import strawberry

from gateway.graphql.connections import DEFAULT_FIRST, After, Connection, First, Page
from gateway.graphql.contracts.as_of import AsOf, KnownAt
from gateway.graphql.contracts.paperwork.loaders import CLAUSE_TEMPLATES, DOCUMENTS
from gateway.graphql.contracts.paperwork.types import (
    ClausePreview,
    ClauseState,
    ClauseTemplate,
    ClauseTextInput,
    ContractClauses,
    ContractText,
    Document,
    PaperLanguage,
)
from gateway.graphql.loaders import Loader
from gateway.graphql.roots import Info, listed, one, query
from gateway.graphql.sources import packed
from membercare.contracts.v1 import clause_template_pb2
from membercare.contracts.v1 import paperwork_service_pb2 as pb
from services.chassis.ids import check_id

NODES: Mapping[str, Loader] = {"tpl": CLAUSE_TEMPLATES, "doc": DOCUMENTS}
"""By the prefix of an id: what `node(id)` finds here."""

_Language = Annotated[
    PaperLanguage | None,
    strawberry.argument(
        description=(
            "Absent: the language that is binding. A clause that does not exist in it stands in the other one, and "
            "says so."
        )
    ),
]


_TermsNumber = Annotated[
    int | None,
    strawberry.argument(description="Of the version that an amendment made: its text. Absent: the contract's own."),
]


@strawberry.input(description="What a listed clause template must match; absent fields match all.")
class ClauseTemplateFilter:
    state: ClauseState | None = None


@strawberry.type
class PaperworkQuery:
    clause_template = one(
        ClauseTemplate, CLAUSE_TEMPLATES, prefix="tpl", description="One clause template; null if there is none."
    )

    document = one(Document, DOCUMENTS, prefix="doc", description="One file of a contract; null if there is none.")

    @query(
        Connection[ClauseTemplate],
        rpc="ListClauseTemplates",
        description="Clause templates in the order of their making.",
    )
    async def clause_templates(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None, filter: ClauseTemplateFilter | None = None
    ) -> Page:
        return await listed(info.context, pb.ListClauseTemplatesRequest, first=first, after=after, filter=filter)

    @query(
        ClausePreview,
        rpc="PreviewClause",
        description="What a clause that is being written would say in a contract; nothing is stored.",
    )
    async def preview_clause(self, info: Info, contract_id: strawberry.ID, text: ClauseTextInput) -> pb.ClausePreview:
        request = pb.PreviewClauseRequest(
            contract_id=check_id(contract_id, "con", field="contract_id"),
            text=packed(text, clause_template_pb2.ClauseText),
        )
        reply = await info.context.call(info.context.clients.contracts.PreviewClause, request)
        return reply.clause_preview

    @query(ContractClauses, rpc="GetContractClauses", description="What a contract is put together from.")
    async def contract_clauses(self, info: Info, contract_id: strawberry.ID) -> pb.ContractClauses:
        request = pb.GetContractClausesRequest(contract_id=check_id(contract_id, "con", field="contract_id"))
        reply = await info.context.call(info.context.clients.contracts.GetContractClauses, request)
        return reply.contract_clauses

    @query(
        ContractText,
        rpc="GetContractText",
        description=(
            "The text of a contract: from its terms and clauses until it is signed, then as it was frozen. "
            "With `asOf` or `knownAt` the signed text, or the amendment's, that held then."
        ),
    )
    async def render_contract(
        self,
        info: Info,
        contract_id: strawberry.ID,
        language: _Language = None,
        terms_number: _TermsNumber = None,
        as_of: AsOf = None,
        known_at: KnownAt = None,
    ) -> pb.ContractText:
        request = pb.GetContractTextRequest(
            contract_id=check_id(contract_id, "con", field="contract_id"),
            language=pb.GetContractTextRequest().language if language is None else language.value,  # type: ignore[arg-type]
            terms_number=terms_number or 0,
            as_of=as_of or "",
            known_at=known_at,
        )
        reply = await info.context.call(info.context.clients.contracts.GetContractText, request)
        return reply.contract_text
