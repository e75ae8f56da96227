"""Checks that what an image copies is there, since no image is built where the tests run."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

SERVICES = ("contracts", "care", "feedback", "kpi")
_COPY = re.compile(r"^COPY\s+(?P<words>.+)$", re.MULTILINE)
_EXTRA = re.compile(r"RUN python deploy/images/subset\.py \"?(?P<extra>\w+)")


def complaints(root: Path) -> Iterator[str]:
    """Yield every path that a Dockerfile copies and nobody has, and every extra it installs that is not declared."""
    extras = set(tomllib.loads((root / "pyproject.toml").read_text())["project"]["optional-dependencies"])
    for dockerfile in sorted((root / "deploy/images").glob("*.Dockerfile")):
        text, name = dockerfile.read_text(), dockerfile.relative_to(root)
        variants = [text.replace("${SERVICE}", service) for service in SERVICES] if "${SERVICE}" in text else [text]
        missing = {path for said in variants for path in copied(said) if not (root / path).exists()}
        yield from (f"{name}:1: copies {path}, which does not exist" for path in sorted(missing))
        unknown = {extra for said in variants for extra in _EXTRA.findall(said)} - extras
        yield from (f"{name}:1: installs the extra {extra}, which is not declared" for extra in sorted(unknown))


def copied(dockerfile: str) -> list[str]:
    """Return the paths taken from the repository; those of other build stages are not."""
    paths: list[str] = []
    for found in _COPY.finditer(dockerfile):
        words = found["words"].split()
        if any(word.startswith("--from=") for word in words):
            continue
        paths += [word for word in words if not word.startswith("--")][:-1]
    return paths
