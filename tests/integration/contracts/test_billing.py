"""Billing schedules through the real socket, on a real database."""

import csv
import io
import json
from dataclasses import replace
from typing import Any

import pytest
from pymongo.database import Database

from membercare.contracts.v1 import billing_line_pb2 as lines
from membercare.contracts.v1 import billing_service_pb2 as pb
from membercare.contracts.v1 import contract_pb2
from membercare.contracts.v1 import contracts_service_pb2 as contracts
from membercare.contracts.v1.billing_service_pb2_grpc import BillingServiceStub
from membercare.contracts.v1.contracts_service_pb2_grpc import ContractsServiceStub
from services.chassis.errors import Kind
from services.chassis.scheduled import Lead
from services.contracts.app import billing as room
from services.contracts.config import Settings
from tests.integration.calling import Calling, refused
from tests.integration.contracts.billing_builders import (
    NO_LINE,
    YEARLY,
    a_line,
    billed_monthly,
    cny,
    lines_of,
    plan,
)
from tests.integration.contracts.builders import NO_CONTRACT, a_draft, terminating

PLANNED, DUE = lines.BILLING_LINE_STATE_PLANNED, lines.BILLING_LINE_STATE_DUE
BILLED, CREDITED = lines.BILLING_LINE_STATE_BILLED, lines.BILLING_LINE_STATE_CREDITED


@pytest.fixture
def ops(calling: Calling) -> BillingServiceStub:
    return calling.as_subject(BillingServiceStub, "chen.ops", "ops")


def run_job(settings: Settings) -> int:
    (job,) = room.jobs(settings)
    return job.run(Lead(1))


def test_a_contract_in_force_gets_its_schedule_by_the_job_once(
    sales: ContractsServiceStub,
    legal: ContractsServiceStub,
    ops: BillingServiceStub,
    contracts_settings: Settings,
) -> None:
    contract = billed_monthly(sales, legal, a_line(100), a_line(50, description="Hotline"))
    a_draft(sales)
    assert lines_of(ops, contract.id) == []
    assert run_job(contracts_settings) == 1
    found = lines_of(ops, contract.id)
    assert len(found) == 24
    assert [line.due_date for line in found] == sorted(line.due_date for line in found)
    assert {line.state for line in found if line.due_date <= "2026-11-01"} == {DUE}
    assert sum(line.amount.minor_units for line in found) == 12 * 15_000
    assert run_job(contracts_settings) == 0
    assert lines_of(ops, contract.id) == found
    (again,) = ops.BatchGetBillingLines(pb.BatchGetBillingLinesRequest(billing_line_ids=[found[0].id])).billing_lines
    assert again == found[0]


def test_an_amendment_a_suspension_and_a_termination_change_only_what_is_not_billed(
    sales: ContractsServiceStub, legal: ContractsServiceStub, ops: BillingServiceStub
) -> None:
    contract = billed_monthly(sales, legal, billing=YEARLY)
    first = plan(ops, contract.id)
    assert first.changes == 1
    (line,) = first.billing_lines
    (billed,) = mark(ops, [line.id], invoice="INV-1")
    assert (billed.state, billed.invoice, billed.billed_by) == (BILLED, "INV-1", "chen.ops")
    sales.AmendContract(amending(contract, 200))
    _, adjustment = plan(ops, contract.id).billing_lines
    assert (adjustment.kind, adjustment.amount) == (lines.BILLING_LINE_KIND_ADJUSTMENT, cny(100))
    mark(ops, [adjustment.id], invoice="INV-2")
    sales.TerminateContract(
        terminating(contract.id, effective_date="2026-01-01", credit_policy=contract_pb2.CREDIT_POLICY_FULL)
    )
    found = {each.kind: each for each in plan(ops, contract.id).billing_lines}
    credit = found.pop(lines.BILLING_LINE_KIND_CREDIT)
    before = found.values()
    assert [each.amount for each in before] == [cny(100), cny(100)]
    assert credit.amount == cny(-200)
    assert {each.state for each in before} == {BILLED}
    mark(ops, [credit.id], invoice="CRN-1")
    assert {each.state for each in lines_of(ops, contract.id)} == {CREDITED}
    assert plan(ops, contract.id).changes == 0


def amending(contract: contract_pb2.Contract, yuan: int) -> contracts.AmendContractRequest:
    line = contract_pb2.ContractLine()
    line.CopyFrom(contract.lines[0])
    line.price.CopyFrom(cny(yuan))
    return contracts.AmendContractRequest(
        contract_id=contract.id,
        title=contract.title,
        end_date=contract.end_date,
        lines=[line],
        billing=contract.billing,
        effective_date="2026-01-01",
        reason="two machines more",
    )


def mark(ops: BillingServiceStub, ids: list[str], *, invoice: str) -> list[lines.BillingLine]:
    return list(ops.MarkBilled(pb.MarkBilledRequest(billing_line_ids=ids, invoice=invoice)).billing_lines)


def test_marking_as_billed_is_idempotent_and_takes_all_lines_or_none(
    sales: ContractsServiceStub, legal: ContractsServiceStub, ops: BillingServiceStub
) -> None:
    contract = billed_monthly(sales, legal, end_date="2027-12-31")
    found = list(plan(ops, contract.id).billing_lines)
    due, ahead = found[0], found[-1]
    assert (due.state, ahead.state) == (DUE, PLANNED)
    refusal = refused(ops.MarkBilled, pb.MarkBilledRequest(billing_line_ids=[due.id, ahead.id], invoice="INV-1"))
    assert (refusal.kind, refusal.reason) == (Kind.PRECONDITION, "BILLING_LINE_NOT_DUE")
    assert lines_of(ops, contract.id, state=BILLED) == []
    first = mark(ops, [found[1].id, due.id], invoice="INV-1")
    assert [line.id for line in first] == [found[1].id, due.id]
    assert mark(ops, [found[1].id, due.id], invoice="INV-1") == first
    refusal = refused(ops.MarkBilled, pb.MarkBilledRequest(billing_line_ids=[due.id], invoice="INV-2"))
    assert (refusal.reason, refusal.metadata["invoice"]) == ("BILLING_LINE_BILLED", "INV-1")
    assert lines_of(ops, contract.id, state=BILLED) == sorted(first, key=lambda line: line.due_date)


def test_what_does_not_exist_or_makes_no_sense_is_refused(sales: ContractsServiceStub, ops: BillingServiceStub) -> None:
    draft = a_draft(sales)
    for call, request, reason in (
        (ops.PlanBilling, pb.PlanBillingRequest(contract_id=NO_CONTRACT), "CONTRACT_NOT_FOUND"),
        (ops.PlanBilling, pb.PlanBillingRequest(contract_id=draft.id), "CONTRACT_NOT_BILLABLE"),
        (ops.PlanBilling, pb.PlanBillingRequest(contract_id="x"), "INVALID_ID"),
        (ops.RetryBilling, pb.RetryBillingRequest(contract_id=draft.id), "BILLING_NOT_PARKED"),
        (ops.MarkBilled, pb.MarkBilledRequest(billing_line_ids=[NO_LINE], invoice="1"), "BILLING_LINE_NOT_FOUND"),
        (ops.MarkBilled, pb.MarkBilledRequest(billing_line_ids=[NO_LINE]), "INVALID_FIELD"),
        (ops.MarkBilled, pb.MarkBilledRequest(invoice="1"), "INVALID_FIELD"),
        (ops.ExplainBillingLine, pb.ExplainBillingLineRequest(billing_line_id=NO_LINE), "BILLING_LINE_NOT_FOUND"),
        (ops.ListBillingLines, pb.ListBillingLinesRequest(page_token="x"), "INVALID_FIELD"),
        (ops.ListBillingLines, pb.ListBillingLinesRequest(page_token=NO_LINE), "INVALID_FIELD"),
        (
            ops.ExportBillingLines,
            pb.ExportBillingLinesRequest(format=pb.BillingExportFormat.ValueType(9)),
            "INVALID_FIELD",
        ),
    ):
        assert refused(call, request).reason == reason


def test_a_line_explains_itself(
    sales: ContractsServiceStub, legal: ContractsServiceStub, ops: BillingServiceStub
) -> None:
    contract = billed_monthly(sales, legal, end_date="2026-02-14")
    line = plan(ops, contract.id).billing_lines[1]
    told = ops.ExplainBillingLine(pb.ExplainBillingLineRequest(billing_line_id=line.id))
    assert told.billing_line == line
    assert "CNY 100.00 × 14/28 = CNY 50.00 (ACT/ACT)" in told.explanation_en
    assert "CNY 100.00 × 14/28 = CNY 50.00 (ACT/ACT)" in told.explanation_zh


def test_lists_go_by_due_date_page_by_page_and_by_contract(
    sales: ContractsServiceStub, legal: ContractsServiceStub, ops: BillingServiceStub
) -> None:
    one, two = (billed_monthly(sales, legal, a_line(n)) for n in (10, 20))
    for contract in (one, two):
        plan(ops, contract.id)
    seen: list[lines.BillingLine] = []
    token = ""
    while True:
        page = ops.ListBillingLines(pb.ListBillingLinesRequest(page_size=7, page_token=token))
        seen += page.billing_lines
        token = page.next_page_token
        if not token:
            break
    assert len({line.id for line in seen}) == len(seen) == 24
    assert [line.due_date for line in seen] == sorted(line.due_date for line in seen)
    behind = ops.ListBillingLines(pb.ListBillingLinesRequest(page_size=500, page_token=seen[4].id)).billing_lines
    assert list(behind) == seen[5:]
    window = pb.BillingLineFilter(customer_id=one.customer_id, due_from="2026-03-01", due_until="2026-04-30")
    found = ops.ListBillingLines(pb.ListBillingLinesRequest(filter=window)).billing_lines
    assert [line.due_date for line in found] == ["2026-03-01", "2026-04-01"]
    request = pb.BatchListBillingLinesByContractRequest(
        contract_ids=[two.id, one.id, NO_CONTRACT], limit_per_contract=2
    )
    by_contract = {
        each.contract_id: list(each.billing_lines) for each in ops.BatchListBillingLinesByContract(request).results
    }
    assert by_contract == {each.id: lines_of(ops, each.id)[:2] for each in (one, two)}


def test_due_lines_go_to_accounting_as_csv_that_no_spreadsheet_runs_and_as_json(
    sales: ContractsServiceStub, legal: ContractsServiceStub, ops: BillingServiceStub
) -> None:
    contract = billed_monthly(sales, legal, a_line(99, description="=1+1"), end_date="2027-06-30")
    plan(ops, contract.id)
    due = lines_of(ops, contract.id, state=DUE)
    file = ops.ExportBillingLines(pb.ExportBillingLinesRequest(page_size=5))
    assert (file.media_type, file.rows) == ("text/csv; charset=utf-8", 5)
    rest = ops.ExportBillingLines(pb.ExportBillingLinesRequest(page_token=file.next_page_token))
    assert (rest.rows, rest.next_page_token) == (len(due) - 5, "")
    rows = [row for each in (file, rest) for row in csv.DictReader(io.StringIO(each.content.decode("utf-8-sig")))]
    assert [row["id"] for row in rows] == [line.id for line in due]
    assert (rows[0]["description"], rows[0]["minor_units"], rows[0]["state"]) == ("'=1+1", "9900", "due")
    file = ops.ExportBillingLines(pb.ExportBillingLinesRequest(format=pb.BILLING_EXPORT_FORMAT_JSON, page_size=1))
    (row,) = json.loads(file.content)["billing_lines"]
    assert (row["id"], row["minor_units"], row["description"]) == (due[0].id, 9900, "=1+1")
    all_states = pb.BillingLineFilter(contract_id=contract.id, state=PLANNED)
    assert ops.ExportBillingLines(pb.ExportBillingLinesRequest(filter=all_states)).rows > 0


def test_a_nightly_job_that_meets_one_bad_contract_parks_it_and_does_the_rest(
    sales: ContractsServiceStub,
    legal: ContractsServiceStub,
    ops: BillingServiceStub,
    contracts_settings: Settings,
    database: Database[dict[str, Any]],
) -> None:
    good, broken, endless, last = (billed_monthly(sales, legal) for _ in range(4))
    rhythm = {"versions.0.billing.period": {"unit": "day", "count": 1}, "versions.0.start_date": "1900-01-01"}
    database.contracts.update_one({"_id": endless.id}, {"$set": {**rhythm, "versions.0.effective_date": "1900-01-01"}})
    database.contracts.update_one({"_id": broken.id}, {"$set": {"versions.0.billing.day_count": "act_366"}})
    assert run_job(contracts_settings) == 4
    assert [len(lines_of(ops, each.id)) for each in (good, broken, endless, last)] == [12, 0, 0, 12]
    parked = ops.ListParkedBilling(pb.ListParkedBillingRequest()).parked
    assert {each.contract_id: each.reason for each in parked} == {
        broken.id: "CONTRACT_UNREADABLE",
        endless.id: "BILLING_SCHEDULE_TOO_LONG",
    }
    assert run_job(contracts_settings) == 0
    refusal = refused(ops.RetryBilling, pb.RetryBillingRequest(contract_id=endless.id))
    assert (refusal.reason, refusal.metadata["cause"]) == ("BILLING_PARKED", "BILLING_SCHEDULE_TOO_LONG")
    database.contracts.update_one({"_id": broken.id}, {"$set": {"versions.0.billing.day_count": "act_act"}})
    assert ops.RetryBilling(pb.RetryBillingRequest(contract_id=broken.id)).changes == 12
    (left,) = ops.ListParkedBilling(pb.ListParkedBillingRequest()).parked
    assert (left.contract_id, left.attempts) == (endless.id, 2)


def test_a_run_that_was_overtaken_by_a_newer_version_is_run_again(
    sales: ContractsServiceStub, legal: ContractsServiceStub, contracts_settings: Settings, database: Database[Any]
) -> None:
    contract = billed_monthly(sales, legal)
    run_job(contracts_settings)
    database.billing_schedules.update_one({"_id": contract.id}, {"$set": {"contract_version": 99}})
    assert run_job(contracts_settings) == 1  # planned by a version that this process cannot see yet
    noted = database.billing_schedules.find_one({"_id": contract.id})
    assert noted is not None
    assert noted["stale"] is True


def test_roles_decide_who_runs_billing_and_who_takes_its_files(calling: Calling) -> None:
    for role, call, request in (
        ("sales", "PlanBilling", pb.PlanBillingRequest(contract_id=NO_CONTRACT)),
        ("auditor", "MarkBilled", pb.MarkBilledRequest(billing_line_ids=[NO_LINE], invoice="1")),
        ("agent", "ExportBillingLines", pb.ExportBillingLinesRequest()),
        ("technician", "ListParkedBilling", pb.ListParkedBillingRequest()),
        ("employee", "ListBillingLines", pb.ListBillingLinesRequest()),
    ):
        stub = calling.as_role(BillingServiceStub, role)
        assert refused(getattr(stub, call), request).kind is Kind.FORBIDDEN


def test_a_run_writes_so_many_lines_of_a_contract_and_the_next_one_goes_on(
    sales: ContractsServiceStub, legal: ContractsServiceStub, ops: BillingServiceStub, contracts_settings: Settings
) -> None:
    contract = billed_monthly(sales, legal)
    capped = replace(contracts_settings, billing_most_changes=5)
    for done, expected in ((1, 5), (1, 10), (1, 12), (0, 12)):
        assert run_job(capped) == done
        assert len(lines_of(ops, contract.id)) == expected


def test_a_leader_that_lost_its_lease_plans_nothing(
    sales: ContractsServiceStub, legal: ContractsServiceStub, ops: BillingServiceStub, contracts_settings: Settings
) -> None:
    contract = billed_monthly(sales, legal)
    (job,) = room.jobs(contracts_settings)
    assert job.run(Lead(1, holds=False)) == 0
    assert lines_of(ops, contract.id) == []
