"""Every mutation of price indices and price runs sends what was asked and shows what came back."""

from typing import Any

import pytest

from membercare.contracts.v1 import billing_service_pb2 as pb
from membercare.contracts.v1 import contract_pb2
from membercare.contracts.v1 import price_run_pb2 as prices
from tests.fakes.company import an_id
from tests.fakes.suite import Client, FakeSuite

VALUE = prices.IndexValue(
    month="2026-01", value="114.25", state=prices.INDEX_VALUE_STATE_DEFINITIVE, published_date="2026-02-10"
)
INDEX = prices.PriceIndex(id=an_id("idx", 1), name="CPI", basis="2020 = 100", values=[VALUE], etag="2")
RUN = prices.PriceRun(
    id=an_id("esc", 1),
    name="2026",
    rule=prices.PriceRule(kind=prices.PRICE_RUN_KIND_UPLIFT, uplift_bps=300, floor_bps=0, round_to=1),
    effective_date="2026-07-01",
    state=prices.PRICE_RUN_STATE_APPLIED,
    items=[
        prices.PriceItem(
            contract_id=an_id("con", 1),
            line_id=an_id("lin", 1),
            description="Maintenance",
            old_price=contract_pb2.Money(currency_code="CNY", minor_units=10_000),
            new_price=contract_pb2.Money(currency_code="CNY", minor_units=10_300),
            formula="CNY 100.00 × 10300/10000 = CNY 103.00",
        )
    ],
    skips=[prices.PriceSkip(contract_id=an_id("con", 2), reason="OUTSIDE_TERM")],
    outcomes=[prices.PriceOutcome(contract_id=an_id("con", 1), terms_number=2)],
    author="chen.ops",
    etag="3",
)
ON_INDEX = "... on PriceIndexPayload { priceIndex { id values { month value state publishedDate } } }"
ON_RUN = (
    "... on PriceRunPayload { priceRun { id state approver rule { kind upliftBps floorBps capBps } "
    "items { lineId newPrice { minorUnits } } skips { lineId reason } outcomes { termsNumber problem } } }"
)
SHOWN_INDEX = {
    "id": INDEX.id,
    "values": [{"month": "2026-01", "value": "114.25", "state": "DEFINITIVE", "publishedDate": "2026-02-10"}],
}
SHOWN_RUN = {
    "id": RUN.id,
    "state": "APPLIED",
    "approver": None,
    "rule": {"kind": "UPLIFT", "upliftBps": 300, "floorBps": 0, "capBps": None},
    "items": [{"lineId": an_id("lin", 1), "newPrice": {"minorUnits": "10300"}}],
    "skips": [{"lineId": None, "reason": "OUTSIDE_TERM"}],
    "outcomes": [{"termsNumber": 2, "problem": None}],
}

CASES: list[tuple[str, str, str, Any, dict[str, Any]]] = [
    (
        "CreatePriceIndex",
        'name: "CPI", basis: "2020 = 100"',
        ON_INDEX,
        pb.CreatePriceIndexResponse(price_index=INDEX),
        {"name": "CPI", "basis": "2020 = 100"},
    ),
    (
        "RecordIndexValues",
        (
            'id: "idx_1", etag: "1", '
            'values: [{month: "2026-01", value: "114.25", state: DEFINITIVE, publishedDate: "2026-02-10"}]'
        ),
        ON_INDEX,
        pb.RecordIndexValuesResponse(price_index=INDEX),
        {"index_id": "idx_1", "values": [VALUE], "etag": "1"},
    ),
    (
        "CreatePriceRun",
        (
            'input: {name: "2026", effectiveDate: "2026-07-01", contractIds: ["con_1"], '
            'rule: {kind: INDEX, indexId: "idx_1", lagMonths: 3, floorBps: 0, roundTo: "100"}}'
        ),
        ON_RUN,
        pb.CreatePriceRunResponse(price_run=RUN),
        {
            "name": "2026",
            "rule": {"kind": 2, "index_id": "idx_1", "lag_months": 3, "floor_bps": 0, "round_to": 100},
            "effective_date": "2026-07-01",
            "contract_ids": ["con_1"],
        },
    ),
    *(
        (
            f"{verb}PriceRun",
            'id: "esc_1", etag: "2"',
            ON_RUN,
            getattr(pb, f"{verb}PriceRunResponse")(price_run=RUN),
            {"price_run_id": "esc_1", "etag": "2"},
        )
        for verb in ("Approve", "Apply", "Undo")
    ),
]


@pytest.mark.parametrize(("rpc", "arguments", "shown", "reply", "arrived"), CASES, ids=[each[0] for each in CASES])
async def test_a_mutation_of_prices_sends_what_was_asked_and_shows_what_came_back(
    gateway: Client, suite: FakeSuite, rpc: str, arguments: str, shown: str, reply: Any, arrived: dict[str, Any]
) -> None:
    suite.contracts.answers[rpc] = lambda _: reply
    field = rpc[0].lower() + rpc[1:]
    data = await gateway.data(f"mutation {{ {field}({arguments}) {{ {shown} }} }}")
    assert data[field] == ({"priceIndex": SHOWN_INDEX} if shown == ON_INDEX else {"priceRun": SHOWN_RUN})
    (request,) = suite.contracts.asked[rpc]
    assert request.request_id
    request.request_id = ""
    assert request == type(request)(**arrived)


async def test_runs_indices_and_co_termination_are_shown(gateway: Client, suite: FakeSuite) -> None:
    stub = prices.Stub(
        contract_id="con_1", amount=contract_pb2.Money(currency_code="CNY", minor_units=0), start_date=""
    )
    suite.contracts.answers["ListPriceRuns"] = lambda _: pb.ListPriceRunsResponse(price_runs=[RUN])
    suite.contracts.answers["ListPriceIndexes"] = lambda _: pb.ListPriceIndexesResponse(price_indexes=[INDEX])
    suite.contracts.answers["PreviewCoTermination"] = lambda _: pb.PreviewCoTerminationResponse(
        end_date="2026-12-31", stubs=[stub]
    )
    data = await gateway.data(
        """{
          priceRuns { nodes { id author } }
          priceIndexes { nodes { id name } }
          previewCoTermination(contractIds: ["con_1"]) { endDate stubs { contractId startDate amount { amount } } }
        }"""
    )
    assert data == {
        "priceRuns": {"nodes": [{"id": RUN.id, "author": "chen.ops"}]},
        "priceIndexes": {"nodes": [{"id": INDEX.id, "name": "CPI"}]},
        "previewCoTermination": {
            "endDate": "2026-12-31",
            "stubs": [{"contractId": "con_1", "startDate": None, "amount": {"amount": "0.00"}}],
        },
    }
    (asked,) = suite.contracts.asked["PreviewCoTermination"]
    assert asked == pb.PreviewCoTerminationRequest(contract_ids=["con_1"])
