"""Checks that requirements.lock is complete: every declared requirement pinned, hashed, and from no named registry."""

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_PIN = re.compile(r"^(?P<name>[\w.-]+)(\[[\w,]+\])?==(?P<version>[^\s;]+)", re.MULTILINE)
_NAME = re.compile(r"[\w.-]+")


def normal(name: str) -> str:
    """Return a distribution's name as registries compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def complaints(pyproject: str, lock: str) -> list[str]:
    """Return what is wrong, each a sentence."""
    project = tomllib.loads(pyproject)["project"]
    declared = [
        *project["dependencies"],
        *(one for extra in project["optional-dependencies"].values() for one in extra),
    ]
    pinned = {normal(found["name"]): found["version"] for found in _PIN.finditer(lock)}
    said = []
    for requirement in declared:
        name = normal(_NAME.match(requirement)[0])  # type: ignore[index]
        exact = requirement.partition("==")[2]
        if name == normal(project["name"]):
            continue
        if name not in pinned:
            said.append(f"requirements.lock lacks {name}; run `make lock`.")
        elif exact and pinned[name] != exact:
            said.append(
                f"requirements.lock pins {name}=={pinned[name]}, pyproject.toml asks for {exact}; run `make lock`."
            )
    said += [f"requirements.lock names an address: {line.strip()}" for line in lock.splitlines() if "://" in line]
    if lock.count("--hash=") < len(pinned):
        said.append("requirements.lock has pins without hashes; run `make lock`.")
    return said


if __name__ == "__main__":
    found = complaints((ROOT / "pyproject.toml").read_text(), (ROOT / "requirements.lock").read_text())
    sys.exit("\n".join(found) or 0)
