"""Refusals on the wire: however long what was sent, they arrive."""

import base64
from urllib.parse import quote

import pytest
from google.rpc.error_details_pb2 import ErrorInfo

from services.chassis.errors import InvalidField, NotFound
from services.chassis.rpc_errors import to_status

HEADER_BYTES = 8 * 1024


@pytest.mark.parametrize("mark", ["x", "王", "👩"])
def test_a_refusal_that_repeats_a_long_value_fits_into_a_header(mark: str) -> None:
    status = to_status(NotFound("segment", mark * 9_000))
    encoded = base64.b64encode(status.SerializeToString())
    assert len(quote(status.message)) + len(encoded) < HEADER_BYTES
    info = ErrorInfo()
    assert status.details[0].Unpack(info)
    assert info.reason == "SEGMENT_NOT_FOUND"
    assert status.message.startswith(f"There is no segment {mark}")
    assert (status.message[-1], info.metadata["segment_id"][-1]) == ("…", "…")


def test_an_ordinary_refusal_arrives_as_it_was_said() -> None:
    status = to_status(InvalidField("name", "姓名不能为空。"))
    info = ErrorInfo()
    assert status.details[0].Unpack(info)
    assert (status.message, dict(info.metadata)) == ("姓名不能为空。", {"field": "name"})
