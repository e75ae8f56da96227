"""What the next term costs by each rule, from the draft to the bills of the term that follows, through the API."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest

from membercare.contracts.v1 import contract_pb2, period_pb2, price_run_pb2, renewal_pb2
from membercare.contracts.v1 import contracts_service_pb2 as contracts_pb
from membercare.contracts.v1 import renewals_service_pb2 as pb
from membercare.contracts.v1.billing_service_pb2_grpc import BillingServiceStub
from membercare.contracts.v1.catalog_service_pb2_grpc import CatalogServiceStub
from membercare.contracts.v1.contracts_service_pb2_grpc import ContractsServiceStub
from membercare.contracts.v1.renewals_service_pb2_grpc import RenewalsServiceStub
from services.chassis.errors import Kind
from tests.integration.calling import Calling, refused
from tests.integration.contracts.billing_builders import (
    a_line,
    an_index,
    billed_monthly,
    lines_of,
    plan,
    price_run,
    yuan,
)
from tests.integration.contracts.catalog_builders import a_price_list, a_product, publish

SAME, LISTED = contract_pb2.PRICE_CHANGE_SAME, contract_pb2.PRICE_CHANGE_LIST
UPLIFT, INDEX = contract_pb2.PRICE_CHANGE_UPLIFT, contract_pb2.PRICE_CHANGE_INDEX
YEAR, MONTH = period_pb2.PERIOD_UNIT_YEAR, period_pb2.PERIOD_UNIT_MONTH


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A contract for 2025, billed by the month, the rule by which it goes on, and what 2026 costs."""

    says: str
    change: "contract_pb2.PriceChange.ValueType"
    fen: int = 10_000
    """Of a month; or of the year, where there are no lines."""
    lines: bool = True
    uplift_bps: int = 0
    term: tuple["period_pb2.PeriodUnit.ValueType", int] = (YEAR, 1)
    offered: str
    billed: dict[str, int] = field(default_factory=dict)
    """How many bills of which amount the next term has."""


RULES = (
    Rule(
        says="the same price: a year costs twelve months, not one",
        change=SAME,
        offered="1200.00",
        billed={"100.00": 12},
    ),
    Rule(
        says="the same price for a term of three months",
        change=SAME,
        term=(MONTH, 3),
        offered="300.00",
        billed={"100.00": 3},
    ),
    Rule(
        says="what the list says on the first day of the next term",
        change=LISTED,
        offered="1320.00",
        billed={"110.00": 12},
    ),
    Rule(says="3.5 percent more", change=UPLIFT, uplift_bps=350, offered="1242.00", billed={"103.50": 12}),
    Rule(says="5 percent less", change=UPLIFT, uplift_bps=-500, offered="1140.00", billed={"95.00": 12}),
    Rule(
        says="3.5 percent more of 99.99, rounded once for each month",
        change=UPLIFT,
        fen=9_999,
        uplift_bps=350,
        offered="1241.88",
        billed={"103.49": 12},
    ),
    Rule(
        says="an index that went from 105.65 to 114.25",
        change=INDEX,
        fen=100_000,
        offered="12976.80",
        billed={"1081.40": 12},
    ),
    Rule(
        says="the same index on the price of a whole year",
        change=INDEX,
        fen=120_000,
        lines=False,
        offered="1297.68",
    ),
    Rule(
        says="3.5 percent on the price of a whole year, for half a year",
        change=UPLIFT,
        fen=120_000,
        lines=False,
        uplift_bps=350,
        term=(MONTH, 6),
        offered="621.00",
    ),
)


@pytest.fixture
def ops(calling: Calling) -> BillingServiceStub:
    return calling.as_subject(BillingServiceStub, "chen.ops", "ops")


@pytest.fixture
def catalog(calling: Calling) -> CatalogServiceStub:
    return calling.as_role(CatalogServiceStub, "ops")


@pytest.fixture
def renewals(calling: Calling) -> RenewalsServiceStub:
    return calling.as_subject(RenewalsServiceStub, "li.wen", "sales")


def going_on(change: "contract_pb2.PriceChange.ValueType", **fields: Any) -> contract_pb2.RenewalTerms:
    told: dict[str, Any] = {"term": period_pb2.Period(unit=YEAR, count=1)}
    return contract_pb2.RenewalTerms(kind=contract_pb2.RENEWAL_KIND_OFFER, price_change=change, **told | fields)


def opened(renewals: RenewalsServiceStub, contract: contract_pb2.Contract) -> renewal_pb2.Renewal:
    return renewals.OpenRenewal(pb.OpenRenewalRequest(contract_id=contract.id)).renewal


def won(renewals: RenewalsServiceStub, contract: contract_pb2.Contract) -> renewal_pb2.Renewal:
    asked = pb.WinRenewalRequest(renewal_id=opened(renewals, contract).id, won_by=renewal_pb2.WON_BY_EXTENSION)
    return renewals.WinRenewal(asked).renewal


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.says)
def test_the_next_term_is_offered_and_billed_by_the_rule_that_was_agreed(
    sales: ContractsServiceStub,
    legal: ContractsServiceStub,
    ops: BillingServiceStub,
    catalog: CatalogServiceStub,
    renewals: RenewalsServiceStub,
    rule: Rule,
) -> None:
    product = a_product(catalog)
    prices = a_price_list(catalog)
    for day, listed in (("2025-01-01", 10_000), ("2026-01-01", 11_000)):
        catalog.PublishPrices(publish(prices.id, day, prices={product.id: listed}))
    index_id = an_index(ops, y2024_10="105.65", y2025_10="114.25")
    price = contract_pb2.Money(currency_code="CNY", minor_units=rule.fen)
    unit, count = rule.term
    contract = billed_monthly(
        sales,
        legal,
        start_date="2025-01-01",
        end_date="2025-12-31",
        lines=[a_line(price=price, product_id=product.id)] if rule.lines else (),
        price=None if rule.lines else price,
        renewal=going_on(
            rule.change, uplift_bps=rule.uplift_bps, index_id=index_id, term=period_pb2.Period(unit=unit, count=count)
        ),
    )
    offer = opened(renewals, contract)
    assert (offer.due_amount, yuan(offer.amount)) == (contract.price, rule.offered)
    done = won(renewals, contract)
    assert (done.stage, yuan(done.outcome.amount)) == (renewal_pb2.RENEWAL_STAGE_WON, rule.offered)
    plan(ops, contract.id)
    bills = [yuan(line.amount) for line in lines_of(ops, contract.id) if line.start_date >= "2026-01-01"]
    assert sum(map(Decimal, bills)) == Decimal(rule.offered)
    if rule.billed:
        assert {amount: bills.count(amount) for amount in bills} == rule.billed


@pytest.mark.parametrize(
    ("change", "uplift_bps", "formula"),
    [
        (SAME, 0, "CNY 2400.00 = Σ 1 month: 2 × CNY 100.00"),
        (UPLIFT, 350, "CNY 2484.00 = Σ 1 month: 2 × (CNY 100.00 × 10350/10000 = CNY 103.50)"),
        (LISTED, 0, "CNY 2640.00 = Σ 1 month: 2 × CNY 110.00"),
        (
            INDEX,
            0,
            "CNY 2595.36 = Σ 1 month: 2 × (CNY 100.00 × 114.25/105.65 = CNY 108.14) ({index} 2025-10/2024-10)",
        ),
    ],
)
def test_the_offer_says_how_its_price_was_found(
    sales: ContractsServiceStub,
    legal: ContractsServiceStub,
    ops: BillingServiceStub,
    catalog: CatalogServiceStub,
    renewals: RenewalsServiceStub,
    change: "contract_pb2.PriceChange.ValueType",
    uplift_bps: int,
    formula: str,
) -> None:
    product = a_product(catalog)
    catalog.PublishPrices(publish(a_price_list(catalog).id, "2026-01-01", prices={product.id: 11_000}))
    index_id = an_index(ops, y2024_10="105.65", y2025_10="114.25")
    rule = going_on(change, uplift_bps=uplift_bps, index_id=index_id)
    contract = of_a_year(sales, legal, renewal=rule, quantity=2, product_id=product.id)
    assert opened(renewals, contract).formula == formula.format(index=index_id)


def test_an_index_moves_what_was_agreed_and_no_price_that_a_renewal_or_a_price_run_has_made_of_it(
    sales: ContractsServiceStub,
    legal: ContractsServiceStub,
    ops: BillingServiceStub,
    renewals: RenewalsServiceStub,
    calling: Calling,
) -> None:
    """1,000.00 at 100 is 1,210.00 at 121, whatever it became in between: not 1,000.00 × 1.05 × 1.10 × 1.10."""
    index_id = an_index(ops, y2023_10="100", y2024_10="110", y2025_04="105", y2025_10="121")
    contract = of_a_year(sales, legal, renewal=going_on(INDEX, index_id=index_id), year=2024, fen=100_000)
    assert yuan(won(renewals, contract).outcome.amount) == "13200.00"
    price_run(calling, on="2025-07-01", kind=price_run_pb2.PRICE_RUN_KIND_INDEX, index_id=index_id, lag_months=3)
    assert yuan(the(sales, contract).lines[0].price) == "1050.00"
    assert yuan(won(renewals, contract).outcome.amount) == "14520.00"
    plan(ops, contract.id)
    bills = [yuan(line.amount) for line in lines_of(ops, contract.id)]
    assert bills == 12 * ["1000.00"] + 6 * ["1100.00"] + 6 * ["1050.00"] + 12 * ["1210.00"]


def test_a_price_that_was_agreed_between_is_what_the_index_moves_from_the_day_it_holds(
    sales: ContractsServiceStub, legal: ContractsServiceStub, ops: BillingServiceStub, renewals: RenewalsServiceStub
) -> None:
    index_id = an_index(ops, y2023_10="100", y2024_10="110", y2025_10="121")
    contract = of_a_year(sales, legal, renewal=going_on(INDEX, index_id=index_id), year=2024, fen=100_000)
    agreed = contract_pb2.Money(currency_code="CNY", minor_units=1_260_000)
    asked = pb.WinRenewalRequest(
        renewal_id=opened(renewals, contract).id, won_by=renewal_pb2.WON_BY_EXTENSION, amount=agreed
    )
    assert yuan(renewals.WinRenewal(asked).renewal.outcome.amount) == "12600.00"
    assert yuan(opened(renewals, contract).amount) == "13860.00"


def test_a_term_whose_price_nobody_can_know_is_refused_and_nothing_is_opened(
    sales: ContractsServiceStub, legal: ContractsServiceStub, ops: BillingServiceStub, renewals: RenewalsServiceStub
) -> None:
    index_id = an_index(ops, y2024_10="105.65")
    for rule in (going_on(INDEX, index_id=index_id), going_on(LISTED)):
        contract = of_a_year(sales, legal, renewal=rule)
        refusal = refused(renewals.OpenRenewal, pb.OpenRenewalRequest(contract_id=contract.id))
        assert (refusal.kind, refusal.reason) == (Kind.PRECONDITION, "TERM_NOT_PRICEABLE")
    assert list(renewals.ListRenewals(pb.ListRenewalsRequest()).renewals) == []


def of_a_year(
    sales: ContractsServiceStub, legal: ContractsServiceStub, *, year: int = 2025, fen: int = 10_000, **fields: Any
) -> contract_pb2.Contract:
    """Return a contract in force for a year, with one line."""
    line = {name: fields.pop(name) for name in ("quantity", "product_id") if name in fields}
    price = contract_pb2.Money(currency_code="CNY", minor_units=fen)
    days = {"start_date": f"{year}-01-01", "end_date": f"{year}-12-31"}
    return billed_monthly(sales, legal, a_line(price=price, **line), **days, **fields)


def the(sales: ContractsServiceStub, contract: contract_pb2.Contract) -> contract_pb2.Contract:
    return sales.GetContract(contracts_pb.GetContractRequest(contract_id=contract.id)).contract
