from dataclasses import replace

import pytest

from services.chassis.errors import InvalidField, Kind
from services.contracts.domain.life_cycle import contract_review
from services.contracts.domain.life_cycle.contract_states import ContractState, Gate, Review
from services.contracts.domain.life_cycle.errors import AskedReviewerIsAuthor, ReviewerIsAnother, ReviewerIsAuthor
from services.contracts.domain.life_cycle.life_cycle_events import ContractSigned
from tests.unit.contracts.contract_cases import (
    AUTHOR,
    CONTRACT,
    CUSTOMER,
    LATER,
    NOON,
    OWNER,
    REVIEWER,
    TERMS,
    WITH,
    a_draft,
    approved,
    cny,
    in_review,
)


@pytest.mark.parametrize("who", [AUTHOR, "the submitter", "the editor"])
def test_who_wrote_rewrote_or_submitted_a_contract_cannot_approve_it(who: str) -> None:
    edited = contract_review.update(a_draft(), WITH, details=TERMS, by="the editor", now=NOON)
    waiting = contract_review.submit(edited, by="the submitter", reviewer="", now=NOON)
    with pytest.raises(ReviewerIsAuthor):
        contract_review.approve(waiting, by=who, now=LATER)
    assert contract_review.approve(waiting, by=REVIEWER, now=LATER).state is ContractState.APPROVED


def test_a_named_reviewer_is_the_only_one_who_can_approve_until_somebody_else_is_named() -> None:
    waiting = contract_review.submit(a_draft(), by=AUTHOR, reviewer=REVIEWER, now=NOON)
    with pytest.raises(ReviewerIsAnother) as refusal:
        contract_review.approve(waiting, by="zheng.yi", now=LATER)
    assert refusal.value.metadata == {"contract_id": CONTRACT, "reviewer": REVIEWER}
    handed = contract_review.assign(waiting, by=REVIEWER, reviewer="zheng.yi", now=LATER)
    assert contract_review.approve(handed, by="zheng.yi", now=LATER).review.approved_by == "zheng.yi"


def test_nobody_is_asked_to_review_what_they_wrote() -> None:
    with pytest.raises(AskedReviewerIsAuthor):
        contract_review.submit(a_draft(), by="somebody", reviewer=AUTHOR, now=NOON)
    with pytest.raises(AskedReviewerIsAuthor):
        contract_review.submit(a_draft(), by="somebody", reviewer="somebody", now=NOON)
    with pytest.raises(AskedReviewerIsAuthor) as refusal:
        contract_review.assign(in_review(), by=REVIEWER, reviewer=AUTHOR, now=NOON)
    assert (refusal.value.kind, refusal.value.code) == (Kind.PRECONDITION, "REVIEWER_IS_AUTHOR")
    assert (refusal.value.field, refusal.value.metadata["reviewer"]) == ("reviewer", AUTHOR)


def test_what_is_returned_goes_back_with_a_comment_that_stays_through_the_next_round() -> None:
    back = contract_review.give_back(in_review(), by=REVIEWER, comment="  which law? ", now=LATER)
    assert (back.state, back.review.submitted_time, back.gates) == (ContractState.DRAFT, None, ())
    again = contract_review.submit(back, by=AUTHOR, reviewer="", now=LATER)
    (comment,) = again.review.comments
    assert (comment.by, comment.time, comment.text) == (REVIEWER, LATER, "which law?")
    assert back.moves[-1].reason == "which law?"


def test_an_approval_that_is_returned_no_longer_counts_for_anything() -> None:
    back = contract_review.give_back(approved(), by=REVIEWER, comment="not yet", now=LATER)
    assert back.passed(Gate.LEGAL) is None
    assert (back.review.approved_by, back.review.approved_time) == ("", None)


@pytest.mark.parametrize("comment", ["", "   ", "x" * 2001])
def test_a_return_without_a_proper_comment_is_refused(comment: str) -> None:
    with pytest.raises(InvalidField) as refusal:
        contract_review.give_back(in_review(), by=REVIEWER, comment=comment, now=LATER)
    assert refusal.value.field == "comment"


def test_five_hundred_comments_are_enough() -> None:
    comment = contract_review.comment_on(a_draft(), by=AUTHOR, comment="well", now=NOON).review.comments[0]
    full = replace(a_draft(), review=Review(comments=(comment,) * 500))
    with pytest.raises(InvalidField):
        contract_review.comment_on(full, by=AUTHOR, comment="one more", now=NOON)


def test_a_draft_is_written_anew_as_a_whole_and_keeps_its_customer_its_author_and_its_zone() -> None:
    particulars = replace(WITH, customer_id="cus_00000000000000000000000009", time_zone="", jurisdiction="US-CA")
    written = contract_review.update(
        a_draft(time_zone="Europe/Berlin"), particulars, details=replace(TERMS, price=cny(1)), by="somebody", now=LATER
    )
    assert (written.customer_id, written.author, written.time_zone) == (CUSTOMER, AUTHOR, "Europe/Berlin")
    assert (written.jurisdiction, written.price, len(written.versions)) == ("US-CA", cny(1), 1)
    assert (written.terms.recorded_by, written.terms.recorded_time) == ("somebody", LATER)


def test_signing_notes_the_moment_and_names_the_departments_that_get_copies() -> None:
    signed = contract_review.sign(approved(), by=AUTHOR, departments=("legal", "finance"), now=LATER)
    assert (signed.signed_time, signed.update_time, signed.create_time) == (LATER, LATER, NOON)
    assert signed.passed(Gate.SIGNATURE) is not None
    assert signed.events == (
        ContractSigned(
            contract_id=CONTRACT,
            customer_id=CUSTOMER,
            owner_id=OWNER,
            departments=("legal", "finance"),
            contract_version=2,
            occurred_time=LATER,
        ),
    )


@pytest.mark.parametrize("code", ["", "China", "cn", "CN-", "CN-ABCD", "C1"])
def test_a_jurisdiction_is_a_code_of_iso_3166(code: str) -> None:
    with pytest.raises(InvalidField) as refusal:
        a_draft(jurisdiction=code)
    assert refusal.value.field == "jurisdiction"
