import re
import tomllib
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[3]


def direct() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    names = {re.split(r"[\[=<>~ ;]", requirement)[0] for group in groups for requirement in group}
    return names - {"membercare"}


def told() -> Counter[str]:
    lines = (ROOT / "docs/dependencies.md").read_text().splitlines()
    names = [line.split("|")[1].strip() for line in lines if line.startswith("| ")]
    return Counter(name for name in names if name != "Package")


def test_every_direct_dependency_has_one_line_that_says_why_and_no_line_stands_without_one() -> None:
    assert told() == Counter(direct())


def test_every_line_tells_reason_licence_and_importer() -> None:
    rows = [line for line in (ROOT / "docs/dependencies.md").read_text().splitlines() if line.startswith("| ")]
    assert [row for row in rows if len([cell for cell in row.strip("|").split("|") if cell.strip()]) != 4] == []
