from datetime import date

import pytest

from services.contracts.domain.figures.value_reasons import Because, reason
from services.contracts.domain.terms.numbered import numbered


@pytest.mark.parametrize(
    ("text", "count", "said"),
    [
        ("{value} visit(s)", 1, "{value} visit"),
        ("{value} visit(s)", 2, "{value} visits"),
        ("{value} visit(s)", 0, "{value} visits"),
        ("{value} day(s) late", "1", "{value} day late"),
        ("{value} day(s) late", "1.5", "{value} days late"),
        ("nothing to count (so far)", 2, "nothing to count (so far)"),
        ("it (was|were) there", 1, "it was there"),
        ("they (was|were) there", 3, "they were there"),
    ],
)
def test_words_agree_with_their_number(text: str, count: object, said: str) -> None:
    assert numbered(text, count) == said


@pytest.mark.parametrize(
    ("count", "english", "chinese"),
    [
        (
            1,
            "1 contract ends by 2026-12-31, and none that follows is signed.",
            "1 份合同将于 2026-12-31 前到期，尚未签订后续合同。",
        ),
        (
            2,
            "2 contracts end by 2026-12-31, and none that follows is signed.",
            "2 份合同将于 2026-12-31 前到期，尚未签订后续合同。",
        ),
    ],
)
def test_a_reason_of_value_agrees_with_its_number(count: int, english: str, chinese: str) -> None:
    said = reason(Because.CONTRACT_ENDING, count=count, day=date(2026, 12, 31))
    assert (said.text_en, said.text_zh) == (english, chinese)
