"""Reads the tables of a service's README, so that tests can hold them against the code."""

from collections.abc import Mapping
from pathlib import Path

from services.chassis.config import variables

ROOT = Path(__file__).parents[2]


def table(service: str, heading: str) -> list[tuple[str, ...]]:
    """Return the rows of the table under a heading, without back quotes and without the head."""
    section = (ROOT / "services" / service / "README.md").read_text().split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [tuple(cell.strip().strip("`") for cell in line.strip("|").split(" | ")) for line in lines[2:]]


def settings_rows(settings: type) -> list[tuple[str, ...]]:
    """Return what the settings table of a README must say: variable, default, meaning."""
    return [
        (name, "" if field.default is None else str(field.default), field.metadata["doc"].strip("`"))
        for name, field in variables(settings).items()
    ]


def access_rows(access: Mapping[str, frozenset[str]]) -> list[tuple[str, ...]]:
    """Return what the access table of a README must say: method, roles."""
    return [(method, ", ".join(sorted(roles))) for method, roles in access.items()]
