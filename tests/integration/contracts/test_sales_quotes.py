from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
import pytest
from pymongo.database import Database

from membercare.contracts.v1 import opportunity_pb2, quote_pb2
from membercare.contracts.v1 import sales_service_pb2 as pb
from membercare.contracts.v1.sales_service_pb2_grpc import SalesServiceStub
from services.chassis.errors import Kind
from services.chassis.rpc_errors import refusal_of
from tests.integration.calling import Calling, refused
from tests.integration.contracts.builders import NO_CONTRACT, NO_CUSTOMER
from tests.integration.contracts.sales_builders import (
    NO_OPPORTUNITY,
    YEAR,
    a_quote,
    a_sent_quote,
    accept,
    an_opportunity,
    as_sales,
    content,
    customer_of,
    day,
    period,
    quote_line,
    yuan,
)

DRAFT, APPROVED, SENT, ACCEPTED, VOID = 1, 2, 3, 4, 5


@pytest.fixture
def sales(calling: Calling) -> SalesServiceStub:
    return as_sales(calling)


@pytest.fixture
def boss(calling: Calling) -> SalesServiceStub:
    return calling.as_subject(SalesServiceStub, "anna", "approver")


@pytest.fixture
def deal(calling: Calling, sales: SalesServiceStub) -> str:
    return an_opportunity(sales, customer_of(calling)).id


def read(stub: SalesServiceStub, quote_id: str) -> quote_pb2.Quote:
    return stub.GetQuote(pb.GetQuoteRequest(quote_id=quote_id)).quote


def said(database: Database[dict[str, Any]], quote_id: str) -> list[dict[str, Any]]:
    found = database["quotes"].find_one({"_id": quote_id})
    return [] if found is None else list(found["outbox"])


def test_a_quote_is_written_with_its_prices_and_read_back(sales: SalesServiceStub, deal: str) -> None:
    quote = a_quote(sales, deal, quote_line(quantity=3, discount_bps=1_000), note="付款三十天")
    version = quote.current
    assert (quote.state, version.number, version.author, version.note) == (DRAFT, 1, "sophie", "付款三十天")
    (line,) = version.lines
    assert (line.periods, line.gross, line.discount, line.total) == (
        "12",
        yuan(360_000),
        yuan(36_000),
        yuan(324_000),
    )
    assert line.formula == "3 × CNY 100.00 × 12 − CNY 360.00 = CNY 3240.00"
    assert version.total == yuan(324_000)
    assert read(sales, quote.id) == quote


def test_a_renewal_quote_of_a_monthly_price_for_a_year_is_twelve_months_and_not_one(
    sales: SalesServiceStub, deal: str
) -> None:
    monthly = quote_line(unit_price=yuan(10_000), term=period(1, YEAR), period=period(1))
    yearly = quote_line(unit_price=yuan(50_000), term=period(12), period=period(1, YEAR))
    once = quote_line(description="Set-up", unit_price=yuan(7_700), term=None, period=None)
    version = a_quote(sales, deal, monthly, yearly, once).current
    assert [line.total for line in version.lines] == [yuan(120_000), yuan(50_000), yuan(7_700)]
    assert version.total == yuan(177_700)


def test_a_discount_on_everything_is_borne_by_the_lines_to_the_cent(sales: SalesServiceStub, deal: str) -> None:
    thirds = [quote_line(description=name, unit_price=yuan(3_333), term=None, period=None) for name in "abc"]
    version = a_quote(sales, deal, *thirds, discount_bps=1_001).current
    assert version.total == yuan(9_999 - 1_001)
    assert [line.discount.minor_units for line in version.lines] == [334, 334, 333]
    assert sum(line.total.minor_units for line in version.lines) == version.total.minor_units


WRONG_LINES: list[tuple[dict[str, Any], str]] = [
    ({"quantity": -1}, "lines[0].quantity"),
    ({"quantity": 0}, "lines[0].quantity"),
    ({"quantity": 1_000_001}, "lines[0].quantity"),
    ({"discount_bps": 10_001}, "lines[0].discount_bps"),
    ({"discount_bps": -1}, "lines[0].discount_bps"),
    ({"description": ""}, "lines[0].description"),
    ({"description": "x" * 201}, "lines[0].description"),
    ({"unit_price": None}, "lines[0].unit_price"),
    ({"unit_price": yuan(-1)}, "lines[0].unit_price.minor_units"),
    ({"unit_price": {"currency_code": "XXX", "minor_units": 1}}, "lines[0].unit_price.currency_code"),
    ({"term": None}, "lines[0].term"),
    ({"term": {"unit": 0, "count": 1}}, "lines[0].term.unit"),
    ({"term": period(0)}, "lines[0].term.count"),
    ({"period": {"unit": 1, "count": 30}}, "lines[0].period"),
    ({"product_id": NO_CUSTOMER}, "lines[0].product_id"),
    ({"asset_ids": [NO_CONTRACT]}, "lines[0].asset_ids"),
    ({"start_date": "tomorrow"}, "lines[0].start_date"),
    ({"unit_price": yuan(2**62)}, "lines[0].unit_price.minor_units"),
    ({"unit_price": yuan(10**15), "quantity": 1_000_000}, "lines"),
    ({"service_types": ["维修"]}, "lines[0].service_types"),
]


@pytest.mark.parametrize(("fields", "at_fault"), WRONG_LINES)
def test_a_wrong_line_is_refused_by_its_place_and_nothing_is_stored(
    sales: SalesServiceStub, deal: str, database: Database[dict[str, Any]], fields: dict[str, Any], at_fault: str
) -> None:
    wrong = pb.CreateQuoteRequest(opportunity_id=deal, content=content(quote_line(**fields)))
    refusal = refused(sales.CreateQuote, wrong)
    assert (refusal.kind, refusal.field) == (Kind.INVALID, at_fault)
    assert database["quotes"].count_documents({}) == 0


@pytest.mark.parametrize(
    ("fields", "at_fault"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"note": "x" * 5_001}, "note"),
        ({"discount_bps": 10_001}, "discount_bps"),
        ({"start_date": ""}, "start_date"),
        ({"sign_by": ""}, "sign_by"),
        ({"sign_by": day(-2)}, "sign_by"),
        ({"sign_by": day(40)}, "sign_by"),
        ({"sign_by": day(41)}, "sign_by"),
    ],
)
def test_a_wrong_quote_is_refused_with_the_fields_name(
    sales: SalesServiceStub, deal: str, database: Database[dict[str, Any]], fields: dict[str, Any], at_fault: str
) -> None:
    refusal = refused(sales.CreateQuote, pb.CreateQuoteRequest(opportunity_id=deal, content=content(**fields)))
    assert (refusal.kind, refusal.field) == (Kind.INVALID, at_fault)
    assert database["quotes"].count_documents({}) == 0


def test_a_signing_window_that_ends_after_the_earliest_line_begins_is_refused(
    sales: SalesServiceStub, deal: str
) -> None:
    lines = [quote_line(start_date=day(60)), quote_line(start_date=day(20))]
    refusal = refused(sales.CreateQuote, pb.CreateQuoteRequest(opportunity_id=deal, content=content(*lines)))
    assert (refusal.reason, refusal.field) == ("INVALID_FIELD", "sign_by")


def test_two_currencies_in_one_quote_are_refused(sales: SalesServiceStub, deal: str) -> None:
    euro = quote_line(unit_price={"currency_code": "EUR", "minor_units": 100})
    refusal = refused(
        sales.CreateQuote, pb.CreateQuoteRequest(opportunity_id=deal, content=content(quote_line(), euro))
    )
    assert refusal.field == "lines[1].unit_price.currency_code"


@pytest.mark.parametrize(
    ("opportunity_id", "reason"),
    [("", "INVALID_ID"), (NO_CUSTOMER, "INVALID_ID"), (NO_OPPORTUNITY, "OPPORTUNITY_NOT_FOUND")],
)
def test_a_quote_needs_an_opportunity(sales: SalesServiceStub, opportunity_id: str, reason: str) -> None:
    request = pb.CreateQuoteRequest(opportunity_id=opportunity_id, content=content())
    assert refused(sales.CreateQuote, request).reason == reason


def test_a_lost_opportunity_gets_no_quote(sales: SalesServiceStub, deal: str) -> None:
    sales.LoseOpportunity(pb.LoseOpportunityRequest(opportunity_id=deal, reason=opportunity_pb2.LOSS_REASON_PRICE))
    refusal = refused(sales.CreateQuote, pb.CreateQuoteRequest(opportunity_id=deal, content=content()))
    assert (refusal.kind, refusal.reason) == (Kind.PRECONDITION, "OPPORTUNITY_NOT_OPEN")


def test_who_wrote_a_quote_does_not_approve_it_whatever_the_role(calling: Calling, deal: str) -> None:
    admin = calling.as_subject(SalesServiceStub, "root", "admin")
    quote = a_quote(admin, deal)
    refusal = refused(admin.ApproveQuote, pb.ApproveQuoteRequest(quote_id=quote.id))
    assert (refusal.kind, refusal.reason) == (Kind.FORBIDDEN, "QUOTE_APPROVER_IS_AUTHOR")
    assert read(admin, quote.id) == quote


def test_who_sells_does_not_approve(sales: SalesServiceStub, deal: str) -> None:
    quote = a_quote(sales, deal)
    assert refused(sales.ApproveQuote, pb.ApproveQuoteRequest(quote_id=quote.id)).kind is Kind.FORBIDDEN
    assert read(sales, quote.id) == quote


def test_a_quote_is_approved_sent_and_accepted_and_wins_the_opportunity(
    calling: Calling, sales: SalesServiceStub, database: Database[dict[str, Any]]
) -> None:
    quote = a_sent_quote(calling)
    assert (quote.state, quote.current.approver) == (SENT, "anna")
    signed = sales.AcceptQuote(accept(quote.id)).quote
    assert (signed.state, signed.current.accepted_by) == (ACCEPTED, "Wang Fang")
    won = sales.GetOpportunity(pb.GetOpportunityRequest(opportunity_id=quote.opportunity_id)).opportunity
    assert (won.stage, won.win_reason, won.amount) == (
        opportunity_pb2.OPPORTUNITY_STAGE_WON,
        opportunity_pb2.WIN_REASON_QUOTE_ACCEPTED,
        yuan(120_000),
    )
    (event,) = said(database, quote.id)
    assert (event["type"], event["data"]["total"]) == (
        "quote_accepted",
        {"currency_code": "CNY", "minor_units": "120000"},
    )


def test_of_fifty_parallel_acceptances_exactly_one_wins(
    calling: Calling, sales: SalesServiceStub, database: Database[dict[str, Any]]
) -> None:
    quote = a_sent_quote(calling)

    def try_to_accept(_: int) -> str:
        try:
            sales.AcceptQuote(accept(quote.id), timeout=30)
        except grpc.RpcError as error:
            refusal = refusal_of(error)
            return refusal.reason if refusal else str(error)
        return "accepted"

    with ThreadPoolExecutor(50) as pool:
        outcomes = Counter(pool.map(try_to_accept, range(50)))
    assert outcomes == {"accepted": 1, "QUOTE_TRANSITION_REFUSED": 49}
    assert [event["type"] for event in said(database, quote.id)] == ["quote_accepted"]


def test_fifty_repeats_of_one_acceptance_all_get_its_outcome(
    calling: Calling, sales: SalesServiceStub, database: Database[dict[str, Any]]
) -> None:
    request = accept(a_sent_quote(calling).id, request_id="a-1")
    with ThreadPoolExecutor(50) as pool:
        outcomes = list(pool.map(lambda _: sales.AcceptQuote(request, timeout=30).quote, range(50)))
    assert len({each.SerializeToString(deterministic=True) for each in outcomes}) == 1
    assert outcomes[0].state == ACCEPTED
    assert len(said(database, request.quote_id)) == 1


def test_a_new_version_supersedes_the_former_which_cannot_be_accepted_any_more(
    calling: Calling, sales: SalesServiceStub, boss: SalesServiceStub, database: Database[dict[str, Any]]
) -> None:
    quote = a_sent_quote(calling)
    dearer = content(quote_line(unit_price=yuan(11_000)))
    revised = sales.ReviseQuote(pb.ReviseQuoteRequest(quote_id=quote.id, content=dearer)).quote
    assert [(each.number, each.state, each.void_reason) for each in revised.versions] == [
        (1, VOID, quote_pb2.QUOTE_VOID_REASON_SUPERSEDED),
        (2, DRAFT, 0),
    ]
    assert (revised.current.total, revised.versions[0].total) == (yuan(132_000), yuan(120_000))
    boss.ApproveQuote(pb.ApproveQuoteRequest(quote_id=quote.id))
    sent = sales.SendQuote(pb.SendQuoteRequest(quote_id=quote.id)).quote
    late = refused(sales.AcceptQuote, accept(quote.id, quote_version=1))
    assert (late.kind, late.reason) == (Kind.PRECONDITION, "QUOTE_TRANSITION_REFUSED")
    assert (read(sales, quote.id), said(database, quote.id)) == (sent, [])
    assert sales.AcceptQuote(accept(quote.id, quote_version=2)).quote.state == ACCEPTED


def test_a_quote_is_called_off_with_a_reason_and_written_anew(sales: SalesServiceStub, deal: str) -> None:
    quote = a_quote(sales, deal)
    assert refused(sales.VoidQuote, pb.VoidQuoteRequest(quote_id=quote.id)).field == "note"
    void = sales.VoidQuote(pb.VoidQuoteRequest(quote_id=quote.id, note="Wrong customer.")).quote
    assert (void.state, void.current.void_reason, void.current.void_note) == (
        VOID,
        quote_pb2.QUOTE_VOID_REASON_MANUAL,
        "Wrong customer.",
    )
    again = sales.ReviseQuote(pb.ReviseQuoteRequest(quote_id=quote.id, content=content())).quote
    assert [each.state for each in again.versions] == [VOID, DRAFT]
    assert again.versions[0].void_reason == quote_pb2.QUOTE_VOID_REASON_MANUAL


def test_a_stale_etag_is_refused_and_changes_nothing(sales: SalesServiceStub, deal: str) -> None:
    quote = a_quote(sales, deal)
    refusal = refused(sales.VoidQuote, pb.VoidQuoteRequest(quote_id=quote.id, note="No.", etag="7"))
    assert (refusal.kind, refusal.reason) == (Kind.STALE, "STALE_VERSION")
    sent = pb.AcceptQuoteRequest(quote_id=quote.id, accepted_by="W", etag="7")
    assert refused(sales.AcceptQuote, sent).reason == "STALE_VERSION"
    assert read(sales, quote.id) == quote
