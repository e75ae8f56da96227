"""What may be said of variants, in two languages."""

from services.care.domain.campaigns.comparison import Comparison, Verdict

_WORDS: dict[Verdict, tuple[str, str]] = {
    Verdict.WINNER: (
        "{winner} does better than each other variant; chance alone hardly explains it.",
        "{winner} 优于其他所有方案，差异不太可能出于偶然。",
    ),
    Verdict.NO_DIFFERENCE: (
        "No difference is shown: chance alone may explain what is seen.",
        "未显示差异：目前的差别可能只是偶然。",
    ),
    Verdict.TOO_FEW: ("There are too few results to say anything.", "结果太少，还不能下结论。"),
}


def verdict_in_words(comparison: Comparison) -> tuple[str, str]:
    """Return the verdict in English and in Simplified Chinese."""
    english, chinese = _WORDS[comparison.verdict]
    return english.format(winner=comparison.winner), chinese.format(winner=comparison.winner)
