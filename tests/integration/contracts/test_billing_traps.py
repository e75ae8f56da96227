"""Schedules that other systems got wrong, from the draft to the billing lines, through the API."""

import pytest

from membercare.contracts.v1 import billing_line_pb2
from membercare.contracts.v1 import contracts_service_pb2 as contracts_pb
from membercare.contracts.v1.billing_service_pb2_grpc import BillingServiceStub
from membercare.contracts.v1.contracts_service_pb2_grpc import ContractsServiceStub
from tests.integration.calling import Calling
from tests.integration.contracts.billing_builders import a_line, billed_monthly, cny, lines_of, plan, yuan
from tests.integration.contracts.billing_traps import TRAPS, Trap


@pytest.fixture
def ops(calling: Calling) -> BillingServiceStub:
    return calling.as_subject(BillingServiceStub, "chen.ops", "ops")


def told(line: billing_line_pb2.BillingLine, *, named: bool) -> str:
    name = f" {line.description}" if named else ""
    return f"{line.due_date} {line.start_date}..{line.end_date} {yuan(line.amount)}{name}"


@pytest.mark.parametrize("trap", TRAPS, ids=lambda trap: trap.says)
def test_what_is_agreed_is_billed_to_the_day_and_the_fen(
    sales: ContractsServiceStub, legal: ContractsServiceStub, ops: BillingServiceStub, trap: Trap
) -> None:
    start, end = trap.term
    lines = trap.lines or (a_line(trap.yuan),)
    contract = billed_monthly(sales, legal, *lines, start_date=start, end_date=end, billing=trap.billing)
    planned = plan(ops, contract.id)
    found = lines_of(ops, contract.id)
    assert sorted(told(line, named=bool(trap.lines)) for line in found) == sorted(
        line.strip() for line in trap.billed.strip().splitlines()
    )
    assert sum(line.amount.minor_units for line in found) == contract.price.minor_units
    assert (planned.changes, plan(ops, contract.id).changes) == (len(found), 0)


def test_the_price_of_a_whole_term_is_billed_by_parts_that_add_up_to_it(
    sales: ContractsServiceStub, legal: ContractsServiceStub, ops: BillingServiceStub
) -> None:
    contract = billed_monthly(sales, legal, lines=(), price=cny(1000), start_date="2025-01-31", end_date="2025-04-30")
    plan(ops, contract.id)
    found = lines_of(ops, contract.id)
    assert [told(line, named=False) for line in found] == [
        "2025-01-31 2025-01-31..2025-02-27 311.11",
        "2025-02-28 2025-02-28..2025-03-30 344.45",
        "2025-03-31 2025-03-31..2025-04-29 333.33",
        "2025-04-30 2025-04-30..2025-04-30 11.11",
    ]
    assert sum(line.amount.minor_units for line in found) == 100_000


def test_days_of_service_that_a_suspension_puts_off_are_paid_once_and_not_less(
    sales: ContractsServiceStub, legal: ContractsServiceStub, ops: BillingServiceStub
) -> None:
    """365 days for 1,200.00, 30 of them suspended and made up for at the end, still cost 1,200.00."""
    contract = billed_monthly(
        sales,
        legal,
        lines=(),
        price=cny(1200),
        start_date="2025-01-01",
        end_date="2025-12-31",
        suspension_extends=True,
    )
    sales.SuspendContract(
        contracts_pb.SuspendContractRequest(contract_id=contract.id, start_date="2025-06-01", reason="moving house")
    )
    resumed = sales.ResumeContract(
        contracts_pb.ResumeContractRequest(contract_id=contract.id, effective_date="2025-07-01")
    ).contract
    assert resumed.end_date == "2026-01-30"
    plan(ops, contract.id)
    assert sum(line.amount.minor_units for line in lines_of(ops, contract.id)) == 120_000
