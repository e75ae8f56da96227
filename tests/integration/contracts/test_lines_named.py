"""What lines name, products and assets, must be there, and an asset must be the customer's or a doublet's of it."""

from typing import Any

import pytest
from pymongo.database import Database

from membercare.contracts.v1 import contract_pb2
from membercare.contracts.v1 import contracts_service_pb2 as pb
from membercare.contracts.v1 import customers_service_pb2 as customers
from membercare.contracts.v1 import sales_service_pb2 as selling
from membercare.contracts.v1.catalog_service_pb2_grpc import CatalogServiceStub
from membercare.contracts.v1.contracts_service_pb2_grpc import ContractsServiceStub
from membercare.contracts.v1.customers_service_pb2_grpc import CustomersServiceStub
from services.chassis.errors import Kind
from tests.integration.calling import Calling, refused
from tests.integration.contracts.builders import a_customer, a_draft, an_active, new_contract
from tests.integration.contracts.catalog_builders import NO_ASSET, NO_PRODUCT, a_product, an_asset
from tests.integration.contracts.sales_builders import a_quote, an_opportunity, as_sales, content, quote_line

GONE, STRANGE = "ASSET_NOT_FOUND", "ASSET_OF_ANOTHER_CUSTOMER"


@pytest.fixture
def catalog(calling: Calling) -> CatalogServiceStub:
    return calling.as_role(CatalogServiceStub, "admin")


@pytest.fixture
def product_id(catalog: CatalogServiceStub) -> str:
    return a_product(catalog).id


def lines(*named: dict[str, Any]) -> list[contract_pb2.ContractLine]:
    price = contract_pb2.Money(currency_code="CNY", minor_units=10_000)
    return [contract_pb2.ContractLine(description="Care", price=price, **each) for each in named]


def wrong_lines(own: str, strange: str) -> list[tuple[list[dict[str, Any]], str, str]]:
    """What is named, the code that refuses it, and the field at fault."""
    return [
        ([{}, {"product_id": NO_PRODUCT}], "PRODUCT_NOT_FOUND", "lines[1].product_id"),
        ([{"asset_ids": [own]}, {}, {"asset_ids": [own, NO_ASSET]}], GONE, "lines[2].asset_ids"),
        ([{"asset_ids": [own]}, {"asset_ids": [strange]}], STRANGE, "lines[1].asset_ids"),
    ]


def test_a_contract_is_refused_whose_lines_name_what_is_not_there_or_another_customers(
    sales: ContractsServiceStub, catalog: CatalogServiceStub, product_id: str, database: Database[dict[str, Any]]
) -> None:
    customer_id, other_id = a_customer(sales).id, a_customer(sales).id
    own = an_asset(catalog, product_id=product_id, customer_id=customer_id).id
    strange = an_asset(catalog, product_id=product_id, customer_id=other_id, serial="SN-2").id
    for named, reason, field in wrong_lines(own, strange):
        refusal = refused(sales.CreateContract, new_contract(customer_id, lines=lines(*named)))
        assert (refusal.reason, refusal.field) == (reason, field)
        assert refusal.kind is (Kind.PRECONDITION if reason == STRANGE else Kind.NOT_FOUND)
    assert database["contracts"].count_documents({}) == 0


def test_a_draft_and_a_contract_in_force_stay_as_they_are_when_new_lines_name_a_stranger(
    sales: ContractsServiceStub, legal: ContractsServiceStub, catalog: CatalogServiceStub, product_id: str
) -> None:
    customer_id, other_id = a_customer(sales).id, a_customer(sales).id
    own = an_asset(catalog, product_id=product_id, customer_id=customer_id).id
    strange = an_asset(catalog, product_id=product_id, customer_id=other_id, serial="SN-2").id
    named = {"product_id": product_id, "asset_ids": [own]}
    draft = a_draft(sales, customer_id, lines=lines(named))
    active = an_active(sales, legal, customer_id=customer_id, lines=lines(named))
    for wrong, reason, field in wrong_lines(own, strange):
        update = pb.UpdateContractDraftRequest(
            contract_id=draft.id,
            title="New",
            start_date=draft.start_date,
            end_date=draft.end_date,
            time_zone="UTC",
            lines=lines(*wrong),
        )
        amendment = pb.AmendContractRequest(
            contract_id=active.id,
            effective_date=active.start_date,
            reason="more machines",
            title="New",
            end_date=active.end_date,
            lines=lines(*wrong),
        )
        for refusal in (refused(sales.UpdateContractDraft, update), refused(sales.AmendContract, amendment)):
            assert (refusal.reason, refusal.field) == (reason, field)
    for before in (draft, active):
        assert sales.GetContract(pb.GetContractRequest(contract_id=before.id)).contract == before


def test_an_asset_of_a_doublet_is_one_of_the_customer_it_was_merged_into_whichever_of_them_has_the_contract(
    calling: Calling, sales: ContractsServiceStub, catalog: CatalogServiceStub, product_id: str
) -> None:
    doublet, survivor = a_customer(sales).id, a_customer(sales).id
    of_doublet = an_asset(catalog, product_id=product_id, customer_id=doublet).id
    of_survivor = an_asset(catalog, product_id=product_id, customer_id=survivor, serial="SN-2").id
    before = a_draft(sales, doublet)
    early = refused(sales.CreateContract, new_contract(survivor, lines=lines({"asset_ids": [of_doublet]})))
    assert early.reason == STRANGE
    calling.as_role(CustomersServiceStub, "admin").MergeCustomers(
        customers.MergeCustomersRequest(customer_id=doublet, into_id=survivor)
    )
    both = lines({"asset_ids": [of_doublet, of_survivor]})
    assert list(a_draft(sales, survivor, lines=both).lines[0].asset_ids) == [of_doublet, of_survivor]
    update = pb.UpdateContractDraftRequest(
        contract_id=before.id,
        title="Care",
        start_date=before.start_date,
        end_date=before.end_date,
        time_zone="UTC",
        lines=both,
    )
    assert list(sales.UpdateContractDraft(update).contract.lines[0].asset_ids) == [of_doublet, of_survivor]


def test_a_quote_is_refused_whose_lines_name_a_stranger_and_a_revision_leaves_the_quote_as_it_is(
    calling: Calling,
    sales: ContractsServiceStub,
    catalog: CatalogServiceStub,
    product_id: str,
    database: Database[dict[str, Any]],
) -> None:
    customer_id, other_id, desk = a_customer(sales).id, a_customer(sales).id, as_sales(calling)
    own = an_asset(catalog, product_id=product_id, customer_id=customer_id).id
    strange = an_asset(catalog, product_id=product_id, customer_id=other_id, serial="SN-2").id
    deal = an_opportunity(desk, customer_id).id
    quote = a_quote(desk, deal, quote_line(product_id=product_id, asset_ids=[own]))
    for named, reason, field in wrong_lines(own, strange):
        told = content(*(quote_line(**each) for each in named))
        revision = selling.ReviseQuoteRequest(quote_id=quote.id, content=told)
        creation = selling.CreateQuoteRequest(opportunity_id=deal, content=told)
        for refusal in (refused(desk.ReviseQuote, revision), refused(desk.CreateQuote, creation)):
            assert (refusal.reason, refusal.field) == (reason, field)
    assert desk.GetQuote(selling.GetQuoteRequest(quote_id=quote.id)).quote == quote
    assert database["quotes"].count_documents({}) == 1
