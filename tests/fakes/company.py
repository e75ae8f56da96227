"""Data of a small company, as the services would answer it: 50 members of 5 customers."""

from datetime import UTC, datetime

from membercare.care.v1 import campaign_pb2, member_pb2, touch_pb2, visit_pb2
from membercare.care.v1 import care_service_pb2 as care
from membercare.contracts.v1 import contract_pb2, customer_pb2, period_pb2
from membercare.contracts.v1 import contracts_service_pb2 as contracts
from membercare.feedback.v1 import case_pb2
from membercare.feedback.v1 import feedback_service_pb2 as feedback
from membercare.kpi.v1 import employee_pb2, indicator_pb2
from membercare.kpi.v1 import kpi_service_pb2 as kpi
from services.chassis.timestamps import to_timestamp
from tests.fakes.suite import FakeSuite
from tests.fakes.wire import Reply

NOON = to_timestamp(datetime(2026, 11, 22, 12, 0, tzinfo=UTC))
MEMBERS = 50


def an_id(prefix: str, number: int) -> str:
    return f"{prefix}_01JD{number:022d}"


def a_customer(number: int) -> customer_pb2.Customer:
    return customer_pb2.Customer(
        id=an_id("cus", number),
        kind=customer_pb2.CUSTOMER_KIND_ORGANISATION,
        name=f"Customer {number}",
        owner_id=an_id("emp", 1),
        etag="1",
        create_time=NOON,
        update_time=NOON,
    )


YEAR = period_pb2.Period(unit=period_pb2.PERIOD_UNIT_YEAR, count=1)
BILLING = contract_pb2.BillingTerms(
    period=YEAR,
    anchor_mode=contract_pb2.ANCHOR_MODE_ANNIVERSARY,
    timing=contract_pb2.BILLING_TIMING_IN_ADVANCE,
    day_count=contract_pb2.DAY_COUNT_ACT_ACT,
)
RENEWAL = contract_pb2.RenewalTerms(
    kind=contract_pb2.RENEWAL_KIND_OFFER,
    term=YEAR,
    notice=period_pb2.Period(unit=period_pb2.PERIOD_UNIT_MONTH, count=1),
    price_change=contract_pb2.PRICE_CHANGE_SAME,
)


def a_contract(number: int, customer: int) -> contract_pb2.Contract:
    return contract_pb2.Contract(
        id=an_id("con", number),
        customer_id=an_id("cus", customer),
        title=f"Contract {number}",
        state=contract_pb2.CONTRACT_STATE_ACTIVE,
        start_date="2026-01-01",
        end_date="2026-12-31",
        price=contract_pb2.Money(currency_code="CNY", minor_units=128_050),
        author="li.wen",
        time_zone="Asia/Shanghai",
        jurisdiction="CN",
        credit_policy=contract_pb2.CREDIT_POLICY_NONE,
        term_number=1,
        billing=BILLING,
        renewal=RENEWAL,
        etag="1",
        create_time=NOON,
        update_time=NOON,
    )


def a_member(number: int) -> member_pb2.Member:
    return member_pb2.Member(
        id=an_id("mem", number),
        customer_id=an_id("cus", number % 5),
        name=f"Member {number}",
        language=member_pb2.LANGUAGE_ZH_HANS,
        time_zone="Asia/Shanghai",
        birthday=member_pb2.Birthday(calendar=member_pb2.BIRTHDAY_CALENDAR_SOLAR, month=11, day=22),
        email=f"member{number}@example.com",
        email_consent=True,
        etag="1",
        create_time=NOON,
        update_time=NOON,
    )


def a_campaign(number: int) -> campaign_pb2.Campaign:
    return campaign_pb2.Campaign(
        id=an_id("cmp", number),
        name="Birthdays",
        state=campaign_pb2.CAMPAIGN_STATE_RUNNING,
        plan=campaign_pb2.CampaignPlan(
            send_at="09:00",
            templates=[campaign_pb2.MessageTemplate(language=member_pb2.LANGUAGE_EN, subject="Hi", body="Hello")],
        ),
        author="alice",
        etag="3",
        create_time=NOON,
        update_time=NOON,
    )


def a_touch(number: int, member: str) -> touch_pb2.Touch:
    return touch_pb2.Touch(
        id=an_id("tch", number),
        campaign_id=an_id("cmp", 1),
        member_id=member,
        occurrence="birthday/2026",
        channel="email",
        date="2026-11-22",
        due_time=NOON,
        state=touch_pb2.TOUCH_STATE_SENT,
        attempts=1,
        update_time=NOON,
    )


def a_visit(number: int, member: str) -> visit_pb2.Visit:
    return visit_pb2.Visit(
        id=an_id("vis", number),
        contract_id=an_id("con", 1),
        customer_id=an_id("cus", 1),
        member_id=member,
        owner_id=an_id("emp", 1),
        due_date="2026-11-29",
        state=visit_pb2.VISIT_STATE_DUE,
        etag="1",
        create_time=NOON,
    )


def a_case(number: int, *, member: str = "", assignee: str = "") -> case_pb2.Case:
    return case_pb2.Case(
        id=an_id("cas", number),
        number=f"2026-{number:06d}",
        kind=case_pb2.CASE_KIND_COMPLAINT,
        severity=case_pb2.CASE_SEVERITY_NORMAL,
        title="Too loud",
        state=case_pb2.CASE_STATE_OPEN,
        source=case_pb2.CASE_SOURCE_STAFF,
        member_id=member,
        assignee_id=assignee,
        due_time=NOON,
        opened_time=NOON,
        etag="1",
    )


def an_employee(number: int) -> employee_pb2.Employee:
    return employee_pb2.Employee(
        id=an_id("emp", number),
        external_ref=f"E{number}",
        name=f"Employee {number}",
        subject=f"employee{number}",
        manager_id=an_id("emp", number - 1) if number else "",
        etag="1",
        create_time=NOON,
        update_time=NOON,
    )


def number_of(key: str) -> int:
    return int(key[-22:])


def move_in(suite: FakeSuite) -> FakeSuite:
    """Let the fakes answer with the company's data; ids with a number of 900 and more are unknown."""
    suite.contracts.answers |= _contracts()
    suite.care.answers |= {**_members(), **_campaigns()}
    suite.feedback.answers |= _cases()
    suite.kpi.answers |= _employees()
    return suite


def _contracts() -> dict[str, Reply]:
    return {
        "BatchGetCustomers": lambda request: contracts.BatchGetCustomersResponse(
            customers=[a_customer(number_of(key)) for key in request.customer_ids if number_of(key) < 900]
        ),
        "BatchGetContracts": lambda request: contracts.BatchGetContractsResponse(
            contracts=[a_contract(number_of(key), 1) for key in request.contract_ids]
        ),
        "BatchListContractsByCustomer": lambda request: contracts.BatchListContractsByCustomerResponse(
            results=[
                contracts.CustomerContracts(
                    customer_id=key, contracts=[a_contract(10 * number_of(key) + n, number_of(key)) for n in range(3)]
                )
                for key in request.customer_ids
            ]
        ),
        "ListCustomers": lambda request: contracts.ListCustomersResponse(
            customers=[a_customer(n) for n in range(request.page_size)], next_page_token=an_id("cus", 99)
        ),
    }


def _members() -> dict[str, Reply]:
    return {
        "ListMembers": lambda request: care.ListMembersResponse(
            members=[a_member(n) for n in range(MEMBERS)[: request.page_size]],
            next_page_token="" if request.page_size >= MEMBERS else an_id("mem", request.page_size - 1),
        ),
        "BatchGetMembers": lambda request: care.BatchGetMembersResponse(
            members=[a_member(number_of(key)) for key in request.member_ids if number_of(key) < 900]
        ),
        "BatchListMembersByCustomer": lambda request: care.BatchListMembersByCustomerResponse(
            results=[care.CustomerMembers(customer_id=key, members=[a_member(1)]) for key in request.customer_ids]
        ),
        "BatchListTouchesByMember": lambda request: care.BatchListTouchesByMemberResponse(
            results=[
                care.MemberTouches(member_id=key, touches=[a_touch(number_of(key), key)]) for key in request.member_ids
            ]
        ),
        "BatchListVisitsByMember": lambda request: care.BatchListVisitsByMemberResponse(
            results=[
                care.MemberVisits(member_id=key, visits=[a_visit(number_of(key), key)]) for key in request.member_ids
            ]
        ),
    }


def _campaigns() -> dict[str, Reply]:
    return {
        "BatchGetCampaigns": lambda request: care.BatchGetCampaignsResponse(
            campaigns=[a_campaign(number_of(key)) for key in request.campaign_ids]
        ),
        "ListCampaigns": lambda _: care.ListCampaignsResponse(campaigns=[a_campaign(n) for n in range(2)]),
        "ListTouches": lambda _: care.ListTouchesResponse(
            touches=[a_touch(n, an_id("mem", n)) for n in range(2)], next_page_token=an_id("tch", 1)
        ),
        "BatchGetCampaignProgress": lambda request: care.BatchGetCampaignProgressResponse(
            progress=[
                campaign_pb2.CampaignProgress(
                    campaign_id=key,
                    total=5,
                    counts=[campaign_pb2.CampaignProgressCount(state="SKIPPED", reason="NO_BIRTHDAY", count=2)],
                )
                for key in request.campaign_ids
            ]
        ),
    }


def _cases() -> dict[str, Reply]:
    return {
        "BatchListCasesByMember": lambda request: feedback.BatchListCasesByMemberResponse(
            results=[
                feedback.MemberCases(
                    member_id=key, cases=[a_case(number_of(key), member=key, assignee=an_id("emp", 2))]
                )
                for key in request.member_ids
            ]
        ),
        "BatchGetCases": lambda request: feedback.BatchGetCasesResponse(
            cases=[a_case(number_of(key)) for key in request.case_ids]
        ),
    }


def _employees() -> dict[str, Reply]:
    return {
        "BatchGetEmployees": lambda request: kpi.BatchGetEmployeesResponse(
            employees=[an_employee(number_of(key)) for key in request.employee_ids]
        ),
        "BatchGetIndicatorValues": lambda request: kpi.BatchGetIndicatorValuesResponse(
            values=[
                indicator_pb2.IndicatorValue(
                    employee_id=key,
                    indicator=request.indicator,
                    month=request.month,
                    numerator=3,
                    denominator=4,
                    rate=0.75,
                    interval_low=0.3,
                    interval_high=0.95,
                )
                for key in request.employee_ids
            ]
        ),
        "ListEmployees": lambda _: kpi.ListEmployeesResponse(employees=[an_employee(n) for n in range(1, 4)]),
        "ListIndicators": lambda _: kpi.ListIndicatorsResponse(
            indicators=[indicator_pb2.Indicator(key="cases_closed_on_time", name_en="Cases", name_zh="按时结案")]
        ),
        "GetReportingLine": lambda request: kpi.GetReportingLineResponse(
            line=employee_pb2.ReportingLine(employee_id=request.employee_id, managers=[an_employee(1)])
        ),
    }
