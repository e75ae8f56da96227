"""The clauses that a new draft takes over from the contract that it follows, and what is said about it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from services.contracts.domain.life_cycle.contract import JOBS, Contract
from services.contracts.domain.life_cycle.contract_review import comment_on
from services.contracts.domain.paperwork.clause_template import ClauseTemplate
from services.contracts.domain.paperwork.contract_paper import ChosenClause, PaperChoice

MOST_NAMED = 5
"""A comment has room for the names of so many clauses that were left out."""
_NONE = "The draft has no clauses: choose them before it is submitted.\n合同草稿尚无条款，请在提交审核前选择条款。"


def with_clauses(
    draft: Contract, predecessor: Contract | None, *, templates: Mapping[str, ClauseTemplate], now: datetime
) -> Contract:
    """Return the draft with the clauses of its predecessor, in their order and binding language.

    Each is taken in its newest published wording; what is retired is left out. A comment of the draft says, in both
    languages, how many there are and what was left out, or that there are none.
    """
    before = predecessor.paper if predecessor else PaperChoice()
    found = [templates.get(each.template_id) for each in before.clauses]
    taken = tuple(ChosenClause(each.id, each.current.number) for each in found if each and each.current)
    retired = [each.name for each in found if each and not each.current]
    said = _said(predecessor.id, taken=len(taken), retired=retired) if predecessor and before.clauses else _NONE
    paper = PaperChoice(language=before.language, clauses=taken)
    return comment_on(replace(draft, paper=paper), by=JOBS, comment=said, now=now)


def _said(predecessor_id: str, *, taken: int, retired: Sequence[str]) -> str:
    english = f"Clauses taken over from {predecessor_id} in their newest wording: {taken}."
    chinese = f"沿用合同 {predecessor_id} 的条款（最新发布版本）：{taken} 条。"
    if retired:
        more = len(retired) - MOST_NAMED
        named = retired[:MOST_NAMED]
        english += f" Left out, for they are retired: {', '.join(named)}{f' and {more} more' if more > 0 else ''}."
        chinese += f"已停用、未沿用的条款：{'、'.join(named)}{f' 等 {len(retired)} 条' if more > 0 else ''}。"
    return f"{english}\n{chinese}"
