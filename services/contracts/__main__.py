"""Starts one role of the contracts service: python -m services.contracts rpc | consumers | jobs | migrate | replay."""

import sys

from services.chassis import config, logs
from services.contracts import app
from services.contracts.config import Settings

ROLES = {"rpc": app.rpc, "consumers": app.consumers, "jobs": app.jobs, "migrate": app.migrate}


def main(arguments: list[str]) -> int:
    """Run the role named, or say which there are."""
    role = arguments[0] if arguments else ""
    if role != "replay" and (role not in ROLES or len(arguments) != 1):
        print(f"usage: python -m services.contracts {' | '.join(ROLES)} | replay --event ID", file=sys.stderr)
        return config.WRONG_SETTINGS
    settings = config.load(Settings)
    logs.setup("contracts", role, level=settings.log_level)
    if role == "replay":
        return app.replay(settings, arguments[1:])
    ROLES[role](settings)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
