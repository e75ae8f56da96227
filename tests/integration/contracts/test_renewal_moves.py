"""Every call at every stage of renewals and price runs that does not allow it: refused by name, and nothing changes."""

from collections.abc import Mapping
from typing import Any

import pytest
from pymongo.database import Database

from membercare.contracts.v1 import billing_service_pb2 as billing_pb
from membercare.contracts.v1 import price_run_pb2, renewal_pb2
from membercare.contracts.v1 import renewals_service_pb2 as pb
from membercare.contracts.v1.billing_service_pb2_grpc import BillingServiceStub
from membercare.contracts.v1.contracts_service_pb2_grpc import ContractsServiceStub
from membercare.contracts.v1.renewals_service_pb2_grpc import RenewalsServiceStub
from tests.integration.calling import Calling
from tests.integration.contracts.billing_builders import billed_monthly
from tests.integration.contracts.moves import refusals
from tests.integration.contracts.renewals_builders import in_days, opened

STEPS: Mapping[str, tuple[tuple[str, ...], set[str]]] = {
    "OPENED": ((), {"CONTACTED", "OFFERED"}),
    "CONTACTED": (("CONTACTED",), {"OFFERED"}),
    "OFFERED": (("OFFERED",), {"NEGOTIATING"}),
    "NEGOTIATING": (("OFFERED", "NEGOTIATING"), {"OFFERED"}),
    "WON": (("WON",), set()),
    "LOST": (("LOST",), set()),
}
"""How a renewal gets to each stage, and the stages it can go on to; from every open one it is won or lost."""
OPEN = ("OPENED", "CONTACTED", "OFFERED", "NEGOTIATING")


def stage(name: str) -> int:
    return renewal_pb2.RenewalStage.Value(f"RENEWAL_STAGE_{name}")


def advancing(renewal_id: str, to: str) -> Any:
    return pb.AdvanceRenewalRequest(renewal_id=renewal_id, stage=stage(to))  # type: ignore[arg-type]


def ending(renewal_id: str) -> dict[str, Any]:
    return {
        "WinRenewal": pb.WinRenewalRequest(renewal_id=renewal_id, won_by=renewal_pb2.WON_BY_EXTENSION),
        "LoseRenewal": pb.LoseRenewalRequest(renewal_id=renewal_id, reason=renewal_pb2.LOST_REASON_PRICE),
    }


def moving_to(renewal_id: str, to: str) -> tuple[str, Any]:
    """Return the call that brings a renewal to a stage, and its request."""
    if to in OPEN:
        return "AdvanceRenewal", advancing(renewal_id, to)
    call = "WinRenewal" if to == "WON" else "LoseRenewal"
    return call, ending(renewal_id)[call]


@pytest.mark.parametrize("at", STEPS)
def test_a_step_that_a_stage_does_not_allow_is_refused_and_changes_nothing(
    calling: Calling, database: Database[dict[str, Any]], at: str
) -> None:
    anybody = calling.as_subject(RenewalsServiceStub, "root", "admin")
    renewal = opened(anybody, in_days(200))
    path, allowed = STEPS[at]
    for name in path:
        call, request = moving_to(renewal.id, name)
        getattr(anybody, call)(request)
    assert anybody.GetRenewal(pb.GetRenewalRequest(renewal_id=renewal.id)).renewal.stage == stage(at)
    stored = {name: list(database[name].find()) for name in ("renewals", "contracts")}
    for to in STEPS:
        if to not in allowed:
            asked = {"AdvanceRenewal": advancing(renewal.id, to)}
            assert refusals(anybody, asked) == {"AdvanceRenewal": "RENEWAL_MOVE_REFUSED"}, to
    commit = renewal_pb2.CALL_CATEGORY_COMMIT
    decided = pb.DecideRenewalRequest(renewal_id=renewal.id, category=commit, note="I am sure")
    assert refusals(anybody, {"DecideRenewal": decided}) == {"DecideRenewal": "RENEWAL_NOTHING_TO_DECIDE"}
    if at not in OPEN:
        called = pb.CallRenewalRequest(renewal_id=renewal.id, category=commit)
        asked = ending(renewal.id) | {"CallRenewal": called}
        assert refusals(anybody, asked) == dict.fromkeys(asked, "RENEWAL_MOVE_REFUSED")
    assert {name: list(database[name].find()) for name in stored} == stored


RUNS = {"PREVIEWED": 0, "APPROVED": 1, "APPLIED": 2, "UNDONE": 3}
VERBS = ("ApprovePriceRun", "ApplyPriceRun", "UndoPriceRun")


@pytest.mark.parametrize("state", RUNS)
def test_a_price_run_goes_one_way_and_never_twice(
    calling: Calling,
    sales: ContractsServiceStub,
    legal: ContractsServiceStub,
    database: Database[dict[str, Any]],
    state: str,
) -> None:
    billed_monthly(sales, legal)
    author, anybody = (calling.as_subject(BillingServiceStub, who, "admin") for who in ("chen.ops", "root"))
    rule = price_run_pb2.PriceRule(kind=price_run_pb2.PRICE_RUN_KIND_UPLIFT, uplift_bps=1000)
    asked = billing_pb.CreatePriceRunRequest(name="2026", rule=rule, effective_date="2026-07-01")
    run = author.CreatePriceRun(asked).price_run
    requests = {name: getattr(billing_pb, f"{name}Request")(price_run_id=run.id) for name in VERBS}
    done = RUNS[state]
    for name in VERBS[:done]:
        run = getattr(anybody, name)(requests[name]).price_run
    assert price_run_pb2.PriceRunState.Name(run.state) == f"PRICE_RUN_STATE_{state}"
    stored = {name: list(database[name].find()) for name in ("price_runs", "contracts")}
    others = {name: request for name, request in requests.items() if name != (*VERBS, "")[done]}
    assert refusals(anybody, others) == dict.fromkeys(others, "PRICE_RUN_TRANSITION_REFUSED")
    assert {name: list(database[name].find()) for name in stored} == stored
