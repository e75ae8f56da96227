"""Every change of a renewal arrives as it was meant, and every question about renewals shows what was answered."""

from typing import Any
from uuid import UUID

import pytest

from membercare.contracts.v1 import contract_pb2, renewal_pb2
from membercare.contracts.v1 import contracts_service_pb2 as contracts
from membercare.contracts.v1 import renewals_service_pb2 as pb
from membercare.kpi.v1 import kpi_service_pb2 as kpi
from tests.fakes.company import NOON, a_contract, a_customer, an_employee, an_id
from tests.fakes.rooms import SERVICES
from tests.fakes.suite import Client, FakeSuite

READS = ("Get", "BatchGet", "List", "BatchList", "Check", "Report")
(SERVICE,) = (service for service in SERVICES["contracts"] if service.name == "RenewalsService")
REN, CON, CUS, EMP = (an_id(prefix, 1) for prefix in ("ren", "con", "cus", "emp"))
GUARDS = 'etag: "3", requestId: "r1"'
GUARDED = {"etag": "3", "request_id": "r1"}
YUAN = {"currency_code": "CNY", "minor_units": 9007199254740993}
MONEY = '{currencyCode: "CNY", minorUnits: "9007199254740993"}'


def money(minor_units: int) -> contract_pb2.Money:
    return contract_pb2.Money(currency_code="CNY", minor_units=minor_units)


def a_renewal() -> renewal_pb2.Renewal:
    point = renewal_pb2.LikelihoodPoint(fact="complaints", points=-8, english="One complaint.", chinese="投诉一次。")
    return renewal_pb2.Renewal(
        id=REN,
        contract_id=CON,
        customer_id=CUS,
        owner_id=EMP,
        kind=contract_pb2.RENEWAL_KIND_AUTO,
        term_number=2,
        notice_state=renewal_pb2.NOTICE_STATE_DUE,
        due_amount=money(120_000),
        amount=money(126_000),
        stage=renewal_pb2.RENEWAL_STAGE_OFFERED,
        likelihood=renewal_pb2.RenewalLikelihood(score=47, model="2026-11", points=[point], scored_date="2026-11-22"),
        category=renewal_pb2.CALL_CATEGORY_COMMIT,
        attention=[renewal_pb2.RENEWAL_ATTENTION_DISAGREEMENT],
        create_time=NOON,
        update_time=NOON,
    )


CASES: list[tuple[str, str, dict[str, Any]]] = [
    ("OpenRenewal", f'contractId: "{CON}"', {"contract_id": CON}),
    ("AssignRenewal", f'id: "{REN}", ownerId: "{EMP}", {GUARDS}', {"renewal_id": REN, "owner_id": EMP, **GUARDED}),
    ("AdvanceRenewal", f'id: "{REN}", stage: OFFERED, {GUARDS}', {"renewal_id": REN, "stage": 3, **GUARDED}),
    (
        "CallRenewal",
        f'id: "{REN}", input: {{category: AT_RISK, amount: {MONEY}, closeDate: "2027-01-31", note: "说"}}, {GUARDS}',
        {
            "renewal_id": REN,
            "category": 4,
            "amount": YUAN,
            "close_date": "2027-01-31",
            "note": "说",
            **GUARDED,
        },
    ),
    (
        "DecideRenewal",
        f'id: "{REN}", category: OMITTED, note: "They left", {GUARDS}',
        {"renewal_id": REN, "category": 5, "note": "They left", **GUARDED},
    ),
    (
        "WinRenewal",
        f'id: "{REN}", wonBy: SUCCESSOR, amount: {MONEY}, note: "Signed"',
        {"renewal_id": REN, "won_by": 2, "amount": YUAN, "note": "Signed"},
    ),
    ("LoseRenewal", f'id: "{REN}", reason: COMPETITOR', {"renewal_id": REN, "reason": 3}),
    (
        "RecordCancellation",
        f'contractId: "{CON}", receivedDate: "2026-11-20", note: "Letter"',
        {"contract_id": CON, "received_date": "2026-11-20", "note": "Letter"},
    ),
    (
        "RecordReminder",
        f'id: "{REN}", input: {{key: "tch_1", sentDate: "2026-11-20", channel: "email", recipient: "a@b.cn"}}',
        {
            "renewal_id": REN,
            "key": "tch_1",
            "sent_date": "2026-11-20",
            "channel": "email",
            "recipient": "a@b.cn",
        },
    ),
    (
        "RecordRenewalSignal",
        f'input: {{eventId: "e1", customerId: "{CUS}", kind: PAYMENT_MADE, subjectId: "inv_1", value: 12}}',
        {"event_id": "e1", "customer_id": CUS, "kind": 5, "subject_id": "inv_1", "value": 12},
    ),
]


def test_every_verb_of_the_room_has_a_case() -> None:
    verbs = {method.name for method in SERVICE.methods if not method.name.startswith(READS)}
    assert verbs == {rpc for rpc, _, _ in CASES}


@pytest.mark.parametrize(("rpc", "arguments", "arrived"), CASES, ids=[each[0] for each in CASES])
async def test_a_mutation_sends_what_was_asked_and_shows_what_came_back(
    gateway: Client, suite: FakeSuite, rpc: str, arguments: str, arrived: dict[str, Any]
) -> None:
    is_signal = rpc == "RecordRenewalSignal"
    reply = pb.RecordRenewalSignalResponse(known=True) if is_signal else _reply(rpc)
    suite.contracts.answers[rpc] = lambda _: reply
    field = rpc[0].lower() + rpc[1:]
    shown = "... on RenewalSignalPayload { known }" if is_signal else "... on RenewalPayload { renewal { id } }"
    data = await gateway.data(f"mutation {{ {field}({arguments}) {{ {shown} }} }}")
    assert data[field] == ({"known": True} if is_signal else {"renewal": {"id": REN}})
    (request,) = suite.contracts.asked[rpc]
    if "request_id" in request.DESCRIPTOR.fields_by_name and "request_id" not in arrived:
        UUID(request.request_id)
        request.request_id = ""
    assert request == type(request)(**arrived)


def _reply(rpc: str) -> Any:
    return getattr(pb, f"{rpc}Response")(renewal=a_renewal())


async def test_a_renewal_is_shown_with_its_contract_customer_and_the_reason_of_every_point(
    gateway: Client, suite: FakeSuite
) -> None:
    answers = suite.contracts.answers
    answers["BatchGetRenewals"] = lambda _: pb.BatchGetRenewalsResponse(renewals=[a_renewal()])
    answers["BatchGetContracts"] = lambda _: contracts.BatchGetContractsResponse(contracts=[a_contract(1, 1)])
    answers["BatchGetCustomers"] = lambda _: contracts.BatchGetCustomersResponse(customers=[a_customer(1)])
    query = """{ renewal(id: "%s") {
        stage kind noticeState category attention call { note } amount { amount }
        likelihood { score points { points english chinese } }
        contract { id } customer { id } } }"""
    data = await gateway.data(query % REN, roles=("sales",))
    assert data["renewal"] == {
        "stage": "OFFERED",
        "kind": "AUTO",
        "noticeState": "DUE",
        "category": "COMMIT",
        "attention": ["DISAGREEMENT"],
        "call": None,
        "amount": {"amount": "1260.00"},
        "likelihood": {
            "score": 47,
            "points": [{"points": -8, "english": "One complaint.", "chinese": "投诉一次。"}],
        },
        "contract": {"id": CON},
        "customer": {"id": CUS},
    }


async def test_contracts_and_customers_show_their_renewals_in_one_call_each(gateway: Client, suite: FakeSuite) -> None:
    answers = suite.contracts.answers
    both = [a_contract(1, 1), a_contract(2, 1)]
    answers["ListContracts"] = lambda _: contracts.ListContractsResponse(contracts=both)
    answers["BatchGetCustomers"] = lambda _: contracts.BatchGetCustomersResponse(customers=[a_customer(1)])
    answers["BatchListRenewalsByContract"] = lambda _: pb.BatchListRenewalsByContractResponse(
        results=[pb.ContractRenewals(contract_id=CON, renewals=[a_renewal()])]
    )
    answers["BatchListRenewalsByCustomer"] = lambda _: pb.BatchListRenewalsByCustomerResponse(
        results=[pb.CustomerRenewals(customer_id=CUS, renewals=[a_renewal()])]
    )
    query = "{ contracts { nodes { renewals { id } customer { renewals(first: 3) { id } } } } }"
    data = await gateway.data(query, roles=("manager",))
    of_customer = {"renewals": [{"id": REN}]}
    assert data["contracts"]["nodes"] == [
        {"renewals": [{"id": REN}], "customer": of_customer},
        {"renewals": [], "customer": of_customer},
    ]
    assert suite.calls["BatchListRenewalsByContract"] == suite.calls["BatchListRenewalsByCustomer"] == 1


async def test_the_desk_filters_renewals(gateway: Client, suite: FakeSuite) -> None:
    suite.contracts.answers["ListRenewals"] = lambda _: pb.ListRenewalsResponse(renewals=[a_renewal()])
    query = '{ renewals(first: 5, filter: {month: "2027-03", needsLeader: true, noticeState: DUE}) { nodes { id } } }'
    assert (await gateway.data(query))["renewals"] == {"nodes": [{"id": REN}]}
    (request,) = suite.contracts.asked["ListRenewals"]
    wanted = pb.RenewalFilter(month="2027-03", needs_leader=True, notice_state=renewal_pb2.NOTICE_STATE_DUE)
    assert (request.page_size, request.filter) == (5, wanted)


async def test_forecast_and_accuracy_are_shown_as_they_were_computed(gateway: Client, suite: FakeSuite) -> None:
    line = pb.ForecastLine(
        month="2027-03",
        category=renewal_pb2.CALL_CATEGORY_BEST_CASE,
        renewals=2,
        due_amount=money(1),
        amount=money(2),
        weighted=money(3),
    )
    error = pb.ForecastError(forecast="commit", currency_code="CNY", months=0, left_out=1)
    suite.contracts.answers["ReportRenewalForecast"] = lambda _: pb.ReportRenewalForecastResponse(lines=[line])
    suite.contracts.answers["ReportForecastAccuracy"] = lambda _: pb.ReportForecastAccuracyResponse(
        judged=4, brier=0.21, errors=[error]
    )
    query = """{
        renewalForecast(firstMonth: "2027-03", lastMonth: "2027-03", week: "2026-W47") {
            month category renewals weighted { minorUnits } }
        renewalForecastAccuracy(firstMonth: "2026-01", lastMonth: "2026-03") {
            judged brier brierBase errors { forecast mape leftOut } } }"""
    assert await gateway.data(query) == {
        "renewalForecast": [
            {"month": "2027-03", "category": "BEST_CASE", "renewals": 2, "weighted": {"minorUnits": "3"}}
        ],
        "renewalForecastAccuracy": {
            "judged": 4,
            "brier": 0.21,
            "brierBase": None,
            "errors": [{"forecast": "commit", "mape": None, "leftOut": 1}],
        },
    }
    (asked,) = suite.contracts.asked["ReportRenewalForecast"]
    assert asked.week == "2026-W47"


async def test_only_leaders_decide(gateway: Client, suite: FakeSuite) -> None:
    query = f'mutation {{ decideRenewal(id: "{REN}", category: COMMIT, note: "x") {{ __typename }} }}'
    for role in ("sales", "ops", "agent", "auditor"):
        data = await gateway.ask(query, roles=(role,))
        assert "ForbiddenError" in str(data) or "FORBIDDEN" in str(data), role
    assert suite.calls == {}


async def test_owners_are_joined_below_a_plain_list_in_one_call(gateway: Client, suite: FakeSuite) -> None:
    cells = [pb.PipelineCell(month="2027-01", owner_id=an_id("emp", number)) for number in (1, 2)]
    suite.contracts.answers["ReportRenewalPipeline"] = lambda _: pb.ReportRenewalPipelineResponse(cells=cells)
    suite.kpi.answers["BatchGetEmployees"] = lambda _: kpi.BatchGetEmployeesResponse(
        employees=[an_employee(1), an_employee(2)]
    )
    data = await gateway.data('{ renewalPipeline(firstMonth: "2027-01", lastMonth: "2027-01") { month owner { id } } }')
    assert [each["owner"]["id"] for each in data["renewalPipeline"]] == [an_id("emp", 1), an_id("emp", 2)]
    assert suite.calls["BatchGetEmployees"] == 1
