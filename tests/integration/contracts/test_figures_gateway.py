"""Figures as a front end sees them: the gateway in front of the real service."""

import base64
import hashlib
from io import BytesIO

from openpyxl import load_workbook

from membercare.contracts.v1.contracts_service_pb2_grpc import ContractsServiceStub
from services.chassis.clock import SystemClock
from services.contracts.domain.terms.periods import local_day
from tests.fakes.suite import Client
from tests.integration.contracts.billing_builders import cny
from tests.integration.contracts.builders import a_customer, an_active

OWNER = "emp_01JTDB8D40CQS3K9Q8YV1H2T3C"
REVENUE = """{ recurringRevenue(startDate: "2025-01-01", endDate: "2025-04-30") {
  currencyCode grossRetentionBps total { opening newRevenue churn closing } rows { startDate closing }
} }"""


async def test_recurring_revenue_and_the_month_are_the_same_numbers_as_answer_and_workbook(
    gateway: Client, sales: ContractsServiceStub, legal: ContractsServiceStub
) -> None:
    customer = a_customer(sales)
    for last, yuan in (("2025-12-31", 1200), ("2025-03-31", 300)):
        an_active(
            sales,
            legal,
            customer_id=customer.id,
            owner_id=OWNER,
            start_date="2025-01-01",
            end_date=last,
            price=cny(yuan),
        )
    (told,) = (await gateway.data(REVENUE, roles=("manager",)))["recurringRevenue"]
    assert (told["currencyCode"], told["grossRetentionBps"]) == ("CNY", None)
    assert told["total"] == {"opening": "0", "newRevenue": "20000", "churn": "0", "closing": "10000"}
    assert [row["closing"] for row in told["rows"]] == ["20000", "20000", "20000", "10000"]

    month = local_day(SystemClock().now(), "Asia/Shanghai").isoformat()[:7]
    question = f"""{{ monthlyStatistics(month: "{month}") {{
      month knownAt owners {{ ownerId signed {{ count amounts {{ amount }} }} }} total {{ signed {{ count }} }}
    }} }}"""
    statistics = (await gateway.data(question, roles=("manager",)))["monthlyStatistics"]
    signed = {"count": 2, "amounts": [{"amount": "1500.00"}]}
    assert statistics["owners"] == [{"ownerId": OWNER, "signed": signed}]
    assert (statistics["month"], statistics["total"]) == (month, {"signed": {"count": 2}})

    asked = f'month: "{month}", knownAt: "{statistics["knownAt"]}"'
    query = f"{{ monthlyStatisticsFile({asked}) {{ contentBase64 sha256 fileName }} }}"
    file = (await gateway.data(query, roles=("manager",)))["monthlyStatisticsFile"]
    content = base64.b64decode(file["contentBase64"])
    assert hashlib.sha256(content).hexdigest() == file["sha256"]
    cells = [cell for sheet in load_workbook(BytesIO(content)) for row in sheet.values for cell in row]
    assert OWNER in cells
    assert 1500 in cells
    assert (await gateway.data(query, roles=("manager",)))["monthlyStatisticsFile"] == file


async def test_figures_are_for_those_who_may_see_money_and_a_wrong_question_is_named(gateway: Client) -> None:
    assert await gateway.codes(REVENUE, roles=("agent",)) == ["FORBIDDEN"]
    backwards = REVENUE.replace("2025-04-30", "2024-04-30")
    assert await gateway.codes(backwards, roles=("manager",)) == ["INVALID_FIELD"]
