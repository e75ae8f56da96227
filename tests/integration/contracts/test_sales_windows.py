from typing import Any

import pytest
from pymongo.database import Database

from membercare.contracts.v1 import opportunity_pb2, quote_pb2
from membercare.contracts.v1 import sales_service_pb2 as pb
from membercare.contracts.v1.sales_service_pb2_grpc import SalesServiceStub
from services.chassis.errors import Kind
from services.chassis.scheduled import Lead
from services.contracts.app import sales as room
from services.contracts.config import Settings
from tests.integration.calling import Calling, refused
from tests.integration.contracts.sales_builders import (
    NO_OPPORTUNITY,
    a_quote,
    a_sent_quote,
    accept,
    an_opportunity,
    as_sales,
    customer_of,
    day,
)


@pytest.fixture
def sales(calling: Calling) -> SalesServiceStub:
    return as_sales(calling)


NO_QUOTE = "quo_00000000000000000000000000"


def read(stub: SalesServiceStub, quote_id: str) -> quote_pb2.Quote:
    return stub.GetQuote(pb.GetQuoteRequest(quote_id=quote_id)).quote


def put_back(database: Database[dict[str, Any]], quote_id: str) -> None:
    """Let the signing window of a quote be over for two days."""
    over = {"sign_by": day(-2), "versions.0.sign_by": day(-2)}
    database["quotes"].update_one({"_id": quote_id}, {"$set": over})


def test_a_quote_whose_window_is_over_can_neither_be_approved_nor_sent_nor_accepted(
    calling: Calling, sales: SalesServiceStub, database: Database[dict[str, Any]]
) -> None:
    boss = calling.as_subject(SalesServiceStub, "anna", "approver")
    deal = an_opportunity(sales, customer_of(calling)).id
    draft, approved, sent = a_quote(sales, deal), a_quote(sales, deal), a_sent_quote(calling)
    boss.ApproveQuote(pb.ApproveQuoteRequest(quote_id=approved.id))
    for quote in (draft, approved, sent):
        put_back(database, quote.id)
    assert refused(boss.ApproveQuote, pb.ApproveQuoteRequest(quote_id=draft.id)).reason == "QUOTE_EXPIRED"
    for refusal in (
        refused(sales.SendQuote, pb.SendQuoteRequest(quote_id=approved.id)),
        refused(sales.AcceptQuote, accept(sent.id)),
    ):
        assert (refusal.kind, refusal.reason) == (Kind.PRECONDITION, "QUOTE_EXPIRED")
    assert read(sales, draft.id).state == quote_pb2.QUOTE_STATE_DRAFT
    assert read(sales, approved.id).state == quote_pb2.QUOTE_STATE_APPROVED
    assert read(sales, sent.id).state == quote_pb2.QUOTE_STATE_SENT


def test_the_job_voids_what_nobody_signed_in_time_once_and_one_bad_quote_does_not_stop_it(
    calling: Calling, sales: SalesServiceStub, contracts_settings: Settings, database: Database[dict[str, Any]]
) -> None:
    late, bad, fine = (a_sent_quote(calling).id for _ in range(3))
    for quote_id in (bad, late):
        put_back(database, quote_id)
    database["quotes"].update_one({"_id": bad}, {"$set": {"versions": "broken"}})
    (job,) = room.jobs(contracts_settings)
    assert [job.run(Lead(1)), job.run(Lead(2))] == [1, 0]
    void = read(sales, late)
    assert (void.state, void.current.void_reason) == (
        quote_pb2.QUOTE_STATE_VOID,
        quote_pb2.QUOTE_VOID_REASON_CASCADE_OF_EXPIRED,
    )
    assert read(sales, fine).state == quote_pb2.QUOTE_STATE_SENT


def test_the_job_ends_when_it_no_longer_leads(
    calling: Calling, sales: SalesServiceStub, contracts_settings: Settings, database: Database[dict[str, Any]]
) -> None:
    quote = a_sent_quote(calling)
    put_back(database, quote.id)
    (job,) = room.jobs(contracts_settings)
    assert job.run(Lead(1, holds=False)) == 0
    assert read(sales, quote.id).state == quote_pb2.QUOTE_STATE_SENT


def test_every_filter_of_quotes_selects_what_it_says(calling: Calling, sales: SalesServiceStub) -> None:
    deal = an_opportunity(sales, customer_of(calling)).id
    draft = a_quote(sales, deal)
    sent = a_sent_quote(calling, sign_by=day(10))

    def found(**wanted: Any) -> list[str]:
        quotes = sales.ListQuotes(pb.ListQuotesRequest(filter=pb.QuoteFilter(**wanted))).quotes
        return sorted(quote.id for quote in quotes)

    assert found() == sorted([draft.id, sent.id])
    assert found(state=quote_pb2.QUOTE_STATE_SENT) == [sent.id]
    assert found(opportunity_id=deal) == [draft.id]
    assert found(customer_id=sent.customer_id) == [sent.id]
    assert found(sign_by_through=day(20)) == [sent.id]
    assert found(sign_by_from=day(20)) == [draft.id]
    assert found(sign_by_from=day(11), sign_by_through=day(20)) == []


def test_the_quotes_of_many_opportunities_come_at_once_newest_first(calling: Calling, sales: SalesServiceStub) -> None:
    deal = an_opportunity(sales, customer_of(calling)).id
    made = sorted((a_quote(sales, deal).id for _ in range(3)), reverse=True)
    request = pb.BatchListQuotesByOpportunityRequest(opportunity_ids=[deal, NO_OPPORTUNITY], limit_per_opportunity=2)
    (result,) = sales.BatchListQuotesByOpportunity(request).results
    assert (result.opportunity_id, [quote.id for quote in result.quotes]) == (deal, made[:2])
    found = sales.BatchGetQuotes(pb.BatchGetQuotesRequest(quote_ids=[made[0], NO_QUOTE])).quotes
    assert [quote.id for quote in found] == [made[0]]
    assert refused(sales.GetQuote, pb.GetQuoteRequest(quote_id=NO_QUOTE)).reason == "QUOTE_NOT_FOUND"


def test_a_quote_of_a_deal_that_was_lost_meanwhile_is_not_accepted(
    calling: Calling, sales: SalesServiceStub, database: Database[dict[str, Any]]
) -> None:
    quote = a_sent_quote(calling)
    lost = pb.LoseOpportunityRequest(opportunity_id=quote.opportunity_id, reason=opportunity_pb2.LOSS_REASON_PRICE)
    deal = sales.LoseOpportunity(lost).opportunity
    refusal = refused(sales.AcceptQuote, accept(quote.id))
    assert (refusal.kind, refusal.reason) == (Kind.PRECONDITION, "OPPORTUNITY_NOT_OPEN")
    assert read(sales, quote.id) == quote
    asked = pb.GetOpportunityRequest(opportunity_id=deal.id)
    assert sales.GetOpportunity(asked).opportunity == deal
    assert database["quotes"].count_documents({"outbox.0": {"$exists": True}}) == 0
