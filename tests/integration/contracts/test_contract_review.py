from typing import Any

import pytest
from pymongo.database import Database

from membercare.contracts.v1 import contract_pb2
from membercare.contracts.v1 import contracts_service_pb2 as pb
from membercare.contracts.v1.contracts_service_pb2_grpc import ContractsServiceStub
from services.chassis.errors import Kind
from services.contracts.config import Settings
from tests.integration.calling import Calling, refused
from tests.integration.contracts.builders import NO_CUSTOMER, a_customer, a_draft, a_signed

DRAFT, IN_REVIEW, APPROVED = 1, 5, 6


def submit(stub: ContractsServiceStub, contract_id: str, **fields: Any) -> contract_pb2.Contract:
    return stub.SubmitContract(pb.SubmitContractRequest(contract_id=contract_id, **fields)).contract


def a_waiting(stub: ContractsServiceStub, reviewer: str = "", **fields: Any) -> contract_pb2.Contract:
    return submit(stub, a_draft(stub, **fields).id, reviewer=reviewer)


def test_a_draft_goes_to_its_reviewer_and_back_with_a_comment_and_through_at_the_second_try(
    sales: ContractsServiceStub, legal: ContractsServiceStub
) -> None:
    waiting = a_waiting(sales, reviewer="zhou.min")
    assert (waiting.state, waiting.review.reviewer, waiting.review.submitted_by) == (IN_REVIEW, "zhou.min", "li.wen")
    back = legal.ReturnContract(pb.ReturnContractRequest(contract_id=waiting.id, comment="Which law?")).contract
    assert (back.state, back.review.submitted_by, back.review.HasField("submitted_time")) == (DRAFT, "", False)
    update = pb.UpdateContractDraftRequest(
        contract_id=back.id,
        title="Care, by the law of China",
        start_date="2026-06-01",
        end_date="2027-05-31",
        price=back.price,
        jurisdiction="CN",
    )
    assert sales.UpdateContractDraft(update).contract.title == "Care, by the law of China"
    approved = legal.ApproveContract(
        pb.ApproveContractRequest(contract_id=submit(sales, back.id, reviewer="zhou.min").id)
    ).contract
    assert (approved.state, approved.review.approved_by) == (APPROVED, "zhou.min")
    assert [(comment.by, comment.text) for comment in approved.review.comments] == [("zhou.min", "Which law?")]
    assert [contract_pb2.ContractState.Name(move.state)[15:] for move in approved.moves] == [
        "DRAFT",
        "IN_REVIEW",
        "DRAFT",
        "IN_REVIEW",
        "APPROVED",
    ]


def test_four_eyes_the_author_and_whoever_submits_cannot_approve_whatever_their_roles(
    calling: Calling, sales: ContractsServiceStub, database: Database[dict[str, Any]]
) -> None:
    author = calling.as_subject(ContractsServiceStub, "li.wen", "legal", "admin")
    helper = calling.as_subject(ContractsServiceStub, "wang.fang", "sales", "legal", "admin")
    draft = a_draft(sales)
    submit(helper, draft.id)
    for stub in (author, helper):
        refusal = refused(stub.ApproveContract, pb.ApproveContractRequest(contract_id=draft.id))
        assert (refusal.kind, refusal.reason) == (Kind.FORBIDDEN, "REVIEWER_IS_AUTHOR")
    assert sales.GetContract(pb.GetContractRequest(contract_id=draft.id)).contract.state == IN_REVIEW
    stored = database["contracts"].find_one({"_id": draft.id})
    assert stored is not None
    assert stored["outbox"] == []


def test_somebody_who_was_not_asked_cannot_approve_until_it_is_assigned_to_them(
    calling: Calling, sales: ContractsServiceStub, legal: ContractsServiceStub
) -> None:
    waiting = a_waiting(sales, reviewer="zhou.min")
    other = calling.as_subject(ContractsServiceStub, "zheng.yi", "legal")
    refusal = refused(other.ApproveContract, pb.ApproveContractRequest(contract_id=waiting.id))
    assert (refusal.kind, refusal.reason) == (Kind.PRECONDITION, "REVIEWER_IS_ANOTHER")
    assert refusal.metadata["reviewer"] == "zhou.min"
    legal.AssignReviewer(pb.AssignReviewerRequest(contract_id=waiting.id, reviewer="zheng.yi"))
    assert other.ApproveContract(pb.ApproveContractRequest(contract_id=waiting.id)).contract.state == APPROVED


def test_sales_writes_and_submits_and_legal_approves_and_returns_and_neither_does_the_others_work(
    sales: ContractsServiceStub, legal: ContractsServiceStub
) -> None:
    waiting = a_waiting(sales)
    by_sales: list[tuple[Any, Any]] = [
        (sales.ApproveContract, pb.ApproveContractRequest(contract_id=waiting.id)),
        (sales.ReturnContract, pb.ReturnContractRequest(contract_id=waiting.id, comment="no")),
    ]
    by_legal: list[tuple[Any, Any]] = [
        (legal.SubmitContract, pb.SubmitContractRequest(contract_id=waiting.id)),
        (legal.UpdateContractDraft, pb.UpdateContractDraftRequest(contract_id=waiting.id)),
        (legal.WithdrawContract, pb.WithdrawContractRequest(contract_id=waiting.id)),
        (legal.CreateContract, pb.CreateContractRequest(customer_id=waiting.customer_id)),
    ]
    assert {refused(*asked).kind for asked in (*by_sales, *by_legal)} == {Kind.FORBIDDEN}
    assert sales.GetContract(pb.GetContractRequest(contract_id=waiting.id)).contract == waiting


def test_what_is_withdrawn_is_a_draft_again_and_can_no_longer_be_approved(
    sales: ContractsServiceStub, legal: ContractsServiceStub
) -> None:
    waiting = a_waiting(sales)
    assert sales.WithdrawContract(pb.WithdrawContractRequest(contract_id=waiting.id)).contract.state == DRAFT
    refusal = refused(legal.ApproveContract, pb.ApproveContractRequest(contract_id=waiting.id))
    assert (refusal.kind, refusal.reason) == (Kind.PRECONDITION, "CONTRACT_TRANSITION_REFUSED")


def test_a_draft_cannot_be_signed_without_the_review(
    sales: ContractsServiceStub, database: Database[dict[str, Any]]
) -> None:
    for contract in (a_draft(sales), a_waiting(sales)):
        refusal = refused(sales.SignContract, pb.SignContractRequest(contract_id=contract.id))
        assert (refusal.kind, refusal.reason) == (Kind.PRECONDITION, "CONTRACT_TRANSITION_REFUSED")
    assert database["contracts"].count_documents({"signed_time": {"$ne": None}}) == 0


def test_nothing_of_a_signed_contract_is_edited(sales: ContractsServiceStub, legal: ContractsServiceStub) -> None:
    signed = a_signed(sales, legal)
    update = pb.UpdateContractDraftRequest(
        contract_id=signed.id, title="Other", start_date="2026-06-01", end_date="2027-05-31", price=signed.price
    )
    assert refused(sales.UpdateContractDraft, update).reason == "CONTRACT_TRANSITION_REFUSED"
    comment = pb.CommentOnContractRequest(contract_id=signed.id, comment="too late")
    assert refused(sales.CommentOnContract, comment).reason == "CONTRACT_TRANSITION_REFUSED"
    assert sales.GetContract(pb.GetContractRequest(contract_id=signed.id)).contract == signed


def test_the_queue_shows_who_waits_for_whom_the_longest_wait_first(
    sales: ContractsServiceStub, legal: ContractsServiceStub
) -> None:
    customer_id = a_customer(sales).id
    drafts = [a_draft(sales, customer_id).id for _ in range(5)]
    order = [drafts[place] for place in (3, 0, 4, 1)]
    for place, contract_id in enumerate(order):
        submit(sales, contract_id, reviewer="zhou.min" if place % 2 else "")

    def queue(**wanted: Any) -> list[str]:
        found: list[str] = []
        request = pb.ListReviewsRequest(filter=pb.ReviewFilter(**wanted), page_size=2)
        for _ in range(9):
            page = sales.ListReviews(request)
            found.extend(contract.id for contract in page.contracts)
            if not page.next_page_token:
                break
            request.page_token = page.next_page_token
        return found

    assert queue() == order
    assert (queue(reviewer="zhou.min"), queue(unassigned=True)) == ([order[1], order[3]], [order[0], order[2]])
    assert queue(reviewer="nobody") == []
    legal.ApproveContract(pb.ApproveContractRequest(contract_id=order[0]))
    assert queue() == order[1:]
    listed = sales.ListContracts(pb.ListContractsRequest(filter=pb.ContractFilter(reviewer="zhou.min"))).contracts
    assert sorted(contract.id for contract in listed) == sorted([order[1], order[3]])


def test_a_page_of_the_queue_goes_on_where_it_was_though_what_it_ended_with_is_returned_meanwhile(
    sales: ContractsServiceStub, legal: ContractsServiceStub
) -> None:
    one, two, three = (a_waiting(sales).id for _ in range(3))
    first = sales.ListReviews(pb.ListReviewsRequest(page_size=2))
    assert [contract.id for contract in first.contracts] == [one, two]
    legal.ReturnContract(pb.ReturnContractRequest(contract_id=two, comment="no"))
    second = sales.ListReviews(pb.ListReviewsRequest(page_size=2, page_token=first.next_page_token))
    assert [contract.id for contract in second.contracts] == [three]


@pytest.mark.parametrize(
    ("call", "request_", "reason", "at_fault"),
    [
        ("ListReviews", pb.ListReviewsRequest(page_token=NO_CUSTOMER), "INVALID_ID", "page_token"),
        (
            "ListReviews",
            pb.ListReviewsRequest(filter=pb.ReviewFilter(reviewer="a", unassigned=True)),
            "INVALID_FIELD",
            "filter.unassigned",
        ),
        (
            "ListReviews",
            pb.ListReviewsRequest(filter=pb.ReviewFilter(owner_id="17")),
            "INVALID_ID",
            "filter.owner_id",
        ),
    ],
)
def test_a_wrong_question_about_the_queue_is_refused_with_the_fields_name(
    sales: ContractsServiceStub, call: str, request_: Any, reason: str, at_fault: str
) -> None:
    refusal = refused(getattr(sales, call), request_)
    assert (refusal.kind, refusal.reason, refusal.field) == (Kind.INVALID, reason, at_fault)


def test_a_signature_names_the_departments_that_get_copies(
    sales: ContractsServiceStub,
    legal: ContractsServiceStub,
    contracts_settings: Settings,
    database: Database[dict[str, Any]],
) -> None:
    signed = a_signed(sales, legal)
    stored = database["contracts"].find_one({"_id": signed.id})
    assert stored is not None
    (said,) = stored["outbox"]
    assert contracts_settings.signature_copies_to == "legal,finance"
    assert (said["type"], said["data"]["departments"]) == ("contract_signed", ["legal", "finance"])
