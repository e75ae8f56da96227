"""The methods about quotes: unpack, call, pack."""

from dataclasses import dataclass

import grpc

from membercare.contracts.v1 import sales_service_pb2 as pb
from services.chassis.checks import batch, page_size
from services.chassis.identity import current_caller
from services.chassis.ids import check_id, optional_id
from services.contracts.ports.quotes import Quotes
from services.contracts.rpc.life_cycle.messages import contract_to_pb
from services.contracts.rpc.sales.asked import to_asked
from services.contracts.rpc.sales.opportunities import MOST_PER_OWNER
from services.contracts.rpc.sales.quote_messages import quote_to_pb, to_content, to_quote_filter
from services.contracts.usecases.sales.contract_from_quote import ContractFromQuote
from services.contracts.usecases.sales.move_quote import AcceptQuote, ApproveQuote, SendQuote, VoidQuote
from services.contracts.usecases.sales.write_quote import ReviseQuote, WriteQuote


@dataclass(frozen=True, kw_only=True)
class QuoteMethods:
    """Reads go to the store, writes to the use cases."""

    quotes: Quotes
    write_quote: WriteQuote
    revise_quote: ReviseQuote
    approve_quote: ApproveQuote
    send_quote: SendQuote
    accept_quote: AcceptQuote
    void_quote: VoidQuote
    contract_from_quote: ContractFromQuote

    def CreateQuote(self, request: pb.CreateQuoteRequest, context: grpc.ServicerContext) -> pb.CreateQuoteResponse:
        quote = self.write_quote(
            request.opportunity_id,
            to_content(request.content),
            author=current_caller().subject,
            request_id=request.request_id,
        )
        return pb.CreateQuoteResponse(quote=quote_to_pb(quote))

    def GetQuote(self, request: pb.GetQuoteRequest, context: grpc.ServicerContext) -> pb.GetQuoteResponse:
        quote = self.quotes.get(check_id(request.quote_id, "quo", field="quote_id"))
        return pb.GetQuoteResponse(quote=quote_to_pb(quote))

    def BatchGetQuotes(
        self, request: pb.BatchGetQuotesRequest, context: grpc.ServicerContext
    ) -> pb.BatchGetQuotesResponse:
        found = self.quotes.batch_get(batch(request.quote_ids, "quote_ids", prefix="quo"))
        return pb.BatchGetQuotesResponse(quotes=map(quote_to_pb, found))

    def ListQuotes(self, request: pb.ListQuotesRequest, context: grpc.ServicerContext) -> pb.ListQuotesResponse:
        page = self.quotes.page(
            to_quote_filter(request.filter),
            size=page_size(request.page_size),
            after=optional_id(request.page_token, "quo", field="page_token"),
        )
        return pb.ListQuotesResponse(quotes=map(quote_to_pb, page.items), next_page_token=page.next_token)

    def BatchListQuotesByOpportunity(
        self, request: pb.BatchListQuotesByOpportunityRequest, context: grpc.ServicerContext
    ) -> pb.BatchListQuotesByOpportunityResponse:
        found = self.quotes.of_opportunities(
            batch(request.opportunity_ids, "opportunity_ids", prefix="opp"),
            most=page_size(request.limit_per_opportunity, "limit_per_opportunity", most=MOST_PER_OWNER),
        )
        return pb.BatchListQuotesByOpportunityResponse(
            results=(
                pb.OpportunityQuotes(opportunity_id=key, quotes=map(quote_to_pb, each)) for key, each in found.items()
            )
        )

    def ReviseQuote(self, request: pb.ReviseQuoteRequest, context: grpc.ServicerContext) -> pb.ReviseQuoteResponse:
        quote = self.revise_quote(
            to_asked(request.quote_id, request), to_content(request.content), author=current_caller().subject
        )
        return pb.ReviseQuoteResponse(quote=quote_to_pb(quote))

    def ApproveQuote(self, request: pb.ApproveQuoteRequest, context: grpc.ServicerContext) -> pb.ApproveQuoteResponse:
        quote = self.approve_quote(to_asked(request.quote_id, request), approver=current_caller().subject)
        return pb.ApproveQuoteResponse(quote=quote_to_pb(quote))

    def SendQuote(self, request: pb.SendQuoteRequest, context: grpc.ServicerContext) -> pb.SendQuoteResponse:
        quote = self.send_quote(to_asked(request.quote_id, request))
        return pb.SendQuoteResponse(quote=quote_to_pb(quote))

    def AcceptQuote(self, request: pb.AcceptQuoteRequest, context: grpc.ServicerContext) -> pb.AcceptQuoteResponse:
        quote = self.accept_quote(
            to_asked(request.quote_id, request),
            accepted_by=request.accepted_by,
            number=request.quote_version,
            author=current_caller().subject,
        )
        return pb.AcceptQuoteResponse(quote=quote_to_pb(quote))

    def VoidQuote(self, request: pb.VoidQuoteRequest, context: grpc.ServicerContext) -> pb.VoidQuoteResponse:
        quote = self.void_quote(to_asked(request.quote_id, request), note=request.note)
        return pb.VoidQuoteResponse(quote=quote_to_pb(quote))

    def CreateContractFromQuote(
        self, request: pb.CreateContractFromQuoteRequest, context: grpc.ServicerContext
    ) -> pb.CreateContractFromQuoteResponse:
        contract = self.contract_from_quote(request.quote_id, author=current_caller().subject)
        return pb.CreateContractFromQuoteResponse(contract=contract_to_pb(contract))
