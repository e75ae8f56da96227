"""Recurring revenue in its five movements, from contracts and amendments to the report, through the API."""

from typing import Any

import pytest

from membercare.contracts.v1 import contract_pb2, figures_pb2
from membercare.contracts.v1 import contracts_service_pb2 as contracts
from membercare.contracts.v1 import figures_service_pb2 as pb
from membercare.contracts.v1.contracts_service_pb2_grpc import ContractsServiceStub
from membercare.contracts.v1.figures_service_pb2_grpc import FiguresServiceStub
from tests.integration.calling import Calling
from tests.integration.contracts.billing_builders import cny
from tests.integration.contracts.builders import a_customer, an_active


@pytest.fixture
def manager(calling: Calling) -> FiguresServiceStub:
    return calling.as_role(FiguresServiceStub, "manager")


def revenue(manager: FiguresServiceStub, first: str, *, last: str) -> figures_pb2.RecurringRevenue:
    """Return the revenue in yuan, month by month."""
    asked = pb.ReportRecurringRevenueRequest(start_date=first, end_date=last)
    (found,) = manager.ReportRecurringRevenue(asked).revenue
    return found


def moved(row: figures_pb2.RevenueRow) -> dict[str, int]:
    """Return what moved, in yuan."""
    names = ("new_revenue", "expansion", "contraction", "churn", "reactivation")
    return {name: getattr(row, name) // 100 for name in names if getattr(row, name)}


def a_contract(
    sales: ContractsServiceStub, legal: ContractsServiceStub, *, months: tuple[str, str], yuan: int, **fields: Any
) -> contract_pb2.Contract:
    first, last = months
    return an_active(sales, legal, start_date=first, end_date=last, price=cny(yuan), **fields)


def reprice(sales: ContractsServiceStub, contract: contract_pb2.Contract, *, since: str, yuan: int) -> None:
    """Agree on another price of the whole year from a day on."""
    request = contracts.AmendContractRequest(
        contract_id=contract.id,
        title=contract.title,
        end_date=contract.end_date,
        price=cny(yuan),
        effective_date=since,
        reason="other machines",
    )
    sales.AmendContract(request)


def test_five_movements_add_up_to_the_change_of_each_month(
    sales: ContractsServiceStub, legal: ContractsServiceStub, manager: FiguresServiceStub
) -> None:
    staying, leaving = a_customer(sales).id, a_customer(sales).id
    year = a_contract(sales, legal, months=("2025-01-01", "2025-12-31"), yuan=1200, customer_id=staying)
    a_contract(sales, legal, months=("2025-01-01", "2025-03-31"), yuan=300, customer_id=leaving)
    a_contract(sales, legal, months=("2025-06-01", "2025-12-31"), yuan=700, customer_id=leaving)
    reprice(sales, year, since="2025-04-01", yuan=2400)
    reprice(sales, year, since="2025-09-01", yuan=600)

    told = revenue(manager, "2025-01-01", last="2026-01-31")
    assert {row.start_date[:7]: moved(row) for row in told.rows if moved(row)} == {
        "2025-01": {"new_revenue": 200},
        "2025-04": {"expansion": 100, "churn": -100},
        "2025-06": {"reactivation": 100},
        "2025-09": {"contraction": -150},
        "2026-01": {"churn": -150},
    }
    assert [row.closing // 100 for row in told.rows] == [200] * 5 + [300] * 3 + [150] * 4 + [0]
    for row in told.rows:
        change = row.new_revenue + row.expansion + row.contraction + row.churn + row.reactivation
        assert row.opening + change == row.closing

    grown = revenue(manager, "2025-04-01", last="2025-07-31")
    assert (grown.gross_retention_bps, grown.net_retention_bps) == (10_000, 15_000)
    shrunk = revenue(manager, "2025-04-01", last="2025-09-30")
    assert (shrunk.gross_retention_bps, shrunk.net_retention_bps) == (7_500, 7_500)


def test_a_suspension_takes_revenue_away_for_its_days_and_the_customer_comes_back(
    sales: ContractsServiceStub, legal: ContractsServiceStub, manager: FiguresServiceStub
) -> None:
    contract = a_contract(sales, legal, months=("2025-01-01", "2025-12-31"), yuan=1200)
    sales.SuspendContract(
        contracts.SuspendContractRequest(contract_id=contract.id, start_date="2025-03-01", reason="rebuilt")
    )
    sales.ResumeContract(contracts.ResumeContractRequest(contract_id=contract.id, effective_date="2025-05-01"))
    told = revenue(manager, "2025-01-01", last="2025-12-31")
    assert {row.start_date[:7]: moved(row) for row in told.rows if moved(row)} == {
        "2025-01": {"new_revenue": 100},
        "2025-03": {"churn": -100},
        "2025-05": {"reactivation": 100},
    }
