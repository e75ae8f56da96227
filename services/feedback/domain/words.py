"""Other people's words, made fit to be stored."""

import unicodedata


def readable(words: str, *, most: int) -> str:
    """Return the words without stray control characters, cut where they are too long.

    What a person told us must not get lost because it cannot be stored as it came.
    """
    kept = "".join(mark for mark in words if mark in "\n\t" or unicodedata.category(mark) != "Cc").strip()
    return kept if len(kept) <= most else kept[: most - 1] + "…"
