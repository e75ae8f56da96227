"""Every batch RPC that the schema's joins stand on, one loader each."""

from gateway.graphql.care.core.enums import TouchState
from gateway.graphql.connections import DEFAULT_FIRST, DEFAULT_NESTED, MOST_FIRST, MOST_NESTED, Page
from gateway.graphql.joins import argument
from gateway.graphql.loaders import Loader, by_id, by_owner
from gateway.graphql.rpcs import rpc_of
from gateway.graphql.scalars import Date, DateTime, Month
from membercare.care.v1 import campaigns_service_pb2 as campaigns
from membercare.care.v1 import care_service_pb2 as care
from membercare.care.v1 import members_service_pb2 as members
from membercare.care.v1 import touch_pb2
from membercare.contracts.v1 import billing_service_pb2 as billing
from membercare.contracts.v1 import contracts_service_pb2 as contracts
from membercare.feedback.v1 import feedback_service_pb2 as feedback
from membercare.kpi.v1 import kpi_service_pb2 as kpi

CUSTOMERS = by_id(contracts.BatchGetCustomersRequest, ids="customer_ids", items="customers")
CONTRACTS = by_id(contracts.BatchGetContractsRequest, ids="contract_ids", items="contracts")
BILLING_LINES = by_id(billing.BatchGetBillingLinesRequest, ids="billing_line_ids", items="billing_lines")
PRICE_INDEXES = by_id(billing.BatchGetPriceIndexesRequest, ids="index_ids", items="price_indexes")
PRICE_RUNS = by_id(billing.BatchGetPriceRunsRequest, ids="price_run_ids", items="price_runs")
MEMBERS = by_id(care.BatchGetMembersRequest, ids="member_ids", items="members")
CAMPAIGNS = by_id(care.BatchGetCampaignsRequest, ids="campaign_ids", items="campaigns")
TOUCHES = by_id(care.BatchGetTouchesRequest, ids="touch_ids", items="touches")
VISITS = by_id(care.BatchGetVisitsRequest, ids="visit_ids", items="visits")
CASES = by_id(feedback.BatchGetCasesRequest, ids="case_ids", items="cases")
EMPLOYEES = by_id(kpi.BatchGetEmployeesRequest, ids="employee_ids", items="employees")
CAMPAIGN_PROGRESS = by_id(
    care.BatchGetCampaignProgressRequest, ids="campaign_ids", items="progress", key="campaign_id", most_keys=100
)
CAMPAIGN_HISTORIES = by_id(
    campaigns.BatchGetCampaignHistoriesRequest,
    ids="campaign_ids",
    items="histories",
    key="campaign_id",
    most_keys=50,
)

CONTRACTS_BY_CUSTOMER = by_owner(
    contracts.BatchListContractsByCustomerRequest, owner="customer", items="contracts", others=("as_of", "known_at")
)
BILLING_LINES_BY_CONTRACT = by_owner(
    billing.BatchListBillingLinesByContractRequest, owner="contract", items="billing_lines"
)
MEMBERS_BY_CUSTOMER = by_owner(care.BatchListMembersByCustomerRequest, owner="customer", items="members")
TOUCHES_BY_MEMBER = by_owner(care.BatchListTouchesByMemberRequest, owner="member", items="touches")
VISITS_BY_MEMBER = by_owner(care.BatchListVisitsByMemberRequest, owner="member", items="visits")
CASES_BY_MEMBER = by_owner(feedback.BatchListCasesByMemberRequest, owner="member", items="cases")
CASES_BY_CUSTOMER = by_owner(feedback.BatchListCasesByCustomerRequest, owner="customer", items="cases")
CASES_BY_EMPLOYEE = by_owner(feedback.BatchListCasesByEmployeeRequest, owner="employee", items="cases")

INDICATOR_VALUES = Loader(
    rpc=rpc_of(kpi.BatchGetIndicatorValuesRequest),
    request=lambda keys, arguments: kpi.BatchGetIndicatorValuesRequest(
        employee_ids=keys, indicator=arguments["key"], month=arguments["month"]
    ),
    found=lambda reply, *_: {value.employee_id: value for value in reply.values},
)

# These RPCs answer for one thing only, so the cost rule refuses them below a list (`most_keys` is 1).
TOUCHES_OF_CAMPAIGN = Loader(
    rpc=rpc_of(care.ListTouchesRequest),
    request=lambda keys, arguments: care.ListTouchesRequest(
        filter=care.TouchFilter(campaign_id=keys[0], state=touch_pb2.TouchState.ValueType(arguments.get("state") or 0)),
        page_size=arguments["first"],
        page_token=arguments.get("after") or "",
    ),
    found=lambda reply, keys, arguments: {
        keys[0]: Page(reply.touches, more=bool(reply.next_page_token), later=bool(arguments.get("after")))
    },
    most_keys=1,
)
TIMELINE_OF_MEMBER = Loader(
    rpc=rpc_of(members.ListMemberTimelineRequest),
    request=lambda keys, arguments: members.ListMemberTimelineRequest(
        member_id=keys[0], page_size=arguments["first"], page_token=arguments.get("after") or ""
    ),
    found=lambda reply, keys, arguments: {
        keys[0]: Page(reply.entries, more=bool(reply.next_page_token), later=bool(arguments.get("after")))
    },
    most_keys=1,
)
REPORTING_LINE = Loader(
    rpc=rpc_of(kpi.GetReportingLineRequest),
    request=lambda keys, arguments: kpi.GetReportingLineRequest(employee_id=keys[0], as_of=arguments.get("asOf") or ""),
    found=lambda reply, *_: {reply.line.employee_id: reply.line},
    most_keys=1,
)

FIRST = (
    argument("first", int, default=DEFAULT_NESTED, description=f"How many items at most for each, 1 to {MOST_NESTED}."),
)
INDICATOR_AND_MONTH = (
    argument("key", str, description="Which indicator, for example `cases_closed_on_time`."),
    argument("month", Month, description="Which month, in the company's time zone."),
)
PAGE = (
    argument("first", int, default=DEFAULT_FIRST, description=f"How many items at most, 1 to {MOST_FIRST}."),
    argument("after", str | None, default=None, description="A cursor: the page starts behind it."),
)
TOUCHES_PAGE = (
    *PAGE,
    argument("state", TouchState | None, default=None, description="Only touches in this state."),
)
AS_OF = (argument("as_of", Date | None, default=None, description="The day; absent: today."),)
FIRST_AS_OF = (
    *FIRST,
    argument("as_of", Date | None, default=None, description="The day that is asked about; absent: as it stands."),
    argument(
        "known_at",
        DateTime | None,
        default=None,
        description="Only what was recorded by this moment, and nothing else is listed; absent: all.",
    ),
)
