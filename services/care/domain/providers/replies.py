"""What people answer to an SMS to get no more of them."""

import re
import unicodedata
from itertools import product

_CODES = ("R", "T", "TD", "N", "0000")
"""What Chinese messages ask for."""
_CHINESE = (
    *("退订", "退訂", "拒收", "拒绝", "拒絕", "取消", "取消订阅", "取消訂閱", "停止", "停止发送"),
    *("不要再发", "不要再发了", "别再发了", "不要发了", "别发了"),
)
_ENGLISH = ("STOP", "STOPALL", "UNSUBSCRIBE", "UNSUB", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT")
"""What American carriers and their law honour."""
_COPIED = ("拒收请回复R", "退订回复TD", "退订回T")
_SAID = product(("", "回", "回复", "回覆"), ("", *_CODES), ("", *_CHINESE))
REFUSALS = frozenset((*(f"{verb}{code}{word}" for verb, code, word in _SAID if code or word), *_COPIED, *_ENGLISH))
"""People also answer with more of what they read: `回复R`, `TD退订`."""
_BETWEEN = re.compile(r"[^\w?]|_")


def is_refusal(text: str) -> bool:
    """Say whether an answer is a refusal and nothing else: width, case, space, quotes and punctuation do not matter.

    A question is none.
    """
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", text)).upper() in REFUSALS
