"""Runs the figures of care, the gateway and contracts, prints them, and writes results.json and the table."""

import argparse
import json
import platform
import statistics
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil
from pymongo import MongoClient
from rich.console import Console
from rich.table import Table

from bench import care_dispatch, care_planning, care_render, care_segments, care_smtp, population
from bench.measure import Figure
from deploy.local.mongod import Mongod
from services.care import app
from services.care.config import Settings
from services.chassis import mongo

HERE = Path(__file__).parent
MEMBERS, TOUCHES, SENT, MAILS = 1_000_000, 20_000, 5_000, 10_000
_VERSIONS = ("pymongo", "python-liquid", "aiosmtplib", "strawberry-graphql", "grpcio", "protobuf")


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(prog="bench", description="Measure our figures beside their references.")
    parser.add_argument("--members", type=int, default=MEMBERS, help="members in the database")
    parser.add_argument("--only", choices=["care", "gateway", "contracts"], help="measure a part")
    options = parser.parse_args()
    figures: list[Figure] = []
    if options.only in {None, "care"}:
        figures += _care(options.members)
    if options.only in {None, "gateway"}:
        from bench import gateway

        figures += gateway.figures()
    if options.only in {None, "contracts"}:
        from bench import contracts_billing, contracts_entitlement, contracts_renewals

        for room in (contracts_entitlement, contracts_billing, contracts_renewals):
            figures += room.figures()
            mongo.disconnect("contracts")  # the next one has a database of its own
    _print(figures)
    _write(figures)


def _care(members: int) -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        server = Mongod(Path(folder)).start()
        try:
            Console().print(f"Loading {members:,} members ...")
            with MongoClient[dict[str, Any]](server.url) as client:
                population.fill(client["bench"], members)
            app.migrate(Settings(mongo_url=server.url, care_database="bench"))  # indexes built at once cost a third
            database, pids = mongo.handle(app.ALIAS), [server.pid]
            return [
                care_planning.select(database, pids),
                *care_planning.materialise(database, pids, count=TOUCHES),
                care_segments.count(database, pids),
                care_segments.page(database, pids),
                care_render.rendering(count=MAILS),
                care_smtp.handing_over(count=MAILS),
                care_dispatch.end_to_end(database, server.url, pids=pids, count=SENT),
            ]
        finally:
            server.stop()


def _print(figures: Sequence[Figure]) -> None:
    table = Table("", "what", "ours, us", "reference, us", "ratio (min-max)", "reach", "", title="Figures")
    for figure in figures:
        table.add_row(*_row(figure))
    Console(width=200).print(table)


def _row(figure: Figure) -> list[str]:
    spread = f"{figure.ratio:.2f} ({min(figure.ratios):.2f}-{max(figure.ratios):.2f})"
    return [
        figure.key,
        f"{figure.what}{f' [{figure.notes}]' if figure.notes else ''}",
        f"{statistics.median(figure.ours_us):,.1f}",
        f"{statistics.median(figure.reference_us):,.1f}",
        spread,
        figure.reach,
        "reached" if figure.reached else "NOT reached",
    ]


def _markdown(figure: Figure) -> str:
    cells = _row(figure)
    return f"| {' | '.join([*cells[:2], figure.reference, *cells[2:]])} |"


def _entry(figure: Figure) -> dict[str, Any]:
    return {**asdict(figure), "ratio": round(figure.ratio, 3), "reached": figure.reached}


def _write(figures: Sequence[Figure]) -> None:
    machine = {
        "processor": platform.machine(),
        "cores": psutil.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30),
        "python": platform.python_version(),
        **{name: version(name) for name in _VERSIONS},
    }
    results: dict[str, Any] = {"machine": machine, "figures": [_entry(figure) for figure in figures]}
    (HERE / "results.json").write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n")
    rows = "\n".join(_markdown(figure) for figure in figures)
    head = f"| | what | reference | ours, us | reference, us | ratio (min-max) | reach | |\n{'|---' * 8}|\n"
    told = ", ".join(f"{name} {value}" for name, value in machine.items())
    page = (HERE / "README.md").read_text()
    before, mark, _ = page.partition("<!-- table -->")
    (HERE / "README.md").write_text(f"{before}{mark}\n{head}{rows}\n\nMachine: {told}.\n")


if __name__ == "__main__":
    main()
