"""What a termination gives back by its policy, and what a suspension does to the end of a term."""

from datetime import timedelta
from typing import Any

import pytest
from pymongo.database import Database

from membercare.contracts.v1 import contract_pb2
from membercare.contracts.v1 import contracts_service_pb2 as pb
from membercare.contracts.v1.contracts_service_pb2_grpc import ContractsServiceStub
from services.chassis.clock import SystemClock
from tests.integration.contracts.builders import an_active, terminating

NONE, PRORATED, FULL = (
    contract_pb2.CREDIT_POLICY_NONE,
    contract_pb2.CREDIT_POLICY_PRORATED,
    contract_pb2.CREDIT_POLICY_FULL,
)
TODAY = SystemClock().now().date()
YEAR = {
    "start_date": (TODAY - timedelta(days=100)).isoformat(),
    "end_date": (TODAY + timedelta(days=264)).isoformat(),
    "time_zone": "UTC",
}


@pytest.mark.parametrize(
    ("of_contract", "asked", "policy", "credit"),
    [
        (None, None, NONE, 0),
        (NONE, None, NONE, 0),
        (FULL, NONE, NONE, 0),
        (PRORATED, None, PRORATED, 87_123),
        (NONE, FULL, FULL, 120_000),
    ],
)
def test_the_customer_gets_back_what_the_termination_says_else_the_contract_else_nothing(
    sales: ContractsServiceStub,
    legal: ContractsServiceStub,
    database: Database[dict[str, Any]],
    of_contract: Any,
    asked: Any,
    policy: int,
    credit: int,
) -> None:
    contract = an_active(sales, legal, credit_policy=of_contract, **YEAR)
    request = terminating(contract.id, effective_date=TODAY.isoformat(), credit_policy=asked)
    sales.TerminateContract(request)
    ended = sales.GetContract(pb.GetContractRequest(contract_id=contract.id)).contract.termination
    assert (ended.credit_policy, ended.credit.minor_units, ended.credit.currency_code) == (policy, credit, "CNY")
    assert (ended.formula == "0") == (policy == NONE)
    stored = database["contracts"].find_one({"_id": contract.id})
    assert stored is not None
    said = stored["outbox"][-1]
    assert (said["type"], said["data"]["credit"].get("minor_units", "0")) == ("contract_terminated", str(credit))


def test_a_suspension_leaves_the_end_of_the_term_where_the_contract_does_not_say_that_it_extends_it(
    sales: ContractsServiceStub, legal: ContractsServiceStub
) -> None:
    contract = an_active(sales, legal, **YEAR)
    start = (TODAY - timedelta(days=10)).isoformat()
    halted = pb.SuspendContractRequest(contract_id=contract.id, start_date=start, reason="rebuilt")
    assert not sales.SuspendContract(halted).contract.suspensions[0].extends_term
    resumed = sales.ResumeContract(pb.ResumeContractRequest(contract_id=contract.id)).contract
    assert (resumed.end_date, len(resumed.versions)) == (contract.end_date, 1)
    assert resumed.suspensions[0].end_date == (TODAY - timedelta(days=1)).isoformat()
