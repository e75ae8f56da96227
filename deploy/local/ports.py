"""Finds loopback ports that nobody uses, and reserves them against everybody who asks here."""

import contextlib
import random
import socket

LOOPBACK = "127.0.0.1"
FIRST, LAST = 20_000, 32_000
"""Outside of the range that the kernel hands out to clients."""
_random = random.SystemRandom()
_reserved: dict[int, int] = {}


def is_free(port: int) -> bool:
    """Say whether a server could listen on this port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def reserve(port: int) -> bool:
    """Take a port for as long as this process lives, or say that somebody has it.

    Minutes can lie between choosing a port and listening on it, and of two suites that start together one in thirty
    would meet the other. So the choice is announced by an abstract socket, which dies with its process.
    """
    if port in _reserved:
        return is_free(port)
    with contextlib.ExitStack() as undo:
        mark = undo.enter_context(socket.socket(socket.AF_UNIX))
        try:
            mark.bind(f"\0membercare-port-{port}")
        except OSError:
            return False
        if not is_free(port):
            return False
        _reserved[port] = mark.detach()
    return True


def free_port() -> int:
    """Return a port that nobody listens on and nobody has reserved; it is then ours."""
    for _ in range(1000):
        port = _random.randrange(FIRST, LAST)
        if port not in _reserved and reserve(port):
            return port
    raise RuntimeError(f"No free port between {FIRST} and {LAST} on {LOOPBACK}. Close some programs and try again.")


def free_ports(count: int) -> list[int]:
    """Return so many different free ports."""
    return sorted(free_port() for _ in range(count))
