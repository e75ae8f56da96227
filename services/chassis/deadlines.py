"""How long the call being served may still take, so that inner calls get less."""

import time
from contextvars import ContextVar

MARGIN_SECONDS = 0.02
"""Kept back from an inner call, so that the outer one has time to say what timed out."""

_ends_at: ContextVar[float | None] = ContextVar("deadline", default=None)


def begin(seconds: float) -> None:
    """Note that the call being served must end within so many seconds."""
    _ends_at.set(time.monotonic() + seconds)


def end() -> None:
    """Forget the deadline when the call ends."""
    _ends_at.set(None)


def remaining(at_most: float) -> float:
    """Return the seconds that an inner call may take: what is left less the margin, and never more than `at_most`.

    The answer is at least one millisecond: a call that has no time left fails at once by its own deadline.
    """
    ends_at = _ends_at.get()
    if ends_at is None:
        return at_most
    return max(0.001, min(at_most, ends_at - time.monotonic() - MARGIN_SECONDS))
