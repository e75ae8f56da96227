"""From the first draft to the signature: who wrote, who reviews, who signs."""

import re
from dataclasses import dataclass, replace
from datetime import datetime

from services.chassis.checks import line, text, zone
from services.chassis.errors import InvalidField
from services.chassis.ids import check_id, optional_id
from services.contracts.domain.life_cycle.contract import Contract
from services.contracts.domain.life_cycle.contract_states import (
    Comment,
    ContractState,
    Gate,
    GatePassed,
    Move,
    Review,
    Verb,
)
from services.contracts.domain.life_cycle.contract_terms import Recorded, TermsDetails, checked_terms
from services.contracts.domain.life_cycle.errors import AskedReviewerIsAuthor, ReviewerIsAnother, ReviewerIsAuthor
from services.contracts.domain.life_cycle.life_cycle_events import ContractSigned
from services.contracts.domain.terms.terms import CreditPolicy

MOST_COMMENT, MOST_COMMENTS, MOST_SUBJECT = 2000, 500, 100
_JURISDICTION = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Particulars:
    """Whom a contract is with and which rules it stands under, not yet checked."""

    customer_id: str
    owner_id: str = ""
    time_zone: str
    jurisdiction: str = "CN"
    consumer: bool = False
    credit_policy: CreditPolicy = CreditPolicy.NONE
    suspension_extends: bool = False
    predecessor_id: str = ""


def draft(contract_id: str, particulars: Particulars, *, details: TermsDetails, author: str, now: datetime) -> Contract:
    """Return the new draft, or refuse with INVALID_FIELD or INVALID_ID and the field's name."""
    terms = checked_terms(details, Recorded(contract_id=contract_id, number=1, by=author, now=now))
    contract = Contract(
        id=contract_id,
        customer_id=check_id(particulars.customer_id, "cus", field="customer_id"),
        owner_id=optional_id(particulars.owner_id, "emp", field="owner_id"),
        author=author,
        state=ContractState.DRAFT,
        time_zone=zone(particulars.time_zone, "time_zone"),
        jurisdiction=_jurisdiction(particulars.jurisdiction),
        consumer=particulars.consumer,
        credit_policy=particulars.credit_policy,
        suspension_extends=particulars.suspension_extends,
        versions=(terms,),
        moves=(),
        predecessor_id=optional_id(particulars.predecessor_id, "con", field="predecessor_id"),
        create_time=now,
        update_time=now,
    )
    first = Move(state=ContractState.DRAFT, effective_date=contract.today(now), recorded_time=now, by=author)
    return replace(contract, moves=(first,))


def update(contract: Contract, particulars: Particulars, *, details: TermsDetails, by: str, now: datetime) -> Contract:
    """Return the draft written anew; its customer stays. Refused as `draft`, and once it is no draft."""
    contract.refuse_unless(Verb.UPDATE)
    zone_name = particulars.time_zone or contract.time_zone
    kept = replace(particulars, customer_id=contract.customer_id, time_zone=zone_name)
    written = draft(contract.id, kept, details=details, author=by, now=now)
    return replace(
        contract,
        owner_id=written.owner_id,
        time_zone=written.time_zone,
        jurisdiction=written.jurisdiction,
        consumer=written.consumer,
        credit_policy=written.credit_policy,
        suspension_extends=written.suspension_extends,
        predecessor_id=written.predecessor_id,
        versions=written.versions,
        update_time=now,
        events=(),
    )


def submit(contract: Contract, *, by: str, reviewer: str, now: datetime) -> Contract:
    """Return the draft handed to a reviewer, or to whoever may review where none is named."""
    moved = contract.moved(Verb.SUBMIT, now, by=by)
    asked = _reviewer(contract, reviewer, submitted_by=by)
    review = Review(reviewer=asked, submitted_by=by, submitted_time=now, comments=contract.review.comments)
    return replace(moved, review=review)


def assign(contract: Contract, *, by: str, reviewer: str, now: datetime) -> Contract:
    """Return the contract with another reviewer asked."""
    moved = contract.moved(Verb.ASSIGN, now, by=by)
    asked = _reviewer(contract, reviewer, submitted_by=contract.review.submitted_by)
    return replace(moved, review=replace(contract.review, reviewer=asked))


def approve(contract: Contract, *, by: str, now: datetime) -> Contract:
    """Return the contract approved by somebody who neither wrote nor submitted it: four eyes.

    Refused with REVIEWER_IS_AUTHOR, REVIEWER_IS_ANOTHER (somebody else was asked).
    """
    moved = contract.moved(Verb.APPROVE, now, by=by)
    if by in _writers(contract, contract.review.submitted_by):
        raise ReviewerIsAuthor(contract.id)
    if contract.review.reviewer not in {"", by}:
        raise ReviewerIsAnother(contract.id, reviewer=contract.review.reviewer)
    review = replace(contract.review, approved_by=by, approved_time=now)
    return _passed(replace(moved, review=review), Gate.LEGAL, by=by, now=now)


def give_back(contract: Contract, *, by: str, comment: str, now: datetime) -> Contract:
    """Return the contract as a draft again, with what its author must do; the comment is required."""
    moved = contract.moved(Verb.RETURN, now, by=by, reason=_comment(comment))
    return _draft_again(comment_on(moved, by=by, comment=comment, now=now, verb=None))


def withdraw(contract: Contract, *, by: str, now: datetime) -> Contract:
    """Return the contract as a draft again, taken back before it was signed."""
    return _draft_again(contract.moved(Verb.WITHDRAW, now, by=by))


def comment_on(
    contract: Contract, *, by: str, comment: str, now: datetime, verb: Verb | None = Verb.COMMENT
) -> Contract:
    """Return the contract with a remark kept; at most 500 of them."""
    if verb:
        contract.refuse_unless(verb)
    if len(contract.review.comments) >= MOST_COMMENTS:
        raise InvalidField("comment", f"The contract has {MOST_COMMENTS} comments already.")
    said = Comment(by=by, time=now, text=_comment(comment))
    review = replace(contract.review, comments=(*contract.review.comments, said))
    return replace(contract, review=review, update_time=now, events=())


def sign(contract: Contract, *, by: str, departments: tuple[str, ...], now: datetime) -> Contract:
    """Return the contract signed by both sides; from here on nothing of it is edited.

    `departments` get copies: the event names them.
    """
    moved = replace(contract.moved(Verb.SIGN, now, by=by), signed_time=now)
    said = ContractSigned(
        contract_id=contract.id,
        customer_id=contract.customer_id,
        owner_id=contract.owner_id,
        departments=departments,
        contract_version=contract.version + 1,
        occurred_time=now,
    )
    return replace(_passed(moved, Gate.SIGNATURE, by=by, now=now), events=(said,))


def _draft_again(contract: Contract) -> Contract:
    review = Review(reviewer=contract.review.reviewer, comments=contract.review.comments)
    return replace(contract, review=review, gates=())


def _passed(contract: Contract, gate: Gate, *, by: str, now: datetime) -> Contract:
    if contract.passed(gate):
        return contract
    return replace(contract, gates=(*contract.gates, GatePassed(gate=gate, by=by, time=now)))


def _writers(contract: Contract, submitted_by: str) -> frozenset[str]:
    return frozenset({contract.author, submitted_by, contract.terms.recorded_by})


def _reviewer(contract: Contract, reviewer: str, *, submitted_by: str) -> str:
    asked = line(reviewer, "reviewer", most=MOST_SUBJECT)
    if asked and asked in _writers(contract, submitted_by):
        raise AskedReviewerIsAuthor(contract.id, reviewer=asked)
    return asked


def _comment(comment: str) -> str:
    return text(comment, "comment", most=MOST_COMMENT, least=1)


def _jurisdiction(code: str) -> str:
    if not _JURISDICTION.fullmatch(code):
        raise InvalidField("jurisdiction", "jurisdiction must be a code of ISO 3166 such as CN or US-CA.")
    return code
