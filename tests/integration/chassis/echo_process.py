"""Starts a role of the echo service, as a service's `__main__` does: `python -m ...echo_process consumers|jobs`."""

import sys
from typing import Any


def _build_consumers() -> Any:
    from tests.integration.chassis.echo import build_consumers

    return build_consumers()


if __name__ == "__main__":
    if sys.argv[1] == "consumers":
        from services.chassis.consumers_runner import run_consumers

        run_consumers(_build_consumers)
    else:
        from tests.integration.chassis.echo import run_echo_jobs

        run_echo_jobs()
