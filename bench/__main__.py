"""Runs the figures of care, the gateway and contracts, prints them, and writes them to results.json and the table."""

import argparse
import json
import platform
import re
import statistics
import traceback
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil
from rich.console import Console
from rich.table import Table

from bench import parts
from bench.measure import Figure, NotMeasured

HERE = Path(__file__).parent
RESULTS, PAGE = HERE / "results.json", HERE / "README.md"
_VERSIONS = ("pymongo", "python-liquid", "aiosmtplib", "strawberry-graphql", "grpcio", "protobuf")
_LONGEST_REASON = 300

Entry = dict[str, Any]
"""A row as it stands in results.json."""


def main() -> None:
    """Measure and print; what is measured at full size is written down part by part, in place of the rows before."""
    parser = argparse.ArgumentParser(prog="bench", description="Measure our figures beside their references.")
    parser.add_argument(
        "--members", type=int, default=parts.MEMBERS, help="members in the database; others: no writing"
    )
    parser.add_argument("--only", choices=parts.NAMES, action="append", help="measure a part")
    options = parser.parse_args()
    rows: list[Entry] = []
    with parts.Bench(options.members) as bench:
        for part in parts.chosen(options.only):
            Console().print(f"{part.name} ...")
            measured = [_entry(row) for row in _measured(part, bench)]
            rows += measured
            if options.members == parts.MEMBERS:
                _write(measured, part=part.name)
    _print(rows)


def _measured(part: parts.Part, bench: parts.Bench) -> Sequence[Figure | NotMeasured]:
    """Whatever goes wrong with one part is told in its row, and the others are measured."""
    try:
        return part.measure(bench)
    except Exception as error:  # noqa: BLE001
        traceback.print_exc()
        return [NotMeasured(part.name, f"{type(error).__name__}: {' '.join(str(error).split())[:_LONGEST_REASON]}")]


def _entry(row: Figure | NotMeasured) -> Entry:
    if isinstance(row, NotMeasured):
        return asdict(row)
    return {**asdict(row), "ratio": round(row.ratio, 3), "reached": row.reached}


def _print(rows: Iterable[Entry]) -> None:
    table = Table("", "what", "reference", "ours, us", "reference, us", "ratio (min-max)", "reach", "", title="Figures")
    for row in rows:
        table.add_row(*_cells(row))
    Console(width=200).print(table)


def _cells(row: Entry) -> list[str]:
    if "why" in row:
        return [row["key"], f"not measured: {row['why']}", "", "", "", "", "", "NOT measured"]
    notes = f" [{row['notes']}]" if row["notes"] else ""
    return [
        row["key"],
        row["what"] + notes,
        row["reference"],
        f"{statistics.median(row['ours_us']):,.1f}",
        f"{statistics.median(row['reference_us']):,.1f}",
        f"{row['ratio']:.2f} ({min(row['ratios']):.2f}-{max(row['ratios']):.2f})",
        row["reach"],
        "reached" if row["reached"] else "NOT reached",
    ]


def _write(measured: Iterable[Entry], *, part: str) -> None:
    machine = {
        "processor": platform.machine(),
        "cores": psutil.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30),
        "python": platform.python_version(),
        **{name: version(name) for name in _VERSIONS},
    }
    known = {row["key"]: row for row in json.loads(RESULTS.read_text())["figures"]}
    known.pop(part, None)  # said that the part could not be measured
    rows = sorted((known | {row["key"]: row for row in measured}).values(), key=_place)
    results = {"machine": machine, "figures": rows}
    RESULTS.write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n")
    head = f"| | what | reference | ours, us | reference, us | ratio (min-max) | reach | |\n{'|---' * 8}|\n"
    table = "\n".join(_markdown(row) for row in rows)
    told = ", ".join(f"{name} {value}" for name, value in machine.items())
    before, mark, _ = PAGE.read_text().partition("<!-- table -->")
    PAGE.write_text(f"{before}{mark}\n{head}{table}\n\nMachine: {told}.\n")


def _markdown(row: Entry) -> str:
    cells = [cell.replace("|", "\\|") for cell in _cells(row)]
    return f"| {' | '.join(cells)} |"


def _place(row: Entry) -> tuple[str, int, str]:
    """P2 stands before P10, P2b between P2 and P3, and S1 after all of them."""
    room, number = re.match(r"(\D*)(\d*)", row["key"]).groups()  # type: ignore[union-attr]  # it matches anything
    return (room, int(number or 0), row["key"])


if __name__ == "__main__":
    main()
