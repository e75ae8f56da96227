"""Runs a service's consumers: patches the process for eventlet before anything else is imported, then serves."""

import signal
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import eventlet

if TYPE_CHECKING:
    from services.chassis.bus_entrypoints import Consumers


def run_consumers(build: Callable[[], "Consumers"]) -> None:
    """Patch, build and serve until SIGTERM, then let what was begun end; returns for exit status 0.

    `build` imports the service's app itself, for a driver that was imported unpatched blocks every handler. The
    process must never import grpc: in a patched process it hangs.
    """
    early = sorted({"pymongo", "mongoengine", "grpc"} & set(sys.modules))
    if early:
        raise RuntimeError(f"Imported before the process was patched: {', '.join(early)}.")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # until there is something to drain
    eventlet.monkey_patch()
    from services.chassis.nameko_container import serve  # noqa: PLC0415  # patched now

    serve(build())
