"""The methods about clause templates: unpack, call, pack."""

from dataclasses import dataclass

import grpc

from membercare.contracts.v1 import paperwork_service_pb2 as pb
from services.chassis.checks import batch, page_size
from services.chassis.identity import current_caller
from services.chassis.ids import check_id, optional_id
from services.contracts.ports.paperwork import ClauseTemplates
from services.contracts.rpc.paperwork.messages import CLAUSE_STATES, template_to_pb, to_texts
from services.contracts.usecases.paperwork.write_clauses import (
    ClauseOrder,
    PublishClauseTemplate,
    RetireClauseTemplate,
    ReviseClauseTemplate,
    WriteClauseTemplate,
)


@dataclass(frozen=True, kw_only=True)
class ClauseMethods:
    """Reads go to the store, writes to the use cases."""

    templates: ClauseTemplates
    write_clause_template: WriteClauseTemplate
    revise_clause_template: ReviseClauseTemplate
    publish_clause_template: PublishClauseTemplate
    retire_clause_template: RetireClauseTemplate

    def CreateClauseTemplate(
        self, request: pb.CreateClauseTemplateRequest, context: grpc.ServicerContext
    ) -> pb.CreateClauseTemplateResponse:
        template = self.write_clause_template(
            request.name, to_texts(request.texts), author=current_caller().subject, request_id=request.request_id
        )
        return pb.CreateClauseTemplateResponse(clause_template=template_to_pb(template))

    def ReviseClauseTemplate(
        self, request: pb.ReviseClauseTemplateRequest, context: grpc.ServicerContext
    ) -> pb.ReviseClauseTemplateResponse:
        template = self.revise_clause_template(_order(request), request.name, texts=to_texts(request.texts))
        return pb.ReviseClauseTemplateResponse(clause_template=template_to_pb(template))

    def PublishClauseTemplate(
        self, request: pb.PublishClauseTemplateRequest, context: grpc.ServicerContext
    ) -> pb.PublishClauseTemplateResponse:
        template = self.publish_clause_template(_order(request))
        return pb.PublishClauseTemplateResponse(clause_template=template_to_pb(template))

    def RetireClauseTemplate(
        self, request: pb.RetireClauseTemplateRequest, context: grpc.ServicerContext
    ) -> pb.RetireClauseTemplateResponse:
        template = self.retire_clause_template(_order(request))
        return pb.RetireClauseTemplateResponse(clause_template=template_to_pb(template))

    def GetClauseTemplate(
        self, request: pb.GetClauseTemplateRequest, context: grpc.ServicerContext
    ) -> pb.GetClauseTemplateResponse:
        template = self.templates.get(check_id(request.template_id, "tpl", field="template_id"))
        return pb.GetClauseTemplateResponse(clause_template=template_to_pb(template))

    def BatchGetClauseTemplates(
        self, request: pb.BatchGetClauseTemplatesRequest, context: grpc.ServicerContext
    ) -> pb.BatchGetClauseTemplatesResponse:
        found = self.templates.batch_get(batch(request.template_ids, "template_ids", prefix="tpl"))
        return pb.BatchGetClauseTemplatesResponse(clause_templates=map(template_to_pb, found))

    def ListClauseTemplates(
        self, request: pb.ListClauseTemplatesRequest, context: grpc.ServicerContext
    ) -> pb.ListClauseTemplatesResponse:
        page = self.templates.page(
            CLAUSE_STATES.member(request.filter.state, "filter.state"),
            size=page_size(request.page_size),
            after=optional_id(request.page_token, "tpl", field="page_token"),
        )
        return pb.ListClauseTemplatesResponse(
            clause_templates=map(template_to_pb, page.items), next_page_token=page.next_token
        )


def _order(
    request: pb.ReviseClauseTemplateRequest | pb.PublishClauseTemplateRequest | pb.RetireClauseTemplateRequest,
) -> ClauseOrder:
    return ClauseOrder(
        template_id=request.template_id,
        by=current_caller().subject,
        etag=request.etag,
        request_id=request.request_id,
    )
