"""Lines of logs: what an exception repeats of a person is not told."""

import json
import logging
from datetime import date

import pytest

from services.chassis import logs
from services.chassis.logs import _JsonLines


def of_a_fault(told: str, caplog: pytest.LogCaptureFixture) -> str:
    """Return the exception of a line about a fault that repeats what was sent."""
    caplog.handler.setFormatter(_JsonLines("care", "rpc"))
    try:
        date.fromisoformat(told)
    except ValueError:
        logs.get("test").exception("fault", method="GetMember")
    return exception_of(caplog)


def exception_of(caplog: pytest.LogCaptureFixture) -> str:
    line: str = json.loads(caplog.text)["exception"]
    return line


@pytest.mark.parametrize(
    "told",
    ["anna@example.com", "+8613800138000", "+86 138-0013-8000", "王@例子.中国", "Li Wei", "王小明", "O'Neil", 'a"b'],
)
def test_what_was_sent_is_masked_in_an_exception(told: str, caplog: pytest.LogCaptureFixture) -> None:
    line = of_a_fault(told, caplog)
    assert line.endswith("ValueError: Invalid isoformat string: ***")
    assert __file__ in line


@pytest.mark.parametrize("told", ["mem_01M823JYG01BW582K7JFN3K0GH", "external_ref", "plan.holdout"])
def test_an_id_and_the_name_of_a_field_stay(told: str, caplog: pytest.LogCaptureFixture) -> None:
    assert of_a_fault(told, caplog).endswith(f"ValueError: Invalid isoformat string: '{told}'")


@pytest.mark.parametrize(
    ("message", "masked"),
    [
        ("can't greet 王小明 today", "can't greet *** today"),
        ("tell anna@example.com it's late", "tell *** it's late"),
        ('dup key: { name: "Li", phone: "+8613800138000" }', "dup key: { name: ***, phone: *** }"),
        ("阿卜杜拉·买买提 is unknown", "*** is unknown"),
        ("two\nlines of 'Li\nWei'", "two\nlines of ***"),
        ('"' + "\\" * 20_000, '"' + "\\" * 20_000),
    ],
)
def test_what_else_a_message_says_stays(message: str, masked: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.handler.setFormatter(_JsonLines("care", "rpc"))
    try:
        raise RuntimeError(message)
    except RuntimeError:
        logs.get("test").exception("fault")
    assert exception_of(caplog).endswith(f"RuntimeError: {masked}")


def test_what_led_to_an_exception_and_what_it_gathers_is_told_and_masked(caplog: pytest.LogCaptureFixture) -> None:
    caplog.handler.setFormatter(_JsonLines("care", "rpc"))
    try:
        try:
            date.fromisoformat("Li Wei")
        except ValueError as error:
            raise ExceptionGroup("all", [KeyError("Anna"), TypeError("'Bo'")]) from error
    except ExceptionGroup:
        logs.get("test").exception("fault")
    line = exception_of(caplog)
    order = ["string: ***", "which led to", "ExceptionGroup: all", "KeyError: ***", "TypeError: ***"]
    assert sorted(order, key=line.index) == order


def test_an_exception_that_was_raised_in_place_of_another_hides_it_if_told_to(caplog: pytest.LogCaptureFixture) -> None:
    caplog.handler.setFormatter(_JsonLines("care", "rpc"))
    try:
        try:
            date.fromisoformat("today")
        except ValueError:
            raise RuntimeError from None
    except RuntimeError:
        logs.get("test").exception("fault")
    assert "ValueError:" not in exception_of(caplog)


def test_exceptions_that_came_from_one_another_in_a_circle_are_told_once_each(caplog: pytest.LogCaptureFixture) -> None:
    caplog.handler.setFormatter(_JsonLines("care", "rpc"))
    first, second = ValueError("first"), TypeError("second")
    first.__context__, second.__context__ = second, first
    group = ExceptionGroup("all", [first])
    second.__cause__ = group
    try:
        raise group from first
    except ExceptionGroup:
        logs.get("test").exception("fault")
    line = exception_of(caplog)
    assert [line.count(each) for each in ("ValueError: first", "TypeError: second", "ExceptionGroup: all")] == [1, 1, 1]


def test_a_chain_of_thousands_is_told_whole(caplog: pytest.LogCaptureFixture) -> None:
    caplog.handler.setFormatter(_JsonLines("care", "rpc"))
    error: Exception | None = None
    for number in range(3_000):
        following = ValueError(number)
        following.__cause__, error = error, following
    logging.getLogger("library").error("fault", exc_info=error)
    assert exception_of(caplog).count("ValueError: ") == 3_000


def test_the_words_of_a_library_are_masked_too(caplog: pytest.LogCaptureFixture) -> None:
    caplog.handler.setFormatter(_JsonLines("care", "rpc"))
    logging.getLogger("library").warning("cannot reach %s", "anna@example.com")
    assert json.loads(caplog.text)["message"] == "cannot reach ***"


def test_an_exception_in_a_field_is_told_by_its_type_and_its_masked_message(caplog: pytest.LogCaptureFixture) -> None:
    caplog.handler.setFormatter(_JsonLines("care", "rpc"))
    logs.get("test").warning(
        "away", error=OSError("no answer from anna@example.com " + 300 * "."), at=date(2026, 11, 22)
    )
    line = json.loads(caplog.text)
    assert (line["error"][:27], len(line["error"]), line["at"]) == ("OSError: no answer from ***", 300, "2026-11-22")
