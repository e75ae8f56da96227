"""What a price becomes by a price run: uplift and index, with floor, cap and rounding, through the API."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from membercare.contracts.v1 import contract_pb2, price_run_pb2
from membercare.contracts.v1.billing_service_pb2_grpc import BillingServiceStub
from membercare.contracts.v1.contracts_service_pb2_grpc import ContractsServiceStub
from tests.integration.calling import Calling
from tests.integration.contracts.billing_builders import (
    a_line,
    an_index,
    billed_monthly,
    lines_of,
    plan,
    price_run,
    yuan,
)

UPLIFT, INDEX = price_run_pb2.PRICE_RUN_KIND_UPLIFT, price_run_pb2.PRICE_RUN_KIND_INDEX


@dataclass(frozen=True, kw_only=True)
class Step:
    """A rule, the price before, and the price after with its formula. Without a price after, it stays."""

    says: str
    rule: dict[str, Any]
    before: str = "100.00"
    after: str = ""
    formula: str = ""


STEPS = (
    Step(
        says="ten percent more",
        rule={"uplift_bps": 1000},
        after="110.00",
        formula="CNY 100.00 × 11000/10000 = CNY 110.00",
    ),
    Step(
        says="ten percent more, at most five",
        rule={"uplift_bps": 1000, "cap_bps": 500},
        after="105.00",
        formula="CNY 100.00 × 11000/10000 = CNY 110.00 → CNY 105.00",
    ),
    Step(
        says="one percent more, at least two",
        rule={"uplift_bps": 100, "floor_bps": 200},
        after="102.00",
        formula="CNY 100.00 × 10100/10000 = CNY 101.00 → CNY 102.00",
    ),
    Step(says="ten percent less, but never less", rule={"uplift_bps": -1000, "floor_bps": 0}),
    Step(
        says="to whole yuan",
        rule={"uplift_bps": 333, "round_to": 100},
        after="103.00",
        formula="CNY 100.00 × 10333/10000 = CNY 103.33 → CNY 103.00",
    ),
    Step(
        says="a half goes up",
        rule={"uplift_bps": 250, "round_to": 100},
        after="103.00",
        formula="CNY 100.00 × 10250/10000 = CNY 102.50 → CNY 103.00",
    ),
    Step(
        says="to five fen",
        rule={"uplift_bps": 333, "round_to": 5},
        before="99.99",
        after="103.30",
        formula="CNY 99.99 × 10333/10000 = CNY 103.32 → CNY 103.30",
    ),
    Step(
        says="rounding does not lift a price above its cap",
        rule={"uplift_bps": 1000, "cap_bps": 560, "round_to": 1000},
        before="150.00",
        after="150.00",
    ),
    Step(
        says="rounding does not press a price below its floor",
        rule={"uplift_bps": 100, "floor_bps": 200, "round_to": 500},
        after="105.00",
        formula="CNY 100.00 × 10100/10000 = CNY 101.00 → CNY 105.00",
    ),
    Step(
        says="where no rounded price is within floor and cap, the bound holds and not the rounding",
        rule={"uplift_bps": 100, "floor_bps": 200, "cap_bps": 300, "round_to": 1000},
        after="102.00",
        formula="CNY 100.00 × 10100/10000 = CNY 101.00 → CNY 102.00",
    ),
    Step(
        says="a cap is not passed by a part of a fen",
        rule={"uplift_bps": 1000, "cap_bps": 500},
        before="99.99",
        after="104.98",
        formula="CNY 99.99 × 11000/10000 = CNY 109.99 → CNY 104.98",
    ),
    Step(
        says="an index that went from 105.65 to 114.25",
        rule={"kind": INDEX},
        after="108.14",
        formula="CNY 100.00 × 114.25/105.65 = CNY 108.14",
    ),
    Step(
        says="the same index, at most three percent",
        rule={"kind": INDEX, "cap_bps": 300},
        after="103.00",
        formula="CNY 100.00 × 114.25/105.65 = CNY 108.14 → CNY 103.00",
    ),
    Step(
        says="the same index, of the month before the last",
        rule={"kind": INDEX, "lag_months": 2},
        after="103.30",
        formula="CNY 100.00 × 112.6/109 = CNY 103.30",
    ),
)


@pytest.fixture
def ops(calling: Calling) -> BillingServiceStub:
    return calling.as_subject(BillingServiceStub, "chen.ops", "ops")


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.says)
def test_a_price_moves_by_its_rule_within_its_bounds_and_is_billed_so(
    sales: ContractsServiceStub, legal: ContractsServiceStub, ops: BillingServiceStub, calling: Calling, step: Step
) -> None:
    index_id = an_index(ops, y2024_11="109", y2025_01="105.65", y2025_05="112.6", y2025_07="114.25")
    contract = in_2025(sales, legal, price=step.before)
    run = price_run(calling, on="2025-07-01", **{"kind": UPLIFT, "index_id": index_id} | step.rule)
    assert [(yuan(item.new_price), item.formula) for item in run.items] == (
        [(step.after, step.formula)] if step.formula else []
    )
    assert [skip.reason for skip in run.skips] == ([] if step.formula else ["SAME_PRICE"])
    plan(ops, contract.id)
    bills = [yuan(line.amount) for line in lines_of(ops, contract.id)]
    assert bills == 6 * [step.before] + 6 * [step.after or step.before]


def test_what_a_cap_held_back_comes_with_the_next_step_for_an_index_counts_from_its_base(
    sales: ContractsServiceStub, legal: ContractsServiceStub, ops: BillingServiceStub, calling: Calling
) -> None:
    index_id = an_index(ops, y2025_01="100", y2025_04="110", y2025_07="110")
    contract = in_2025(sales, legal, price="100.00")
    for day in ("2025-04-01", "2025-07-01"):
        price_run(calling, on=day, kind=INDEX, index_id=index_id, cap_bps=600)
    plan(ops, contract.id)
    bills = [yuan(line.amount) for line in lines_of(ops, contract.id)]
    assert bills == 3 * ["100.00"] + 3 * ["106.00"] + 6 * ["110.00"]


def in_2025(sales: ContractsServiceStub, legal: ContractsServiceStub, *, price: str) -> contract_pb2.Contract:
    fen = contract_pb2.Money(currency_code="CNY", minor_units=int(Decimal(price).scaleb(2)))
    return billed_monthly(sales, legal, a_line(price=fen), start_date="2025-01-01", end_date="2025-12-31")
