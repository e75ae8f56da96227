"""Lines of logs: what an exception repeats of a person is not told."""

import json
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
    line: str = json.loads(caplog.text)["exception"]
    return line


@pytest.mark.parametrize("told", ["anna@example.com", "+8613800138000", "+86 138-0013-8000", "王@例子.中国"])
def test_an_address_in_an_exception_is_masked(told: str, caplog: pytest.LogCaptureFixture) -> None:
    line = of_a_fault(told, caplog)
    assert line.endswith("ValueError: Invalid isoformat string: '***'")
    assert __file__ in line


def test_what_is_no_address_stays(caplog: pytest.LogCaptureFixture) -> None:
    line = of_a_fault("mem_01M823JYG01BW582K7JFN3K0GH", caplog)
    assert line.endswith("'mem_01M823JYG01BW582K7JFN3K0GH'")
