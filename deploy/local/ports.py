"""Finds loopback ports that nobody uses, outside of the range the kernel hands out to clients."""

import random
import socket

LOOPBACK = "127.0.0.1"
FIRST, LAST = 20_000, 32_000
_random = random.SystemRandom()


def is_free(port: int) -> bool:
    """Say whether a server could listen on this port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def free_port(avoid: frozenset[int] | set[int] = frozenset()) -> int:
    """Return one free port; two suites started in the same second hardly ever meet in 12,000 of them."""
    for _ in range(1000):
        port = _random.randrange(FIRST, LAST)
        if port not in avoid and is_free(port):
            return port
    raise RuntimeError(f"No free port between {FIRST} and {LAST} on {LOOPBACK}. Close some programs and try again.")


def free_ports(count: int) -> list[int]:
    """Return so many different free ports."""
    found: set[int] = set()
    while len(found) < count:
        found.add(free_port(found))
    return sorted(found)
