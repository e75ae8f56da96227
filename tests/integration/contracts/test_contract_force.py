from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import grpc
import pytest
from pymongo.database import Database

from deploy.local.keys import Keys
from membercare.contracts.v1 import contract_pb2, period_pb2
from membercare.contracts.v1 import contracts_service_pb2 as pb
from membercare.contracts.v1.catalog_service_pb2_grpc import CatalogServiceStub
from membercare.contracts.v1.contracts_service_pb2_grpc import ContractsServiceStub
from services.chassis.clock import SystemClock
from services.chassis.errors import Kind
from services.chassis.rpc_errors import refusal_of
from services.chassis.rpc_server import RpcServer
from services.chassis.timestamps import to_datetime, to_timestamp
from services.contracts import app
from services.contracts.config import Settings
from tests.integration.calling import Calling, refused
from tests.integration.contracts.builders import a_customer, a_signed, an_active, terminating
from tests.integration.contracts.catalog_builders import a_product, an_asset

SIGNED, ACTIVE, TERMINATED, SUSPENDED = 2, 3, 4, 7
TODAY = SystemClock().now().date()


def term(days_before: int = 100, days_after: int = 264) -> dict[str, str]:
    """A term around today."""
    return {
        "start_date": (TODAY - timedelta(days=days_before)).isoformat(),
        "end_date": (TODAY + timedelta(days=days_after)).isoformat(),
        "time_zone": "UTC",
    }


def cny(minor_units: int) -> contract_pb2.Money:
    return contract_pb2.Money(currency_code="CNY", minor_units=minor_units)


def a_line(**fields: Any) -> contract_pb2.ContractLine:
    told: dict[str, Any] = {"description": "Maintenance", "price": cny(10_000), "service_types": ["repair"]}
    return contract_pb2.ContractLine(**told | fields)


def said(database: Database[dict[str, Any]], contract_id: str) -> list[str]:
    stored = database["contracts"].find_one({"_id": contract_id})
    assert stored is not None
    return [event["type"] for event in stored["outbox"]]


def amending(contract: contract_pb2.Contract, **fields: Any) -> pb.AmendContractRequest:
    told: dict[str, Any] = {
        "effective_date": TODAY.isoformat(),
        "reason": "two machines more",
        "title": contract.title,
        "end_date": contract.end_date,
        "price": contract.price,
        "lines": contract.lines,
        "billing": contract.billing,
        "renewal": contract.renewal,
    }
    return pb.AmendContractRequest(contract_id=contract.id, **told | fields)


def read(stub: ContractsServiceStub, contract_id: str, **fields: Any) -> contract_pb2.Contract:
    return stub.GetContract(pb.GetContractRequest(contract_id=contract_id, **fields)).contract


ALLOWANCE = contract_pb2.LineAllowance(unit=contract_pb2.ALLOWANCE_UNIT_VISITS, amount=4)
BILLING = contract_pb2.BillingTerms(
    period=period_pb2.Period(unit=period_pb2.PERIOD_UNIT_MONTH, count=1),
    anchor_mode=contract_pb2.ANCHOR_MODE_END_OF_MONTH,
    anchor_date="2026-06-30",
    timing=contract_pb2.BILLING_TIMING_IN_ARREARS,
    day_count=contract_pb2.DAY_COUNT_ACT_365,
)
DAILY = contract_pb2.BillingTerms(period=period_pb2.Period(unit=period_pb2.PERIOD_UNIT_DAY, count=1))
RENEWAL = contract_pb2.RenewalTerms(
    kind=contract_pb2.RENEWAL_KIND_AUTO,
    term=period_pb2.Period(unit=period_pb2.PERIOD_UNIT_YEAR, count=2),
    notice=period_pb2.Period(unit=period_pb2.PERIOD_UNIT_DAY, count=0),
    price_change=contract_pb2.PRICE_CHANGE_UPLIFT,
    uplift_bps=-250,
)


@pytest.fixture(scope="module")
def strict_server(contracts_server: RpcServer, contracts_settings: Settings) -> Iterator[RpcServer]:
    """The same service where payment is a gate, too."""
    server = RpcServer(
        app.build_service(replace(contracts_settings, activation_gates="signature,payment,legal")), "127.0.0.1:0"
    )
    server.start()
    yield server
    server.stop(grace=0)


@pytest.fixture
def strict(strict_server: RpcServer, suite_keys: Keys, database: Database[dict[str, Any]]) -> Iterator[Calling]:
    with Calling(strict_server.port, suite_keys) as made:
        yield made


def test_a_contract_waits_for_the_gate_that_a_setting_asks_for_and_then_comes_into_force(
    strict: Calling, sales: ContractsServiceStub, legal: ContractsServiceStub, database: Database[dict[str, Any]]
) -> None:
    stub = strict.as_subject(ContractsServiceStub, "li.wen", "sales")
    signed = a_signed(sales, legal)
    refusal = refused(stub.ActivateContract, pb.ActivateContractRequest(contract_id=signed.id))
    assert (refusal.kind, refusal.reason) == (Kind.PRECONDITION, "CONTRACT_GATES_OPEN")
    assert refusal.metadata["gates"] == "payment"
    assert said(database, signed.id) == ["contract_signed"]
    confirm = pb.ConfirmGateRequest(contract_id=signed.id, gate=contract_pb2.CONTRACT_GATE_PAYMENT, note="INV-7")
    paid = stub.ConfirmGate(confirm).contract
    assert stub.ConfirmGate(confirm).contract == paid
    assert [(gate.gate, gate.by, gate.note) for gate in paid.gates][-1] == (2, "li.wen", "INV-7")
    assert stub.ActivateContract(pb.ActivateContractRequest(contract_id=signed.id)).contract.state == ACTIVE
    assert said(database, signed.id) == ["contract_signed", "contract_activated"]


def test_only_legal_passes_the_legal_gate_by_hand(
    sales: ContractsServiceStub, legal: ContractsServiceStub, database: Database[dict[str, Any]]
) -> None:
    signed = a_signed(sales, legal)
    database["contracts"].update_one({"_id": signed.id}, {"$set": {"gates": []}})
    confirm = pb.ConfirmGateRequest(contract_id=signed.id, gate=contract_pb2.CONTRACT_GATE_LEGAL)
    refusal = refused(sales.ConfirmGate, confirm)
    assert (refusal.kind, refusal.reason) == (Kind.FORBIDDEN, "LEGAL_ROLE_REQUIRED")
    assert len(legal.ConfirmGate(confirm).contract.gates) == 1
    assert refused(sales.ConfirmGate, pb.ConfirmGateRequest(contract_id=signed.id)).field == "gate"


def test_fifty_different_people_at_once_make_one_contract_active_once_though_a_gate_is_passed_meanwhile(
    strict: Calling, sales: ContractsServiceStub, legal: ContractsServiceStub, database: Database[dict[str, Any]]
) -> None:
    contract_id = a_signed(sales, legal).id
    stubs = [strict.as_subject(ContractsServiceStub, f"person-{number}", "sales") for number in range(5)]
    confirm = pb.ConfirmGateRequest(contract_id=contract_id, gate=contract_pb2.CONTRACT_GATE_PAYMENT)

    def ask(number: int) -> str:
        stub = stubs[number % 5]
        try:
            stub.ConfirmGate(confirm)
            stub.ActivateContract(pb.ActivateContractRequest(contract_id=contract_id))
        except grpc.RpcError as error:
            refusal = refusal_of(error)
            return refusal.reason if refusal else str(error)
        return "active"

    with ThreadPoolExecutor(50) as pool:
        outcomes = list(pool.map(ask, range(50)))
    assert sorted(outcomes) == ["CONTRACT_TRANSITION_REFUSED"] * 49 + ["active"]
    assert said(database, contract_id) == ["contract_signed", "contract_activated"]
    stored = database["contracts"].find_one({"_id": contract_id})
    assert stored is not None
    assert [move["state"] for move in stored["moves"]].count("active") == 1
    assert [gate["gate"] for gate in stored["gates"]] == ["legal", "signature", "payment"]


def test_lines_billing_and_renewal_come_back_as_they_were_told(
    calling: Calling, sales: ContractsServiceStub, legal: ContractsServiceStub
) -> None:
    customer_id, catalog = a_customer(sales).id, calling.as_role(CatalogServiceStub, "admin")
    asset_id = an_asset(catalog, product_id=a_product(catalog).id, customer_id=customer_id).id
    contract = an_active(
        sales,
        legal,
        customer_id=customer_id,
        lines=[a_line(allowances=[ALLOWANCE], asset_ids=[asset_id])],
        billing=BILLING,
        renewal=RENEWAL,
        consumer=True,
        jurisdiction="US-CA",
        credit_policy=contract_pb2.CREDIT_POLICY_PRORATED,
        suspension_extends=True,
    )
    (line,) = contract.lines
    assert line.id.startswith("lin_")
    assert line == a_line(id=line.id, quantity=1, allowances=[ALLOWANCE], asset_ids=[asset_id])
    assert (contract.billing, contract.renewal) == (BILLING, RENEWAL)
    assert (contract.consumer, contract.jurisdiction, contract.credit_policy) == (True, "US-CA", 2)
    assert (contract.time_zone, contract.author, contract.suspension_extends) == ("Asia/Shanghai", "li.wen", True)
    assert [(version.number, version.recorded_by) for version in contract.versions] == [(1, "li.wen")]
    wanted = pb.ListContractsRequest(filter=pb.ContractFilter(asset_id=asset_id))
    assert list(sales.ListContracts(wanted).contracts) == [contract]


def test_what_was_agreed_on_a_day_as_it_was_known_at_a_moment_can_be_asked_for_ever_after(
    sales: ContractsServiceStub, legal: ContractsServiceStub, database: Database[dict[str, Any]]
) -> None:
    before = an_active(sales, legal, lines=[a_line(price=cny(100))], billing=DAILY, **term())
    known = to_timestamp(to_datetime(before.update_time))
    dearer = a_line(id=before.lines[0].id, price=cny(120))
    after = sales.AmendContract(
        amending(before, lines=[dearer], price=None, effective_date=(TODAY - timedelta(days=10)).isoformat())
    ).contract
    assert [version.price.minor_units for version in after.versions] == [36_500, 43_800]
    assert (after.versions[0], after.price.minor_units) == (before.versions[0], 43_800)

    def price(**asked: Any) -> int:
        return read(sales, before.id, **asked).price.minor_units

    assert price() == 43_800
    assert price(as_of=(TODAY - timedelta(days=11)).isoformat()) == 36_500
    assert price(as_of=(TODAY - timedelta(days=10)).isoformat()) == 43_800
    assert price(as_of=TODAY.isoformat(), known_at=known) == price(known_at=known) == 36_500
    assert said(database, before.id) == ["contract_signed", "contract_activated", "contract_amended"]


def test_what_nobody_knew_at_a_moment_is_not_found(sales: ContractsServiceStub, legal: ContractsServiceStub) -> None:
    contract = an_active(sales, legal)
    early = to_timestamp(to_datetime(contract.create_time) - timedelta(seconds=1))
    request = pb.GetContractRequest(contract_id=contract.id, known_at=early)
    refusal = refused(sales.GetContract, request)
    assert (refusal.kind, refusal.reason) == (Kind.NOT_FOUND, "CONTRACT_NOT_FOUND")
    wrong = refused(sales.GetContract, pb.GetContractRequest(contract_id=contract.id, as_of="yesterday"))
    assert (wrong.kind, wrong.field) == (Kind.INVALID, "as_of")


def test_an_amendment_that_is_wrong_is_refused_and_no_version_is_added(
    sales: ContractsServiceStub, legal: ContractsServiceStub
) -> None:
    contract = an_active(sales, legal, **term())
    wrong = [
        amending(contract, reason=""),
        amending(contract, effective_date=""),
        amending(contract, effective_date=(TODAY + timedelta(days=999)).isoformat()),
        amending(contract, price=contract_pb2.Money(currency_code="EUR", minor_units=1)),
    ]
    fields = [refused(sales.AmendContract, request).field for request in wrong]
    assert fields == ["reason", "effective_date", "effective_date", "price.currency_code"]
    assert read(sales, contract.id) == contract


def test_a_suspended_contract_is_resumed_and_its_term_ends_later_where_it_says_so(
    sales: ContractsServiceStub, legal: ContractsServiceStub, database: Database[dict[str, Any]]
) -> None:
    contract = an_active(sales, legal, suspension_extends=True, **term())
    start = (TODAY - timedelta(days=10)).isoformat()
    halted = sales.SuspendContract(
        pb.SuspendContractRequest(contract_id=contract.id, start_date=start, reason="the hall is rebuilt")
    ).contract
    assert (halted.state, halted.suspensions[0].start_date) == (SUSPENDED, start)
    assert read(sales, contract.id, as_of=start).state == SUSPENDED
    resumed = sales.ResumeContract(pb.ResumeContractRequest(contract_id=contract.id)).contract
    assert (resumed.state, resumed.suspensions[0].end_date) == (ACTIVE, (TODAY - timedelta(days=1)).isoformat())
    assert resumed.end_date == (TODAY + timedelta(days=274)).isoformat()
    assert resumed.versions[0].end_date == contract.end_date
    assert said(database, contract.id)[2:] == ["contract_suspended", "contract_resumed"]


def test_a_termination_needs_a_code_and_returns_what_the_customer_gets_back_and_how_it_was_found(
    sales: ContractsServiceStub, legal: ContractsServiceStub
) -> None:
    contract = an_active(sales, legal, credit_policy=contract_pb2.CREDIT_POLICY_PRORATED, **term(100, 264))
    without = refused(sales.TerminateContract, terminating(contract.id, termination_code=0))
    assert (without.kind, without.field) == (Kind.INVALID, "termination_code")
    assert read(sales, contract.id) == contract
    ended = sales.TerminateContract(terminating(contract.id, effective_date=TODAY.isoformat())).contract
    assert (ended.state, ended.termination_reason, ended.termination.by) == (TERMINATED, "moved away", "li.wen")
    assert ended.termination.effective_date == TODAY.isoformat()
    year = 365
    expected = 120_000 - (120_000 * 100 * 2 + year) // (2 * year)
    assert ended.termination.credit == cny(expected)
    assert ended.termination.formula.startswith("CNY 1200.00 − (CNY 1200.00 × 100/365 = ")


def test_a_termination_ahead_is_agreed_and_the_contract_stays_in_force_until_its_day(
    sales: ContractsServiceStub, legal: ContractsServiceStub, database: Database[dict[str, Any]]
) -> None:
    contract = an_active(sales, legal, **term())
    day = (TODAY + timedelta(days=30)).isoformat()
    agreed = sales.TerminateContract(terminating(contract.id, effective_date=day)).contract
    assert (agreed.state, agreed.termination.effective_date, agreed.termination_reason) == (ACTIVE, day, "")
    assert not agreed.HasField("terminated_time")
    assert [read(sales, contract.id, as_of=each).state for each in (TODAY.isoformat(), day)] == [ACTIVE, TERMINATED]
    assert said(database, contract.id) == ["contract_signed", "contract_activated"]


def test_filters_find_what_ends_between_two_days_and_what_is_in_one_of_several_states(
    sales: ContractsServiceStub, legal: ContractsServiceStub
) -> None:
    soon, late = an_active(sales, legal, **term(10, 30)), an_active(sales, legal, **term(10, 300))
    signed = a_signed(sales, legal, **term(10, 31))

    def found(**wanted: Any) -> list[str]:
        request = pb.ListContractsRequest(filter=pb.ContractFilter(**wanted))
        return sorted(contract.id for contract in sales.ListContracts(request).contracts)

    last = (TODAY + timedelta(days=30)).isoformat()
    assert found(ending_to=last) == [soon.id]
    assert found(ending_from=last, ending_to=(TODAY + timedelta(days=31)).isoformat()) == sorted([soon.id, signed.id])
    assert found(states=[ACTIVE]) == sorted([soon.id, late.id])
    assert found(states=[ACTIVE, SIGNED], ending_from=last) == sorted([soon.id, late.id, signed.id])
    wrong = refused(sales.ListContracts, pb.ListContractsRequest(filter=pb.ContractFilter(ending_from="soon")))
    assert (wrong.kind, wrong.field) == (Kind.INVALID, "filter.ending_from")
