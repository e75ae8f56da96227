"""Starts one role of the care service: python -m services.care rpc | consumers | jobs | dispatch | migrate | replay."""

import sys

from services.care import app
from services.care.config import Settings, mistakes
from services.chassis import config, logs

ROLES = {
    "rpc": app.rpc,
    "consumers": app.consumers,
    "jobs": app.jobs,
    "dispatch": app.dispatch,
    "migrate": app.migrate,
}


def main(arguments: list[str]) -> int:
    """Run the role named, or say which there are."""
    role = arguments[0] if arguments else ""
    if role != "replay" and (role not in ROLES or len(arguments) != 1):
        print(f"usage: python -m services.care {' | '.join(ROLES)} | replay --event ID", file=sys.stderr)
        return config.WRONG_SETTINGS
    settings = config.load(Settings)
    if found := mistakes(settings):
        config.refuse(found)
    logs.setup("care", role, level=settings.log_level)
    if role == "replay":
        return app.replay(settings, arguments[1:])
    ROLES[role](settings)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
