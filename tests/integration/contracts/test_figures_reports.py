from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from io import BytesIO
from typing import Any

import grpc
import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from openpyxl import load_workbook
from pymongo.database import Database

from membercare.contracts.v1 import contract_pb2, figures_pb2
from membercare.contracts.v1 import contracts_service_pb2 as contracts_pb
from membercare.contracts.v1 import figures_service_pb2 as pb
from membercare.contracts.v1.contracts_service_pb2_grpc import ContractsServiceStub
from membercare.contracts.v1.figures_service_pb2_grpc import FiguresServiceStub
from services.chassis.clock import SystemClock
from services.chassis.errors import Kind
from services.chassis.ids import new_id
from services.contracts.domain.terms.periods import local_day
from services.contracts.store.catalog.assets import AssetDocument
from services.contracts.store.entitlement.service_orders import ServiceOrderDocument
from services.contracts.store.figures.figures import BOOKED_FIELDS, to_booked
from services.contracts.store.life_cycle.contracts import ContractCodec
from tests.integration.calling import Calling, refused
from tests.integration.contracts.builders import a_customer, a_signed, an_active, terminating

OWNER = "emp_01JTDB8D40CQS3K9Q8YV1H2T3C"
OTHER = "emp_01JTDB8D40CQS3K9Q8YV1H2T3D"
TODAY = local_day(SystemClock().now(), "Asia/Shanghai")
START = TODAY.replace(day=1) - timedelta(days=40)
END = date(START.year + 1, START.month, START.day) - timedelta(days=1)


@pytest.fixture
def sales(calling: Calling) -> ContractsServiceStub:
    return calling.as_subject(ContractsServiceStub, OWNER, "sales")


@pytest.fixture
def legal(calling: Calling) -> ContractsServiceStub:
    return calling.as_subject(ContractsServiceStub, "lena", "legal")


@pytest.fixture
def manager(calling: Calling) -> FiguresServiceStub:
    return calling.as_role(FiguresServiceStub, "manager")


def a_contract(
    sales: ContractsServiceStub, legal: ContractsServiceStub, *, price: int, **fields: Any
) -> contract_pb2.Contract:
    terms = {"start_date": START.isoformat(), "end_date": END.isoformat(), "owner_id": OWNER}
    money = contract_pb2.Money(currency_code="CNY", minor_units=price)
    return an_active(sales, legal, **{**terms, **fields}, price=money)


def revenue(stub: FiguresServiceStub, **fields: Any) -> list[figures_pb2.RecurringRevenue]:
    days = {"start_date": START.isoformat(), "end_date": (TODAY + timedelta(days=1)).isoformat()}
    return list(stub.ReportRecurringRevenue(pb.ReportRecurringRevenueRequest(**{**days, **fields})).revenue)


def a_stamp(moment: datetime) -> Timestamp:
    stamp = Timestamp()
    stamp.FromDatetime(moment)
    return stamp


def month_of(day: date) -> str:
    return day.isoformat()[:7]


def test_a_contract_is_new_revenue_of_its_first_day_and_a_termination_churn_of_the_day_after_its_last(
    sales: ContractsServiceStub, legal: ContractsServiceStub, manager: FiguresServiceStub
) -> None:
    contract = a_contract(sales, legal, price=120_000)
    (found,) = revenue(manager, interval=pb.REVENUE_INTERVAL_DAY)
    first = found.rows[0]
    assert (found.currency_code, first.opening, first.new_revenue, first.closing) == ("CNY", 0, 10_000, 10_000)
    assert {(row.new_revenue, row.churn) for row in found.rows[1:]} == {(0, 0)}
    assert not found.HasField("gross_retention_bps")

    sales.TerminateContract(terminating(contract.id))
    (after,) = revenue(manager, start_date=TODAY.isoformat())
    assert (after.total.opening, after.total.churn, after.total.closing) == (10_000, -10_000, 0)
    assert (after.gross_retention_bps, after.net_retention_bps) == (0, 0)


def test_the_end_of_one_of_several_contracts_is_a_contraction_and_months_are_cut_at_the_question(
    sales: ContractsServiceStub, legal: ContractsServiceStub, manager: FiguresServiceStub
) -> None:
    customer = a_customer(sales)
    a_contract(sales, legal, price=120_000, customer_id=customer.id)
    ending = a_contract(sales, legal, price=240_000, customer_id=customer.id)
    sales.TerminateContract(terminating(ending.id))
    (found,) = revenue(manager)
    assert found.rows[0].start_date == START.isoformat()
    assert found.rows[-1].end_date == (TODAY + timedelta(days=1)).isoformat()
    assert (found.total.new_revenue, found.total.contraction, found.total.churn) == (30_000, -20_000, 0)
    for row, following in zip(found.rows, found.rows[1:], strict=False):
        assert (row.closing, row.end_date < following.start_date) == (following.opening, True)


def test_a_figure_as_known_at_a_moment_is_the_same_whatever_is_recorded_later(
    sales: ContractsServiceStub, legal: ContractsServiceStub, manager: FiguresServiceStub
) -> None:
    contract = a_contract(sales, legal, price=120_000)
    moment = a_stamp(SystemClock().now())
    asked: dict[str, Any] = {"month": month_of(TODAY), "known_at": moment}
    before = (revenue(manager, known_at=moment), manager.ReportMonth(pb.ReportMonthRequest(**asked)))
    file = manager.ExportMonth(pb.ExportMonthRequest(**asked))

    sales.TerminateContract(terminating(contract.id))
    a_contract(sales, legal, price=999_999)
    assert (revenue(manager, known_at=moment), manager.ReportMonth(pb.ReportMonthRequest(**asked))) == before
    assert manager.ExportMonth(pb.ExportMonthRequest(**asked)) == file
    assert revenue(manager) != before[0]
    assert revenue(manager, known_at=a_stamp(datetime(2020, 1, 1, tzinfo=UTC))) == []


def test_a_month_tells_what_was_signed_by_owner_and_the_workbook_holds_the_same_numbers(
    sales: ContractsServiceStub, legal: ContractsServiceStub, manager: FiguresServiceStub
) -> None:
    a_contract(sales, legal, price=120_000)
    a_contract(sales, legal, price=60_050, owner_id=OTHER)
    lost = a_contract(sales, legal, price=30_000)
    sales.TerminateContract(terminating(lost.id))
    asked: dict[str, Any] = {"month": month_of(TODAY), "known_at": a_stamp(SystemClock().now())}
    found = manager.ReportMonth(pb.ReportMonthRequest(**asked)).statistics
    assert [each.owner_id for each in found.owners] == [OWNER, OTHER]
    assert (found.total.signed.count, found.total.signed.amounts[0].minor_units) == (3, 210_050)
    ended_this_month = month_of(TODAY - timedelta(days=1)) == month_of(TODAY)
    assert found.total.lost.count == int(ended_this_month)

    reply = manager.ExportMonth(pb.ExportMonthRequest(**asked))
    assert (reply.file_name, reply.sha256) == (
        f"statistics-{month_of(TODAY)}.xlsx",
        sha256(reply.content).hexdigest(),
    )
    owners, movements, about = (sheet.values for sheet in load_workbook(BytesIO(reply.content)).worksheets)
    heading, *rows = owners
    assert heading[:3] == ("Owner 负责人", "Contracts signed 签约合同数", "Signed amount 签约金额 CNY")
    assert [row[:3] for row in rows] == [(OWNER, 2, 1_500), (OTHER, 1, 600.5), ("Total 合计", 3, 2_100.5)]
    (_, in_book) = movements
    said = found.revenue[0].total
    assert in_book[3:10] == tuple(
        each / 100
        for each in (
            said.opening,
            said.new_revenue,
            said.expansion,
            said.contraction,
            said.churn,
            said.reactivation,
            said.closing,
        )
    )
    assert ("Month 月份", month_of(TODAY)) in {row[:2] for row in about}


def test_services_that_were_charged_and_warranties_that_ended_count_for_the_owner_of_the_customer(
    sales: ContractsServiceStub,
    legal: ContractsServiceStub,
    manager: FiguresServiceStub,
    database: Database[dict[str, Any]],
) -> None:
    now = SystemClock().now()
    customer = a_customer(sales, owner_id=OTHER)
    service = {"state": "completed", "charge": {"currency_code": "CNY", "minor_units": 8_800}, "completed_time": now}
    asset = {"customer_id": customer.id, "warranty_end": (TODAY - timedelta(days=1)).isoformat()}
    assert set(service) | {"customer_id"} <= set(ServiceOrderDocument._fields)
    assert set(asset) <= set(AssetDocument._fields)
    database["service_orders"].insert_one({"_id": new_id("svc", now), "customer_id": customer.id, **service})
    database["assets"].insert_one({"_id": new_id("ast", now), **asset})
    (owner,) = manager.ReportMonth(pb.ReportMonthRequest(month=month_of(TODAY))).statistics.owners
    assert (owner.owner_id, owner.chargeable_services.count) == (OTHER, 1)
    assert owner.chargeable_services.amounts[0].minor_units == 8_800
    yesterday = manager.ReportMonth(pb.ReportMonthRequest(month=month_of(TODAY - timedelta(days=1)))).statistics
    assert (yesterday.total.warranties_ended, yesterday.total.warranties_attached) == (1, 0)
    assert yesterday.total.attach_rate_bps == 0


def test_sales_see_their_own_figures_and_no_others(
    sales: ContractsServiceStub, legal: ContractsServiceStub, calling: Calling
) -> None:
    a_contract(sales, legal, price=120_000)
    a_contract(sales, legal, price=60_000, owner_id=OTHER)
    mine = calling.as_subject(FiguresServiceStub, OWNER, "sales")
    month = month_of(TODAY)
    own = mine.ReportMonth(pb.ReportMonthRequest(month=month, owner_id=OWNER)).statistics
    assert [each.owner_id for each in own.owners] == [OWNER]
    assert revenue(mine, owner_id=OWNER)[0].total.new_revenue == 10_000
    for call, request in (
        (mine.ReportMonth, pb.ReportMonthRequest(month=month)),
        (mine.ReportMonth, pb.ReportMonthRequest(month=month, owner_id=OTHER)),
        (mine.ExportMonth, pb.ExportMonthRequest(month=month, owner_id=OTHER)),
        (
            mine.ReportRecurringRevenue,
            pb.ReportRecurringRevenueRequest(start_date="2026-01-01", end_date="2026-01-31"),
        ),
    ):
        refusal = refused(call, request)
        assert (refusal.kind, refusal.reason, refusal.field) == (Kind.FORBIDDEN, "OTHERS_FIGURES", "owner_id")


@pytest.mark.parametrize("role", ["agent", "technician", "legal", "approver", "hr", "employee"])
def test_who_has_no_business_with_figures_is_refused(calling: Calling, role: str) -> None:
    stub = calling.as_role(FiguresServiceStub, role)
    for call, request in (
        (stub.ReportMonth, pb.ReportMonthRequest(month="2026-05")),
        (stub.ExportMonth, pb.ExportMonthRequest(month="2026-05")),
        (stub.ReportRecurringRevenue, pb.ReportRecurringRevenueRequest()),
        (stub.ListCustomerValues, pb.ListCustomerValuesRequest()),
        (stub.UpdateValuePolicy, pb.UpdateValuePolicyRequest()),
    ):
        assert refused(call, request).kind is Kind.FORBIDDEN


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"start_date": "2026-02-30", "end_date": "2026-03-01"}, "start_date"),
        ({"start_date": "2026-03-02", "end_date": "2026-03-01"}, "end_date"),
        ({"start_date": "2024-01-01", "end_date": "2026-03-01", "interval": pb.REVENUE_INTERVAL_DAY}, "end_date"),
        ({"start_date": "2000-01-01", "end_date": "2026-03-01"}, "end_date"),
        ({"start_date": "2026-01-01", "end_date": "2026-03-01", "interval": 9}, "interval"),
        ({"start_date": "2026-01-01", "end_date": "2026-03-01", "owner_id": "cus_1"}, "owner_id"),
        (
            {
                "start_date": "2026-01-01",
                "end_date": "2026-03-01",
                "known_at": a_stamp(SystemClock().now() + timedelta(days=1)),
            },
            "known_at",
        ),
    ],
)
def test_a_question_about_revenue_that_makes_no_sense_is_refused(
    manager: FiguresServiceStub, fields: dict[str, Any], field: str
) -> None:
    refusal = refused(manager.ReportRecurringRevenue, pb.ReportRecurringRevenueRequest(**fields))
    assert (refusal.kind, refusal.field) == (Kind.INVALID, field)


@pytest.mark.parametrize("month", ["", "2026-13", "2026-5", "2999-01"])
def test_a_month_that_is_none_or_has_not_begun_is_refused(manager: FiguresServiceStub, month: str) -> None:
    for call, request in (
        (manager.ReportMonth, pb.ReportMonthRequest(month=month)),
        (manager.ExportMonth, pb.ExportMonthRequest(month=month)),
    ):
        refusal = refused(call, request)
        assert (refusal.kind, refusal.field) == (Kind.INVALID, "month")


def test_what_the_figures_read_of_a_contract_says_the_same_as_the_contract(
    sales: ContractsServiceStub,
    legal: ContractsServiceStub,
    manager: FiguresServiceStub,
    database: Database[dict[str, Any]],
) -> None:
    amended = a_contract(sales, legal, price=120_000)
    sales.AmendContract(
        contracts_pb.AmendContractRequest(
            contract_id=amended.id,
            effective_date=TODAY.isoformat(),
            reason="more",
            title="Care",
            end_date=(END + timedelta(days=30)).isoformat(),
            price=contract_pb2.Money(currency_code="CNY", minor_units=180_000),
        )
    )
    ended = a_contract(sales, legal, price=60_000)
    sales.TerminateContract(terminating(ended.id))
    a_signed(sales, legal)
    known = SystemClock().now()
    for document in database["contracts"].find():
        contract = ContractCodec().to_aggregate(document)
        (shown,) = database["contracts"].find({"_id": contract.id}, BOOKED_FIELDS)
        booked = to_booked(shown)
        for k in range(-50, 450, 7):
            day = START + timedelta(days=k)
            for at in (known, known - timedelta(days=1)):
                then = booked.known(at)
                assert (then.state_at(day) if then else None) == contract.state_at(day, at)
                assert bool(then and then.paying_at(day)) == contract.in_force_at(day, at)
                terms, same = contract.terms_at(day, at), then.terms_at(day) if then else None
                assert (terms.price if terms else None) == (same.price if same else None)


def test_a_call_without_sign_in_is_refused(calling: Calling) -> None:
    with pytest.raises(grpc.RpcError) as error:
        calling.plain(FiguresServiceStub).ReportMonth(pb.ReportMonthRequest(month="2026-05"), timeout=5)
    assert error.value.code() is grpc.StatusCode.UNAUTHENTICATED
