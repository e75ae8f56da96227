"""Starts one role of the contracts service: python -m services.contracts rpc | jobs | migrate."""

import sys

from services.chassis import config, logs
from services.contracts import app
from services.contracts.config import Settings

ROLES = {"rpc": app.rpc, "migrate": app.migrate}


def main(arguments: list[str]) -> int:
    """Run the role named, or say which there are."""
    if len(arguments) != 1 or arguments[0] not in ROLES:
        print(f"usage: python -m services.contracts {' | '.join(ROLES)}", file=sys.stderr)
        return config.WRONG_SETTINGS
    settings = config.load(Settings)
    logs.setup("contracts", arguments[0], settings.log_level)
    ROLES[arguments[0]](settings)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
