from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
import pytest
from pymongo.database import Database

from membercare.contracts.v1 import contract_pb2
from membercare.contracts.v1 import contracts_service_pb2 as pb
from membercare.contracts.v1.contracts_service_pb2_grpc import ContractsServiceStub
from services.chassis.errors import Kind
from services.chassis.rpc_errors import refusal_of
from tests.integration.calling import refused
from tests.integration.contracts.builders import (
    NO_CONTRACT,
    NO_CUSTOMER,
    NOBODY,
    a_customer,
    a_draft,
    a_signed,
    new_contract,
    terminating,
)

DRAFT, SIGNED, ACTIVE, TERMINATED, IN_REVIEW, APPROVED = 1, 2, 3, 4, 5, 6


def said(database: Database[dict[str, Any]], contract_id: str) -> list[str]:
    stored = database["contracts"].find_one({"_id": contract_id})
    assert stored is not None
    return [event["type"] for event in stored["outbox"]]


def test_a_draft_is_written_for_a_customer_and_read_back_as_told(sales: ContractsServiceStub) -> None:
    customer = a_customer(sales)
    draft = sales.CreateContract(new_contract(customer.id, owner_id=NOBODY)).contract
    assert draft.id.startswith("con_")
    assert (draft.customer_id, draft.title, draft.owner_id) == (customer.id, "Care", NOBODY)
    assert (draft.start_date, draft.end_date, draft.state, draft.etag) == ("2026-06-01", "2027-05-31", DRAFT, "1")
    assert draft.price == contract_pb2.Money(currency_code="CNY", minor_units=120_000)
    assert not draft.HasField("signed_time")
    assert sales.GetContract(pb.GetContractRequest(contract_id=draft.id)).contract == draft


def test_a_contract_lives_from_draft_to_its_end_and_says_each_step_once(
    sales: ContractsServiceStub, legal: ContractsServiceStub, database: Database[dict[str, Any]]
) -> None:
    contract_id = a_draft(sales).id
    waiting = sales.SubmitContract(pb.SubmitContractRequest(contract_id=contract_id)).contract
    approved = legal.ApproveContract(pb.ApproveContractRequest(contract_id=contract_id)).contract
    signed = sales.SignContract(pb.SignContractRequest(contract_id=contract_id)).contract
    active = sales.ActivateContract(pb.ActivateContractRequest(contract_id=contract_id)).contract
    ended = sales.TerminateContract(terminating(contract_id)).contract
    steps = (waiting, approved, signed, active, ended)
    assert [each.state for each in steps] == [IN_REVIEW, APPROVED, SIGNED, ACTIVE, TERMINATED]
    assert [each.etag for each in steps] == ["2", "3", "4", "5", "6"]
    assert (ended.signed_time, ended.activated_time) == (signed.signed_time, active.activated_time)
    assert (ended.termination_reason, ended.terminated_time) == ("moved away", ended.update_time)
    assert sales.GetContract(pb.GetContractRequest(contract_id=contract_id)).contract == ended
    assert said(database, contract_id) == ["contract_signed", "contract_activated", "contract_terminated"]


@pytest.mark.parametrize(
    ("fields", "reason", "at_fault"),
    [
        ({"title": ""}, "INVALID_FIELD", "title"),
        ({"title": "x" * 201}, "INVALID_FIELD", "title"),
        ({"start_date": ""}, "INVALID_FIELD", "start_date"),
        ({"start_date": "2026-02-30"}, "INVALID_FIELD", "start_date"),
        ({"end_date": "2026-02-30"}, "INVALID_FIELD", "end_date"),
        ({"end_date": "tomorrow"}, "INVALID_FIELD", "end_date"),
        ({"end_date": "2026-05-31"}, "INVALID_FIELD", "end_date"),
        ({"price": None}, "INVALID_FIELD", "price"),
        ({"price": {"currency_code": "XYZ", "minor_units": 1}}, "INVALID_FIELD", "price.currency_code"),
        ({"price": {"currency_code": "CNY", "minor_units": -1}}, "INVALID_FIELD", "price.minor_units"),
        ({"owner_id": NO_CUSTOMER}, "INVALID_ID", "owner_id"),
    ],
)
def test_wrong_terms_are_refused_with_the_fields_name_and_nothing_is_stored(
    sales: ContractsServiceStub,
    database: Database[dict[str, Any]],
    fields: dict[str, Any],
    reason: str,
    at_fault: str,
) -> None:
    refusal = refused(sales.CreateContract, new_contract(a_customer(sales).id, **fields))
    assert (refusal.kind, refusal.reason, refusal.field) == (Kind.INVALID, reason, at_fault)
    assert database["contracts"].count_documents({}) == 0


@pytest.mark.parametrize(
    ("customer_id", "kind", "reason"),
    [
        ("", Kind.INVALID, "INVALID_ID"),
        (NO_CONTRACT, Kind.INVALID, "INVALID_ID"),
        (NO_CUSTOMER, Kind.NOT_FOUND, "CUSTOMER_NOT_FOUND"),
    ],
)
def test_a_contract_needs_a_customer_that_exists(
    sales: ContractsServiceStub, database: Database[dict[str, Any]], customer_id: str, kind: Kind, reason: str
) -> None:
    refusal = refused(sales.CreateContract, new_contract(customer_id))
    assert (refusal.kind, refusal.reason) == (kind, reason)
    assert database["contracts"].count_documents({}) == 0


def test_a_contract_follows_only_one_that_its_customer_has(
    sales: ContractsServiceStub, database: Database[dict[str, Any]]
) -> None:
    customer, other = a_customer(sales), a_customer(sales)
    first = sales.CreateContract(new_contract(customer.id)).contract
    next_one = sales.CreateContract(new_contract(customer.id, predecessor_id=first.id)).contract
    assert next_one.predecessor_id == first.id
    stranger = refused(sales.CreateContract, new_contract(other.id, predecessor_id=first.id))
    assert (stranger.kind, stranger.field) == (Kind.INVALID, "predecessor_id")
    nowhere = refused(sales.CreateContract, new_contract(customer.id, predecessor_id=NO_CONTRACT))
    assert nowhere.reason == "CONTRACT_NOT_FOUND"
    theirs = sales.CreateContract(new_contract(other.id)).contract
    update = pb.UpdateContractDraftRequest(
        contract_id=next_one.id,
        title="Care",
        start_date="2026-06-01",
        end_date="2027-05-31",
        price=next_one.price,
        predecessor_id=theirs.id,
    )
    anew = refused(sales.UpdateContractDraft, update)
    assert (anew.kind, anew.field) == (Kind.INVALID, "predecessor_id")
    assert sales.GetContract(pb.GetContractRequest(contract_id=next_one.id)).contract == next_one
    assert database["contracts"].count_documents({}) == 3


def test_a_repeated_draft_returns_the_first_and_stores_no_second(
    sales: ContractsServiceStub, database: Database[dict[str, Any]]
) -> None:
    customer_id = a_customer(sales).id
    first = a_draft(sales, customer_id, request_id="r-1")
    assert a_draft(sales, customer_id, request_id="r-1") == first
    assert database["contracts"].count_documents({}) == 1


def test_a_move_that_the_state_does_not_allow_is_refused_and_nothing_changes(
    sales: ContractsServiceStub, database: Database[dict[str, Any]]
) -> None:
    draft = a_draft(sales)
    refusal = refused(sales.ActivateContract, pb.ActivateContractRequest(contract_id=draft.id))
    assert (refusal.kind, refusal.reason) == (Kind.PRECONDITION, "CONTRACT_TRANSITION_REFUSED")
    assert refusal.metadata == {"contract_id": draft.id, "state": "draft", "verb": "activate"}
    assert sales.GetContract(pb.GetContractRequest(contract_id=draft.id)).contract == draft
    assert said(database, draft.id) == []


@pytest.mark.parametrize("reason", ["", "x" * 501])
def test_a_termination_without_a_proper_reason_is_refused_and_nothing_changes(
    sales: ContractsServiceStub, legal: ContractsServiceStub, reason: str
) -> None:
    signed = a_signed(sales, legal)
    refusal = refused(sales.TerminateContract, terminating(signed.id, termination_reason=reason))
    assert (refusal.reason, refusal.field) == ("INVALID_FIELD", "termination_reason")
    assert sales.GetContract(pb.GetContractRequest(contract_id=signed.id)).contract == signed


@pytest.mark.parametrize("etag", ["1", "5", "rubbish"])
def test_a_stale_version_is_refused_and_nothing_changes(
    sales: ContractsServiceStub, legal: ContractsServiceStub, etag: str
) -> None:
    signed = a_signed(sales, legal)
    refusal = refused(sales.ActivateContract, pb.ActivateContractRequest(contract_id=signed.id, etag=etag))
    assert (refusal.kind, refusal.reason, refusal.field) == (Kind.STALE, "STALE_VERSION", "etag")
    assert sales.GetContract(pb.GetContractRequest(contract_id=signed.id)).contract == signed


def test_the_version_read_last_is_let_through(sales: ContractsServiceStub, legal: ContractsServiceStub) -> None:
    signed = a_signed(sales, legal)
    request = pb.ActivateContractRequest(contract_id=signed.id, etag=signed.etag)
    assert sales.ActivateContract(request).contract.state == ACTIVE


@pytest.mark.parametrize(
    ("contract_id", "kind", "reason"),
    [
        ("", Kind.INVALID, "INVALID_ID"),
        ("17", Kind.INVALID, "INVALID_ID"),
        (NO_CUSTOMER, Kind.INVALID, "INVALID_ID"),
        (NO_CONTRACT, Kind.NOT_FOUND, "CONTRACT_NOT_FOUND"),
    ],
)
def test_an_id_that_names_no_contract_is_refused_by_every_verb(
    sales: ContractsServiceStub, contract_id: str, kind: Kind, reason: str
) -> None:
    refusals = [
        refused(sales.GetContract, pb.GetContractRequest(contract_id=contract_id)),
        refused(sales.SignContract, pb.SignContractRequest(contract_id=contract_id)),
        refused(sales.ActivateContract, pb.ActivateContractRequest(contract_id=contract_id)),
        refused(sales.TerminateContract, terminating(contract_id)),
    ]
    assert {(refusal.kind, refusal.reason) for refusal in refusals} == {(kind, reason)}


def test_a_repeated_move_returns_the_outcome_again_and_says_nothing_twice(
    sales: ContractsServiceStub, legal: ContractsServiceStub, database: Database[dict[str, Any]]
) -> None:
    signed = a_signed(sales, legal)
    request = pb.ActivateContractRequest(contract_id=signed.id, etag=signed.etag, request_id="r-1")
    first = sales.ActivateContract(request).contract
    assert sales.ActivateContract(request).contract == first
    assert said(database, signed.id) == ["contract_signed", "contract_activated"]


def test_one_request_id_sent_with_two_verbs_protects_each_and_hides_neither(
    sales: ContractsServiceStub, legal: ContractsServiceStub
) -> None:
    signed = a_signed(sales, legal, request_id="r-1")
    request = pb.ActivateContractRequest(contract_id=signed.id, request_id="r-1")
    assert sales.ActivateContract(request).contract.state == ACTIVE
    ended = sales.TerminateContract(terminating(signed.id, request_id="r-1")).contract
    assert ended.state == TERMINATED


def test_a_request_id_of_another_contract_is_refused_and_nothing_changes(sales: ContractsServiceStub) -> None:
    one, two = a_draft(sales), a_draft(sales)
    sales.SubmitContract(pb.SubmitContractRequest(contract_id=one.id, request_id="r-1"))
    refusal = refused(sales.SubmitContract, pb.SubmitContractRequest(contract_id=two.id, request_id="r-1"))
    assert (refusal.kind, refusal.reason, refusal.field) == (Kind.INVALID, "INVALID_FIELD", "request_id")
    assert sales.GetContract(pb.GetContractRequest(contract_id=two.id)).contract == two


def test_fifty_activations_at_once_make_one_contract_active_once(
    sales: ContractsServiceStub, legal: ContractsServiceStub, database: Database[dict[str, Any]]
) -> None:
    contract_id = a_signed(sales, legal).id

    def activate(_: int) -> str:
        try:
            sales.ActivateContract(pb.ActivateContractRequest(contract_id=contract_id))
        except grpc.RpcError as error:
            refusal = refusal_of(error)
            return refusal.reason if refusal else str(error)
        return "active"

    with ThreadPoolExecutor(50) as pool:
        outcomes = list(pool.map(activate, range(50)))
    assert sorted(outcomes) == ["CONTRACT_TRANSITION_REFUSED"] * 49 + ["active"]
    assert said(database, contract_id) == ["contract_signed", "contract_activated"]


def test_fifty_repeats_of_one_activation_at_once_all_get_its_one_outcome(
    sales: ContractsServiceStub, legal: ContractsServiceStub, database: Database[dict[str, Any]]
) -> None:
    request = pb.ActivateContractRequest(contract_id=a_signed(sales, legal).id, request_id="r-1")
    with ThreadPoolExecutor(50) as pool:
        outcomes = list(pool.map(lambda _: sales.ActivateContract(request).contract, range(50)))
    assert [(each.state, each.etag) for each in outcomes] == [(ACTIVE, "5")] * 50
    assert len({each.SerializeToString(deterministic=True) for each in outcomes}) == 1
    assert said(database, request.contract_id) == ["contract_signed", "contract_activated"]
