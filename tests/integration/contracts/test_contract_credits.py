"""What a termination names as the credit is what the bills take back, to the fen, through the API."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from membercare.contracts.v1 import contract_pb2, period_pb2, renewal_pb2
from membercare.contracts.v1 import contracts_service_pb2 as pb
from membercare.contracts.v1 import renewals_service_pb2 as renewals_pb
from membercare.contracts.v1.billing_service_pb2_grpc import BillingServiceStub
from membercare.contracts.v1.contracts_service_pb2_grpc import ContractsServiceStub
from membercare.contracts.v1.renewals_service_pb2_grpc import RenewalsServiceStub
from tests.integration.calling import Calling
from tests.integration.contracts.billing_builders import YEARLY, a_line, billed_monthly, cny, lines_of, plan, yuan
from tests.integration.contracts.builders import terminating

PRORATED, FULL = contract_pb2.CREDIT_POLICY_PRORATED, contract_pb2.CREDIT_POLICY_FULL
QUARTERLY = contract_pb2.BillingTerms(period=period_pb2.Period(unit=period_pb2.PERIOD_UNIT_QUARTER, count=1))
IN_2025 = {"start_date": "2025-01-01", "end_date": "2025-12-31"}
Deed = Callable[[Calling, contract_pb2.Contract], Any]


def sales_of(calling: Calling) -> ContractsServiceStub:
    return calling.as_subject(ContractsServiceStub, "li.wen", "sales")


def nothing(calling: Calling, contract: contract_pb2.Contract) -> None:
    """Leave the contract as it is."""


def suspended(calling: Calling, contract: contract_pb2.Contract) -> None:
    """Suspend the contract since 5 May, until further notice."""
    sales_of(calling).SuspendContract(
        pb.SuspendContractRequest(contract_id=contract.id, start_date="2025-05-05", reason="rebuilt")
    )


def paused(calling: Calling, contract: contract_pb2.Contract) -> None:
    """Suspend the contract from 5 to 10 May."""
    suspended(calling, contract)
    sales_of(calling).ResumeContract(pb.ResumeContractRequest(contract_id=contract.id, effective_date="2025-05-11"))


def dearer(calling: Calling, contract: contract_pb2.Contract) -> None:
    """Agree on 200.00 a month from 11 May on."""
    line = contract_pb2.ContractLine()
    line.CopyFrom(contract.lines[0])
    line.price.CopyFrom(cny(200))
    request = pb.AmendContractRequest(
        contract_id=contract.id,
        title=contract.title,
        end_date=contract.end_date,
        lines=[line],
        effective_date="2025-05-11",
        reason="another machine",
    )
    sales_of(calling).AmendContract(request)


def renewed(calling: Calling, contract: contract_pb2.Contract) -> None:
    """Extend the contract for another year."""
    renewals = calling.as_subject(RenewalsServiceStub, "li.wen", "sales")
    renewal = renewals.OpenRenewal(renewals_pb.OpenRenewalRequest(contract_id=contract.id)).renewal
    won = renewals_pb.WinRenewalRequest(renewal_id=renewal.id, won_by=renewal_pb2.WON_BY_EXTENSION)
    renewals.WinRenewal(won)


@dataclass(frozen=True, kw_only=True)
class Case:
    """A contract of 2025, what became of it, and what comes back when it ends with 19 May."""

    says: str
    prorated: str
    full: str
    agreed: dict[str, Any] = field(default_factory=dict)
    deed: Deed = nothing


CASES = (
    Case(says="12 of 31 days of a month", prorated="38.71", full="100.00"),
    Case(says="42 of 91 days of a quarter", agreed={"billing": QUARTERLY}, prorated="46.15", full="100.00"),
    Case(
        says="a year's price as a whole",
        agreed={"lines": (), "price": cny(1200), "billing": YEARLY},
        prorated="743.01",
        full="1200.00",
    ),
    Case(
        says="two lines, the second since 10 May",
        agreed={"lines": (a_line(300), a_line(90, start_date="2025-05-10"))},
        prorated="150.97",
        full="363.87",
    ),
    Case(
        says="a line that was to begin on 25 May was not billed yet",
        agreed={"lines": (a_line(300), a_line(90, start_date="2025-05-25"))},
        prorated="116.13",
        full="300.00",
    ),
    Case(says="days that were suspended were not billed", deed=paused, prorated="38.71", full="80.64"),
    Case(says="a contract that is still suspended is billed no more", deed=suspended, prorated="0.00", full="12.90"),
    Case(says="a price that changed in the period", deed=dearer, prorated="77.42", full="167.74"),
    Case(
        says="a term that began on 28 February is billed from the 31st on which the first began",
        agreed={"start_date": "2024-05-31", "end_date": "2025-02-27"},
        deed=renewed,
        prorated="35.48",
        full="100.00",
    ),
)


@pytest.mark.parametrize("policy", [PRORATED, FULL])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.says)
def test_the_credit_that_a_termination_names_is_what_the_bills_take_back(
    calling: Calling, sales: ContractsServiceStub, legal: ContractsServiceStub, case: Case, policy: Any
) -> None:
    ops = calling.as_subject(BillingServiceStub, "chen.ops", "ops")
    told: dict[str, Any] = {"lines": (a_line(100),)} | IN_2025 | case.agreed
    contract = billed_monthly(sales, legal, **told)
    case.deed(calling, contract)
    before = due_before_the_end(ops, contract)
    end = terminating(contract.id, effective_date="2025-05-20", credit_policy=policy)
    named = sales.TerminateContract(end).contract.termination
    after = due_before_the_end(ops, contract)
    assert yuan(named.credit) == (case.prorated if policy == PRORATED else case.full)
    assert named.credit.minor_units == before - after
    assert named.formula == "0" or yuan(named.credit) in named.formula or " + " in named.formula


def due_before_the_end(ops: BillingServiceStub, contract: contract_pb2.Contract) -> int:
    """Return what is billed by 19 May 2025, in fen."""
    plan(ops, contract.id)
    return sum(line.amount.minor_units for line in lines_of(ops, contract.id) if line.due_date < "2025-05-20")
