"""A process that behaves like one of the suite, for tests of the supervisor: says ready, drains on SIGTERM."""

import signal
import sys
import time


def say(line: str) -> None:
    """Write a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def drain(*_: object) -> None:
    """End in order."""
    say('{"event": "stopped"}')
    sys.exit(0)


def main(behaviour: str) -> None:
    """Serve, or do what the test wants to see handled."""
    if behaviour == "wrong-settings":
        say("The settings are wrong:\n  - SPEED is missing")
        sys.exit(2)
    if behaviour == "luckless":
        say("no luck")
        sys.exit(7)
    signal.signal(signal.SIGTERM, signal.SIG_IGN if behaviour == "stubborn" else drain)
    say("alive" if behaviour == "never-ready" else '{"event": "ready"}')
    while True:
        time.sleep(0.05)


if __name__ == "__main__":
    main(sys.argv[1])
