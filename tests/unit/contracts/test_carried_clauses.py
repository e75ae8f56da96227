"""What is said about the clauses that a draft was begun with."""

from dataclasses import replace

from services.contracts.domain.paperwork.carried_clauses import with_clauses
from services.contracts.domain.paperwork.clause_template import ClauseTemplate, ClauseText
from services.contracts.domain.paperwork.contract_paper import ChosenClause, PaperChoice, PaperLanguage
from tests.unit.contracts.contract_cases import CONTRACT, NOON, a_draft

TEXT = ClauseText(language=PaperLanguage.EN, title="Care", body="We care.")


def retired(number: int) -> ClauseTemplate:
    name = "x" * 98 + f"{number:02}"
    draft = ClauseTemplate.write(f"tpl_{number:026}", name, texts=(TEXT,), author="leo", now=NOON)
    return draft.publish(by="lin", now=NOON).retire(NOON)


def test_of_many_clauses_that_are_retired_some_are_named_and_the_rest_is_counted() -> None:
    templates = {each.id: each for each in (retired(number) for number in range(100))}
    paper = PaperChoice(clauses=tuple(ChosenClause(key, 1) for key in templates))
    before = replace(a_draft(), paper=paper)
    draft = with_clauses(a_draft(), before, templates=templates, now=NOON)
    (comment,) = draft.review.comments
    english, chinese = comment.text.split("\n")
    assert draft.paper.clauses == ()
    assert english.startswith(f"Clauses taken over from {CONTRACT} in their newest wording: 0.")
    assert english.endswith(f"{'x' * 98}04 and 95 more.")
    assert chinese.endswith(f"{'x' * 98}04 等 100 条。")
