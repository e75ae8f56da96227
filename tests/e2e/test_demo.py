"""The demo as a person runs it, against a suite of its own: what it shows is so, and twice greets nobody twice."""

import csv
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from deploy.local.sink_client import SinkClient
from deploy.local.suite import Suite

EXAMPLES = Path(__file__).parents[2] / "examples"
FAST = {"SWEEP_SECONDS": "0.5"}


@pytest.fixture(scope="module")
def demo_suite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Suite]:
    with Suite(tmp_path_factory.mktemp("demo"), extra_env=FAST) as suite:
        yield suite


@pytest.fixture(scope="module")
def members(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everybody born today, by the sun, and a few hundred others: the whole file takes longer and shows no more."""
    header, *rows = (EXAMPLES / "members.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    today = f"-{datetime.now(UTC).astimezone(ZoneInfo('Asia/Shanghai')):%m-%d},"
    file = tmp_path_factory.mktemp("demo-members") / "members.csv"
    file.write_text(header + "".join([*rows[:400], *(row for row in rows[400:] if today in row)]), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def first(demo_suite: Suite, members: Path) -> str:
    """What the demo says when it runs for the first time, whichever test asks first."""
    return demo(demo_suite, members)


def people(members: Path) -> set[str]:
    """Return what tells who somebody is: each name, address and number of the file, as written and as stored."""
    with members.open(encoding="utf-8-sig", newline="") as file:
        told = {row[column] or "" for row in csv.DictReader(file) for column in ("name", "email", "phone")}
    return {form for cell in told for form in (cell, cell.lower(), cell.replace(" ", "")) if len(form) > 1}


def logs_of(suite: Suite) -> str:
    """Return what the processes of the product wrote down."""
    files = (suite.places.data / "logs").glob("*-*.log")
    return "".join(path.read_text(encoding="utf-8") for path in [*files, suite.places.data / "logs" / "gateway.log"])


def demo(suite: Suite, members: Path) -> str:
    arguments = ["--data", str(suite.places.data), "--lang", "en", "--members", str(members)]
    ended = subprocess.run(
        [sys.executable, "-m", "deploy.demo", *arguments],
        env={**os.environ, "COLUMNS": "160"},
        capture_output=True,
        text=True,
        check=False,
        timeout=220,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


@pytest.mark.timeout(480)
def test_the_demo_plays_the_whole_loop_and_a_second_time_sends_nothing(
    demo_suite: Suite, members: Path, first: str
) -> None:
    sink = SinkClient(demo_suite.places.sink_url)
    assert "The author tries to approve it: " in first
    assert "(APPROVER_IS_AUTHOR)" in first
    assert "Cases closed on time, Miriam Okafor" in first
    assert "The warranty ends soon, so a signing offer is open" in first
    assert "repair: COVERED (WARRANTY)" in first
    assert "repair: COVERED (CONTRACT)" in first
    assert "relocation: CHARGEABLE (SERVICE_TYPE_NOT_COVERED)" in first
    assert "The renewal is won: the term goes on to" in first
    for held_back in (
        "何晓梅 is not in: ",
        "No address for this channel is on record. Another channel takes over.",
        "It is quiet time where the member lives.",
        "Jack Nolan unsubscribes by the link in the mail: EMAIL MARKETING withdrawn",
        "A message of higher priority took the last place under the cap.",
        "Nothing is sent on this day.",
        "The member is in the control group of the campaign.",
    ):
        assert held_back in first
    offers = re.search(r"Offers in this run: (\d+) sent; \1 of all runs together", first)
    assert offers is not None
    assert "PROVIDER_REFUSED" in first
    assert "the mail server put it off; try " in first
    offered, both = int(offers[1]), sink.stats()["deliveries"]
    assert len([each for each in sink.messages() if each["from"] == "sms"]) == 2
    assert 4 < offered < 4 + 24
    sent = both - offered
    assert sent >= 4
    assert f", {sent} sent. Run the demo again: nobody is greeted twice." in first

    second = demo(demo_suite, members)
    assert f"0 new in the ledger, 0 sent. {sent} were sent before, and nobody is greeted twice." in second
    assert f"Offers in this run: 0 sent; {offered} of all runs together." in second
    assert "+ " not in second  # every line of the story was found done
    figures = sink.stats()
    assert (figures["deliveries"], figures["recipients"], figures["doubled"]) == (both, both, 0)


@pytest.mark.timeout(480)
@pytest.mark.usefixtures("first")
def test_after_a_demo_no_log_tells_who_anybody_is(demo_suite: Suite, members: Path) -> None:
    written = logs_of(demo_suite)
    assert '"method":"ImportMembers"' in written
    assert [each for each in people(members) if each in written] == []
