"""Runs the figures of care, the gateway and contracts, prints them, and writes results.json and the table."""

import argparse
import json
import platform
import statistics
import traceback
from collections.abc import Sequence
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
_VERSIONS = ("pymongo", "python-liquid", "aiosmtplib", "strawberry-graphql", "grpcio", "protobuf")
_LONGEST_REASON = 300


def main() -> None:
    """Measure and print; a whole run is written down, too."""
    parser = argparse.ArgumentParser(prog="bench", description="Measure our figures beside their references.")
    parser.add_argument("--members", type=int, default=parts.MEMBERS, help="members in the database")
    parser.add_argument("--only", choices=parts.NAMES, action="append", help="measure a part, and write nothing")
    options = parser.parse_args()
    rows: list[Figure | NotMeasured] = []
    with parts.Bench(options.members) as bench:
        for part in parts.chosen(options.only):
            Console().print(f"{part.name} ...")
            rows += _measured(part, bench)
    _print(rows)
    if not options.only:
        _write(rows)


def _measured(part: parts.Part, bench: parts.Bench) -> Sequence[Figure | NotMeasured]:
    """Whatever goes wrong with one part is told in its row, and the others are measured."""
    try:
        return part.measure(bench)
    except Exception as error:  # noqa: BLE001
        traceback.print_exc()
        return [NotMeasured(part.name, f"{type(error).__name__}: {' '.join(str(error).split())[:_LONGEST_REASON]}")]


def _print(rows: Sequence[Figure | NotMeasured]) -> None:
    table = Table("", "what", "ours, us", "reference, us", "ratio (min-max)", "reach", "", title="Figures")
    for row in rows:
        table.add_row(*_cells(row))
    Console(width=200).print(table)


def _cells(row: Figure | NotMeasured) -> list[str]:
    if isinstance(row, NotMeasured):
        return [row.key, f"not measured: {row.why}", "", "", "", "", "NOT measured"]
    spread = f"{row.ratio:.2f} ({min(row.ratios):.2f}-{max(row.ratios):.2f})"
    return [
        row.key,
        f"{row.what}{f' [{row.notes}]' if row.notes else ''}",
        f"{statistics.median(row.ours_us):,.1f}",
        f"{statistics.median(row.reference_us):,.1f}",
        spread,
        row.reach,
        "reached" if row.reached else "NOT reached",
    ]


def _markdown(row: Figure | NotMeasured) -> str:
    cells = [each.replace("|", "\\|") for each in _cells(row)]
    reference = row.reference if isinstance(row, Figure) else ""
    return f"| {' | '.join([*cells[:2], reference, *cells[2:]])} |"


def _entry(row: Figure | NotMeasured) -> dict[str, Any]:
    if isinstance(row, NotMeasured):
        return asdict(row)
    return {**asdict(row), "ratio": round(row.ratio, 3), "reached": row.reached}


def _write(rows: Sequence[Figure | NotMeasured]) -> None:
    machine = {
        "processor": platform.machine(),
        "cores": psutil.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30),
        "python": platform.python_version(),
        **{name: version(name) for name in _VERSIONS},
    }
    results: dict[str, Any] = {"machine": machine, "figures": [_entry(row) for row in rows]}
    (HERE / "results.json").write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n")
    table = "\n".join(_markdown(row) for row in rows)
    head = f"| | what | reference | ours, us | reference, us | ratio (min-max) | reach | |\n{'|---' * 8}|\n"
    told = ", ".join(f"{name} {value}" for name, value in machine.items())
    page = (HERE / "README.md").read_text()
    before, mark, _ = page.partition("<!-- table -->")
    (HERE / "README.md").write_text(f"{before}{mark}\n{head}{table}\n\nMachine: {told}.\n")


if __name__ == "__main__":
    main()
