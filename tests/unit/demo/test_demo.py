import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from rich.console import Console
from typer import Typer
from typer.testing import CliRunner

from deploy.demo.__main__ import main
from deploy.demo.campaign import Ledger, Waiting
from deploy.demo.gateway import Gateway, Person, Refused, request_id
from deploy.demo.imports import sliced
from deploy.demo.report import show
from deploy.demo.screen import Screen, Trouble, language
from deploy.demo.stage import Stage
from deploy.demo.states import STATES
from deploy.local import state
from services.care.domain.sending.touch import TouchState
from tests.fakes.clock import FrozenClock

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
OPS = Person("demo-ops", ("ops",))


def answering(*answers: object) -> Gateway:
    left = list(answers)

    def answer(request: httpx.Request) -> httpx.Response:
        assert request.headers["authorization"] == "Bearer token of demo-ops"
        return httpx.Response(200, json=left.pop(0))

    http = httpx.Client(transport=httpx.MockTransport(answer))
    return Gateway("http://gateway/graphql", lambda who: f"token of {who.subject}", ".run/logs", http)


def test_a_slice_carries_the_header_and_reports_the_lines_of_the_whole_file() -> None:
    text = "ref,name\n" + "".join(f"{number},n\n" for number in range(2, 8))
    assert list(sliced(text, 4)) == [
        ("ref,name\n2,n\n3,n\n4,n\n5,n\n", 0, 4),
        ("ref,name\n6,n\n7,n\n", 4, 2),
    ]


@pytest.mark.parametrize(
    ("asked", "environment", "spoken"),
    [
        ("", {"LANG": "zh_CN.UTF-8"}, "zh"),
        ("", {"LANG": "en_GB.UTF-8"}, "en"),
        ("", {"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}, "en"),
        ("", {}, "en"),
        ("zh", {"LANG": "en_GB.UTF-8"}, "zh"),
    ],
)
def test_the_language_is_the_one_asked_for_or_that_of_the_terminal(
    asked: str, environment: dict[str, str], spoken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert language(asked) == spoken


def test_a_refused_change_is_told_by_code_message_and_field() -> None:
    refusal = {"code": "INVALID_FIELD", "message": "name is missing.", "field": "name"}
    with pytest.raises(Refused, match=r"^name is missing\. \(INVALID_FIELD, name\)$"):
        answering({"data": {"createMember": refusal}}).change(OPS, "mutation")


def test_a_service_that_is_down_is_told_with_what_to_do() -> None:
    error = {
        "message": "The care service is not available. Retry later.",
        "path": ["members"],
        "extensions": {"code": "SERVICE_UNAVAILABLE"},
    }
    with pytest.raises(Trouble) as told:
        answering({"errors": [error], "data": None}).ask(OPS, "{ members }")
    assert told.value.english == (
        "members: The care service is not available. Retry later. (SERVICE_UNAVAILABLE)\n"
        "A service is down or just starting again; .run/logs says why. Wait a moment and run the demo again."
    )


def test_a_gateway_that_is_away_is_told_with_what_to_do() -> None:
    gateway = Gateway("http://127.0.0.1:9/graphql", lambda _: "token", ".run/logs")
    with pytest.raises(Trouble, match=r"^The gateway at .*/graphql does not answer \(ConnectError\)"):
        gateway.ask(OPS, "{ viewer { subject } }")


def test_a_change_sent_again_has_the_same_request_id() -> None:
    assert request_id("con_1", "SIGNED") == request_id("con_1", "SIGNED") != request_id("con_1", "DRAFT")


def test_every_state_of_the_ledger_has_words_in_both_languages() -> None:
    assert set(STATES) == {state.removeprefix("TOUCH_STATE_") for state in TouchState}


@pytest.mark.parametrize(
    ("speaks", "line"),
    [
        ("en", "In this run: 0 new in the ledger, 0 sent. 7 were sent before, and nobody is greeted twice."),
        ("zh", "本次运行：台账新增 0 条，发送 0 封。此前已发送 7 封，不会有人收到两次。"),
    ],
)
def test_a_second_run_says_that_nothing_was_sent(speaks: str, line: str) -> None:
    written = io.StringIO()
    screen = Screen(Console(file=written, width=200), speaks)
    ledger = Ledger("cmp_1", "2026-11-22", 9, {("SENT", ""): 7, ("PLANNED", ""): 2}, waiting())
    show(Stage(answering(), screen, FrozenClock(NOW)), ledger, after=ledger)
    assert line in written.getvalue()


def waiting() -> list[Waiting]:
    return [
        Waiting(NOW + timedelta(hours=4, minutes=5), 0, "America/Los_Angeles"),
        Waiting(NOW + timedelta(minutes=1), 1, "Asia/Shanghai"),
    ]


def test_what_waits_is_not_overdue_until_its_time_has_come() -> None:
    ledger = Ledger("cmp_1", "2026-11-22", 2, {}, waiting())
    assert [ledger.overdue(NOW + timedelta(minutes=minutes)) for minutes in (0, 1, 300)] == [0, 1, 2]


def command(data: Path) -> tuple[int, str]:
    app = Typer(pretty_exceptions_enable=False)
    app.command()(main)
    ended = CliRunner().invoke(app, ["--data", str(data), "--lang", "en"])
    return ended.exit_code, " ".join(ended.output.split())


def test_without_a_suite_it_says_how_to_start_one_and_fails(tmp_path: Path) -> None:
    assert command(tmp_path) == (
        1,
        f"No suite runs on {tmp_path}. Start one in another terminal: make run DATA={tmp_path}",
    )


def test_it_writes_to_nobody_by_a_real_mail_server(tmp_path: Path) -> None:
    suite = {"sink_url": "", "smtp_url": "smtp://mail.example.com:25", "graphql": "http://127.0.0.1:9/graphql"}
    held = state.hold(tmp_path)  # as a supervisor does
    (tmp_path / "suite.json").write_text(json.dumps(suite))
    code, said = command(tmp_path)
    held.release()
    assert code == 1
    assert said.startswith("This suite sends its mail by smtp://mail.example.com:25, a real server.")
