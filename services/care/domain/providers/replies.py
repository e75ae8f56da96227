"""What people answer to an SMS to get no more of them."""

import unicodedata

REFUSALS = frozenset(
    (
        *("R", "T", "TD", "N", "0000", "退订", "拒收", "取消"),
        *("STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT", "OPT OUT"),
    )
)
"""`R` and `TD` are what Chinese messages ask for, the English words what American carriers and their law honour."""


def is_refusal(text: str) -> bool:
    """Say whether an answer is a refusal and nothing else: width, case, space and a full stop do not matter."""
    return unicodedata.normalize("NFKC", text).strip().strip(".。!").strip().upper() in REFUSALS
