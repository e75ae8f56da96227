"""Prints the part of requirements.lock that one extra or one package needs, hashes and all: an image's own list."""

import re
import sys
import tomllib
from collections import defaultdict
from pathlib import Path

_PIN = re.compile(r"^(?P<name>[\w.-]+)(\[[\w,]+\])?==")
_REQUIREMENT = re.compile(r"(?P<name>[\w.-]+)(\[(?P<extras>[\w,]+)\])?")
_VIA = re.compile(r"^    #(?: via)?\s+(?P<parent>[\w.-]+)")


def normal(name: str) -> str:
    """Return a distribution's name as registries compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def declared(project: dict[str, object], extra: str) -> set[str]:
    """Return the names that the project and one of its extras ask for, through extras that name extras."""
    optional = project["optional-dependencies"]
    if not isinstance(optional, dict) or extra not in optional:
        raise SystemExit(f"pyproject.toml declares no extra {extra!r}.")
    names: set[str] = set()
    waiting = [*project["dependencies"], *optional[extra]]  # type: ignore[misc]
    while waiting:
        found = _REQUIREMENT.match(waiting.pop())
        if found and normal(found["name"]) == project["name"]:
            waiting += [one for inner in (found["extras"] or "").split(",") for one in optional[inner]]
        elif found:
            names.add(normal(found["name"]))
    return names


def entries(lock: str) -> dict[str, str]:
    """Return the text of each pin by its name."""
    found: dict[str, list[str]] = {}
    name = ""
    for line in lock.splitlines():
        if pin := _PIN.match(line):
            name = normal(pin["name"])
        if name:
            found.setdefault(name, []).append(line)
    return {name: "\n".join(lines) for name, lines in found.items()}


def closure(pins: dict[str, str], roots: set[str]) -> list[str]:
    """Return the names that the roots need, by the lock's own notes of who asked for whom."""
    needs: dict[str, set[str]] = defaultdict(set)
    for name, text in pins.items():
        for line in text.splitlines():
            if via := _VIA.match(line):
                needs[normal(via["parent"])].add(name)
    reached: set[str] = set()
    waiting = [root for root in roots if root in pins]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += needs[name]
    return sorted(reached)


def main(arguments: list[str]) -> None:
    """Print the list of `EXTRA`, or of `--package NAME`."""
    pyproject = tomllib.loads(Path("pyproject.toml").read_text())
    pins = entries(Path("requirements.lock").read_text())
    of_package = arguments[0] == "--package"
    roots = {normal(arguments[1])} if of_package else declared(pyproject["project"], arguments[0])
    sys.stdout.write("\n".join(pins[name] for name in closure(pins, roots)) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
