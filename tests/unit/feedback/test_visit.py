from dataclasses import replace

import pytest

from services.feedback.domain.case import CaseDetails
from services.feedback.domain.deadline import CaseSeverity
from services.feedback.domain.kinds import CaseKind, CaseSource
from services.feedback.domain.visit import CompletedVisit, complaint_of

VISIT = CompletedVisit(
    event_id="evt_1",
    visit_id="vis_1",
    contract_id="con_1",
    customer_id="cus_1",
    member_id="mem_1",
    dissatisfied=True,
    satisfaction=2,
    words="没有人来。\nNobody came.",
)


def test_a_dissatisfied_customer_makes_a_complaint_in_their_own_words() -> None:
    assert complaint_of(VISIT) == CaseDetails(
        kind=CaseKind.COMPLAINT,
        severity=CaseSeverity.NORMAL,
        title="回访不满意 · Dissatisfied after a return visit",
        description="没有人来。\nNobody came.",
        customer_id="cus_1",
        member_id="mem_1",
        contract_id="con_1",
        source=CaseSource.VISIT,
        source_id="vis_1",
        source_event_id="evt_1",
    )


def test_a_visit_that_went_well_is_no_complaint_even_where_satisfaction_was_low() -> None:
    assert complaint_of(replace(VISIT, dissatisfied=False, satisfaction=1)) is None


@pytest.mark.parametrize(
    ("satisfaction", "severity"),
    [(0, CaseSeverity.NORMAL), (1, CaseSeverity.HIGH), (2, CaseSeverity.NORMAL), (5, CaseSeverity.NORMAL)],
)
def test_only_the_worst_satisfaction_makes_a_complaint_urgent(satisfaction: int, severity: CaseSeverity) -> None:
    complaint = complaint_of(replace(VISIT, satisfaction=satisfaction))
    assert complaint is not None
    assert complaint.severity is severity


@pytest.mark.parametrize(
    ("words", "description"),
    [("", ""), ("  \x07Nobody\x00 came.\t ", "Nobody came."), ("x" * 5000, "x" * 5000), ("x" * 5001, "x" * 4999 + "…")],
)
def test_no_complaint_is_lost_for_the_length_or_the_marks_of_its_words(words: str, description: str) -> None:
    complaint = complaint_of(replace(VISIT, words=words))
    assert complaint is not None
    assert complaint.description == description


def test_a_customer_who_is_still_not_content_after_the_case_was_closed_makes_a_grave_complaint_that_says_so() -> None:
    again = complaint_of(replace(VISIT, bad_again=True, satisfaction=3))
    assert again is not None
    assert (again.severity, again.title) == (
        CaseSeverity.HIGH,
        "复访仍不满意 · Still not content after the case was closed",
    )
