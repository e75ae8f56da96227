"""The price of a contract with lines is theirs, through the public API."""

from typing import Any

import pytest
from pymongo.database import Database

from membercare.contracts.v1 import contract_pb2, period_pb2, quote_pb2
from membercare.contracts.v1 import contracts_service_pb2 as pb
from membercare.contracts.v1 import sales_service_pb2 as selling
from membercare.contracts.v1.contracts_service_pb2_grpc import ContractsServiceStub
from services.chassis.errors import Kind
from tests.integration.calling import Calling, refused
from tests.integration.contracts.builders import a_draft, an_active, new_contract
from tests.integration.contracts.sales_builders import an_accepted_quote, as_sales, day, period, quote_line, yuan

MONTHLY = contract_pb2.BillingTerms(period=period_pb2.Period(unit=period_pb2.PERIOD_UNIT_MONTH, count=1))


def priced(minor_units: int, **fields: Any) -> contract_pb2.ContractLine:
    return contract_pb2.ContractLine(description="Care", price=yuan(minor_units), **fields)


def test_a_price_that_is_not_what_the_lines_are_billed_is_refused_naming_both_and_nothing_is_written(
    sales: ContractsServiceStub, legal: ContractsServiceStub, database: Database[dict[str, Any]]
) -> None:
    told: dict[str, Any] = {"lines": [priced(10_000)], "billing": MONTHLY}
    active, draft = an_active(sales, legal, **told), a_draft(sales, **told)
    assert active.price == draft.price == yuan(120_000)
    update = pb.UpdateContractDraftRequest(
        contract_id=draft.id,
        title="Care",
        start_date=draft.start_date,
        end_date=draft.end_date,
        time_zone="UTC",
        price=yuan(119_999),
        **told,
    )
    amendment = pb.AmendContractRequest(
        contract_id=active.id,
        effective_date=active.start_date,
        reason="more machines",
        title="Care",
        end_date=active.end_date,
        price=yuan(119_999),
        **told,
    )
    for refusal in (
        refused(sales.CreateContract, new_contract(draft.customer_id, price=yuan(119_999), **told)),
        refused(sales.UpdateContractDraft, update),
        refused(sales.AmendContract, amendment),
    ):
        assert (refusal.kind, refusal.reason, refusal.field) == (Kind.INVALID, "PRICE_DIFFERS_FROM_LINES", "price")
        assert (refusal.metadata["price"], refusal.metadata["lines_price"]) == ("CNY 1199.99", "CNY 1200.00")
    for before in (active, draft):
        assert sales.GetContract(pb.GetContractRequest(contract_id=before.id)).contract == before
    assert database["contracts"].count_documents({}) == 2
    update.price.CopyFrom(yuan(120_000))
    assert sales.UpdateContractDraft(update).contract.price == yuan(120_000)


@pytest.mark.parametrize("shift", [55, 70])
def test_a_contract_of_a_quote_whose_lines_begin_on_different_days_is_at_the_price_that_was_signed(
    calling: Calling, shift: int
) -> None:
    lines: list[quote_pb2.QuoteLine] = [
        quote_line(),
        quote_line(description="More", start_date=day(shift), term=period(5), unit_price=yuan(9_999), quantity=3),
    ]
    quote = an_accepted_quote(calling, *lines)
    request = selling.CreateContractFromQuoteRequest(quote_id=quote.id)
    contract = as_sales(calling).CreateContractFromQuote(request).contract
    assert contract.price == quote.current.total == yuan(12 * 10_000 + 5 * 29_997)
