"""A database that the first version wrote is read and moved on by this one."""

from datetime import UTC, datetime
from typing import Any

import pytest
from pymongo.database import Database

from membercare.contracts.v1 import contract_pb2
from membercare.contracts.v1 import contracts_service_pb2 as pb
from membercare.contracts.v1.contracts_service_pb2_grpc import ContractsServiceStub
from services.contracts.store.life_cycle.upgrades import give_versions
from tests.integration.contracts.builders import terminating

WRITTEN = datetime(2026, 5, 4, 12, tzinfo=UTC)
SIGNED = datetime(2026, 5, 20, 12, tzinfo=UTC)
ACTIVATED = datetime(2026, 6, 3, 12, tzinfo=UTC)
ENDED = datetime(2026, 9, 1, 12, tzinfo=UTC)


def an_old_contract(number: int, state: str, **fields: Any) -> dict[str, Any]:
    """As the first version stored it."""
    return {
        "_id": f"con_0000000000000000000000000{number}",
        "version": number,
        "customer_id": "cus_00000000000000000000000001",
        "title": "Care",
        "state": state,
        "start_date": "2026-06-01",
        "end_date": "2027-05-31",
        "price": {"currency_code": "CNY", "minor_units": 120_000},
        "owner_id": "",
        "signed_time": None,
        "activated_time": None,
        "terminated_time": None,
        "termination_reason": "",
        "create_time": WRITTEN,
        "update_time": WRITTEN,
        "outbox": [],
        "request_ids": [],
    } | fields


@pytest.fixture
def upgraded(database: Database[dict[str, Any]]) -> None:
    """Four contracts of the first version, brought up to date twice, as two deploys at once would."""
    lived: dict[str, Any] = {"signed_time": SIGNED, "activated_time": ACTIVATED}
    ended = {"terminated_time": ENDED, "termination_reason": "moved away"}
    database["contracts"].insert_many(
        [
            an_old_contract(1, "draft"),
            an_old_contract(2, "signed", signed_time=SIGNED),
            an_old_contract(3, "active", **lived),
            an_old_contract(4, "terminated", **lived, **ended),
        ]
    )
    give_versions(database)
    give_versions(database)


def old(stub: ContractsServiceStub, number: int, **fields: Any) -> contract_pb2.Contract:
    request = pb.GetContractRequest(contract_id=f"con_0000000000000000000000000{number}", **fields)
    return stub.GetContract(request).contract


@pytest.mark.usefixtures("upgraded")
def test_contracts_of_the_first_version_have_their_terms_and_their_history(sales: ContractsServiceStub) -> None:
    contracts = [old(sales, number) for number in (1, 2, 3, 4)]
    assert [contract.state for contract in contracts] == [1, 2, 3, 4]
    assert [contract.etag for contract in contracts] == ["1", "2", "3", "4"]
    assert {(contract.title, contract.price.minor_units, len(contract.versions)) for contract in contracts} == {
        ("Care", 120_000, 1)
    }
    assert [[move.state for move in contract.moves] for contract in contracts] == [[1], [1, 2], [1, 2, 3], [1, 2, 3, 4]]
    assert (contracts[3].termination_reason, contracts[3].termination.effective_date) == ("moved away", "2026-09-01")
    assert old(sales, 4, as_of="2026-08-31").state == 3


@pytest.mark.usefixtures("upgraded")
def test_contracts_of_the_first_version_go_on_living(sales: ContractsServiceStub, legal: ContractsServiceStub) -> None:
    draft, signed, active, _ = (old(sales, number).id for number in (1, 2, 3, 4))
    assert sales.SubmitContract(pb.SubmitContractRequest(contract_id=draft)).contract.state == 5
    assert legal.ApproveContract(pb.ApproveContractRequest(contract_id=draft)).contract.state == 6
    assert sales.ActivateContract(pb.ActivateContractRequest(contract_id=signed)).contract.state == 3
    assert sales.TerminateContract(terminating(active)).contract.state == 4


@pytest.mark.usefixtures("upgraded")
def test_an_upgrade_says_nothing_and_is_done_once(database: Database[dict[str, Any]]) -> None:
    before = list(database["contracts"].find({}).sort("_id"))
    give_versions(database)
    assert list(database["contracts"].find({}).sort("_id")) == before
    assert [each["outbox"] for each in before] == [[]] * 4
