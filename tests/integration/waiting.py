"""Patience: a condition that must come true, however busy the machine is."""

import time
from collections.abc import Callable


def wait_until(met: Callable[[], object], seconds: float = 60.0) -> None:
    """Return once the condition is met, or fail."""
    ends = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < ends, "it did not happen in time"
        time.sleep(0.02)
