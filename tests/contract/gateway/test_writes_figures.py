"""Figures through the gateway: what is asked arrives as it was meant, and what comes back is shown whole."""

import base64
from typing import Any

from membercare.contracts.v1 import contract_pb2, customer_pb2, customer_value_pb2, figures_pb2
from membercare.contracts.v1 import contracts_service_pb2 as contracts
from membercare.contracts.v1 import figures_service_pb2 as pb
from services.chassis.errors import StaleVersion
from services.contracts.domain.figures.figures_errors import OthersFigures
from tests.fakes.company import a_customer, an_id
from tests.fakes.suite import Client, FakeSuite

ROW = figures_pb2.RevenueRow(
    start_date="2026-05-01",
    end_date="2026-05-31",
    opening=9_007_199_254_740_993,
    new_revenue=5,
    contraction=-3,
    churn=-1,
    closing=9_007_199_254_740_994,
)
REVENUE = figures_pb2.RecurringRevenue(currency_code="CNY", rows=[ROW], total=ROW, gross_retention_bps=9_900)
POLICY: dict[str, Any] = {
    "currency_code": "CNY",
    "contract_margin_bps": 4_000,
    "order_margin_bps": 2_500,
    "case_costs": {"low": 1, "normal": 2, "high": 3, "major": 4},
    "visit_cost": 5,
    "horizon_months": 24,
    "discount_bps": 800,
    "high_value_from": 100,
    "growing_from_bps": 2_000,
    "potential_from": 50,
    "at_risk_from": 60,
    "rates": [{"currency_code": "USD", "rate": "7.12"}],
}
INPUT = (
    'input: {currencyCode: "CNY", contractMarginBps: 4000, orderMarginBps: 2500, caseCosts: {low: "1", normal: "2", '
    'high: "3", major: "4"}, visitCost: "5", horizonMonths: 24, discountBps: 800, highValueFrom: "100", '
    'growingFromBps: 2000, potentialFrom: "50", atRiskFrom: 60, rates: [{currencyCode: "USD", rate: "7.12"}]}'
)


def money(units: int) -> contract_pb2.Money:
    return contract_pb2.Money(currency_code="CNY", minor_units=units)


def a_value(number: int) -> customer_value_pb2.CustomerValue:
    why = customer_value_pb2.ValueReason(code="COMPLAINTS", risk_points=30, text_en="3 complaints", text_zh="投诉 3 起")
    return customer_value_pb2.CustomerValue(
        id=an_id("cus", number),
        tier=customer_pb2.CUSTOMER_TIER_AT_RISK,
        stage=customer_pb2.CUSTOMER_STAGE_AT_RISK,
        risk=70,
        current_value=money(-1_250),
        alive_permille=0,
        reasons=[why],
        changes=[customer_value_pb2.TierChange(after=customer_pb2.CUSTOMER_TIER_AT_RISK, reasons=[why])],
    )


async def test_revenue_is_asked_for_by_day_as_known_at_a_moment_and_shown_exactly(
    gateway: Client, suite: FakeSuite
) -> None:
    suite.contracts.answers["ReportRecurringRevenue"] = lambda _: pb.ReportRecurringRevenueResponse(revenue=[REVENUE])
    data = await gateway.data(
        '{ recurringRevenue(startDate: "2026-05-01", endDate: "2026-05-31", interval: DAY, ownerId: "emp_1", '
        'knownAt: "2026-06-01T00:00:00Z") { currencyCode rows { opening newRevenue contraction closing } '
        "total { churn } grossRetentionBps netRetentionBps } }"
    )
    assert data["recurringRevenue"] == [
        {
            "currencyCode": "CNY",
            "rows": [
                {
                    "opening": "9007199254740993",
                    "newRevenue": "5",
                    "contraction": "-3",
                    "closing": "9007199254740994",
                }
            ],
            "total": {"churn": "-1"},
            "grossRetentionBps": 9_900,
            "netRetentionBps": None,
        }
    ]
    (request,) = suite.contracts.asked["ReportRecurringRevenue"]
    assert (request.interval, request.owner_id, request.known_at.seconds) == (
        pb.REVENUE_INTERVAL_DAY,
        "emp_1",
        1_780_272_000,
    )


async def test_a_month_is_shown_by_owner(gateway: Client, suite: FakeSuite) -> None:
    tally = figures_pb2.Tally(count=2, amounts=[money(120_000)])
    month = figures_pb2.OwnerMonth(signed=tally, warranties_ended=4, warranties_attached=1, attach_rate_bps=2_500)
    statistics = figures_pb2.MonthlyStatistics(month="2026-05", total=month, owners=[month], revenue=[REVENUE])
    suite.contracts.answers["ReportMonth"] = lambda _: pb.ReportMonthResponse(statistics=statistics)
    data = await gateway.data(
        '{ monthlyStatistics(month: "2026-05") { month total { ownerId signed { count amounts { amount } } '
        "renewalRateBps attachRateBps } owners { owner { name } warrantiesEnded } revenue { currencyCode } } }"
    )
    assert data["monthlyStatistics"] == {
        "month": "2026-05",
        "total": {
            "ownerId": None,
            "signed": {"count": 2, "amounts": [{"amount": "1200.00"}]},
            "renewalRateBps": None,
            "attachRateBps": 2_500,
        },
        "owners": [{"owner": None, "warrantiesEnded": 4}],
        "revenue": [{"currencyCode": "CNY"}],
    }
    (request,) = suite.contracts.asked["ReportMonth"]
    assert not request.HasField("known_at")


async def test_the_workbook_comes_whole(gateway: Client, suite: FakeSuite) -> None:
    content = bytes(range(256))
    suite.contracts.answers["ExportMonth"] = lambda _: pb.ExportMonthResponse(
        file_name="statistics-2026-05.xlsx", media_type="x/y", content=content, sha256="ab"
    )
    data = await gateway.data('{ monthlyStatisticsFile(month: "2026-05") { fileName mediaType contentBase64 sha256 } }')
    file = data["monthlyStatisticsFile"]
    assert base64.b64decode(file.pop("contentBase64")) == content
    assert file == {"fileName": "statistics-2026-05.xlsx", "mediaType": "x/y", "sha256": "ab"}


async def test_figures_of_others_are_refused_with_the_reason(gateway: Client, suite: FakeSuite) -> None:
    def refuse(_: object) -> pb.ReportMonthResponse:
        raise OthersFigures("owner_id")

    suite.contracts.answers["ReportMonth"] = refuse
    reply = await gateway.ask('{ monthlyStatistics(month: "2026-05") { month } }')
    assert reply["data"] == {"monthlyStatistics": None}
    assert reply["errors"][0]["extensions"]["code"] == "OTHERS_FIGURES"


async def test_a_customer_shows_its_value_with_reasons_and_history(gateway: Client, suite: FakeSuite) -> None:
    suite.contracts.answers["ListCustomers"] = lambda _: contracts.ListCustomersResponse(
        customers=[a_customer(1), a_customer(2)]
    )
    suite.contracts.answers["BatchGetCustomerValues"] = lambda _: pb.BatchGetCustomerValuesResponse(values=[a_value(1)])
    data = await gateway.data(
        "{ customers { nodes { value { tier stage risk currentValue { amount } alivePermille expectedOrdersHundredths "
        "reasons { code riskPoints textEn textZh } changes { before after } } } } }"
    )
    first, second = (each["value"] for each in data["customers"]["nodes"])
    assert second is None
    assert first == {
        "tier": "AT_RISK",
        "stage": "AT_RISK",
        "risk": 70,
        "currentValue": {"amount": "-12.50"},
        "alivePermille": 0,
        "expectedOrdersHundredths": None,
        "reasons": [{"code": "COMPLAINTS", "riskPoints": 30, "textEn": "3 complaints", "textZh": "投诉 3 起"}],
        "changes": [{"before": None, "after": "AT_RISK"}],
    }
    assert len(suite.contracts.asked["BatchGetCustomerValues"]) == 1


async def test_values_are_listed_by_risk_with_their_customers(gateway: Client, suite: FakeSuite) -> None:
    suite.contracts.answers["ListCustomerValues"] = lambda _: pb.ListCustomerValuesResponse(values=[a_value(1)])
    suite.contracts.answers["BatchGetCustomers"] = lambda _: contracts.BatchGetCustomersResponse(
        customers=[a_customer(1)]
    )
    data = await gateway.data(
        '{ customerValues(filter: {riskFrom: 60, tier: AT_RISK, ownerId: "emp_1"}, first: 1) { nodes { id '
        "customer { id } } "
        "pageInfo { endCursor hasNextPage } } }"
    )
    assert data["customerValues"] == {
        "nodes": [{"id": an_id("cus", 1), "customer": {"id": an_id("cus", 1)}}],
        "pageInfo": {"endCursor": an_id("cus", 1), "hasNextPage": False},
    }
    (request,) = suite.contracts.asked["ListCustomerValues"]
    asked = request.filter
    assert (asked.risk_from, asked.tier, asked.owner_id) == (60, customer_pb2.CUSTOMER_TIER_AT_RISK, "emp_1")


async def test_the_rules_and_the_model_are_shown(gateway: Client, suite: FakeSuite) -> None:
    policy = customer_value_pb2.ValuePolicy(**POLICY, etag="0")
    model = customer_value_pb2.ValueModel(customers=2357, buying=[0.243, 4.414, 0.793, 2.426], note="n")
    suite.contracts.answers["GetValuePolicy"] = lambda _: pb.GetValuePolicyResponse(policy=policy)
    suite.contracts.answers["GetValueModel"] = lambda _: pb.GetValueModelResponse(model=model)
    data = await gateway.data(
        "{ valuePolicy { caseCosts { major } rates { rate } etag updateTime } valueModel { customers buying note } }"
    )
    assert data == {
        "valuePolicy": {"caseCosts": {"major": "4"}, "rates": [{"rate": "7.12"}], "etag": "0", "updateTime": None},
        "valueModel": {"customers": "2357", "buying": [0.243, 4.414, 0.793, 2.426], "note": "n"},
    }


async def test_update_value_policy_sends_all_rules_and_shows_what_is_stored(gateway: Client, suite: FakeSuite) -> None:
    stored = customer_value_pb2.ValuePolicy(**POLICY, etag="1")
    suite.contracts.answers["UpdateValuePolicy"] = lambda _: pb.UpdateValuePolicyResponse(policy=stored)
    data = await gateway.data(
        f'mutation {{ updateValuePolicy({INPUT}, etag: "0", requestId: "r1") '
        "{ ... on ValuePolicyPayload { policy { etag horizonMonths } } } }"
    )
    assert data["updateValuePolicy"] == {"policy": {"etag": "1", "horizonMonths": 24}}
    (request,) = suite.contracts.asked["UpdateValuePolicy"]
    policy = customer_value_pb2.ValuePolicy(**POLICY)
    assert request == pb.UpdateValuePolicyRequest(policy=policy, etag="0", request_id="r1")


async def test_a_stale_etag_of_the_rules_is_an_answer_and_no_error(gateway: Client, suite: FakeSuite) -> None:
    def refuse(_: object) -> pb.UpdateValuePolicyResponse:
        raise StaleVersion("value_policy", "value_policy")

    suite.contracts.answers["UpdateValuePolicy"] = refuse
    data = await gateway.data(
        f'mutation {{ updateValuePolicy({INPUT}, etag: "0") {{ __typename ... on StaleVersionError {{ code }} }} }}'
    )
    assert data["updateValuePolicy"] == {"__typename": "StaleVersionError", "code": "STALE_VERSION"}


async def test_run_customer_values_asks_for_a_computation(gateway: Client, suite: FakeSuite) -> None:
    reply = pb.RunCustomerValuesResponse()
    reply.requested_time.FromJsonString("2026-05-04T12:00:00Z")
    suite.contracts.answers["RunCustomerValues"] = lambda _: reply
    data = await gateway.data(
        'mutation { runCustomerValues(requestId: "r2") { ... on CustomerValuesRunPayload { requestedTime } } }'
    )
    assert data["runCustomerValues"] == {"requestedTime": "2026-05-04T12:00:00.000Z"}
    assert [each.request_id for each in suite.contracts.asked["RunCustomerValues"]] == ["r2"]
