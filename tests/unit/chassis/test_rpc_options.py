"""The options of gRPC are words that the library knows: one that it does not know is passed over in silence."""

from importlib.util import find_spec
from pathlib import Path

import pytest

from services.chassis import rpc_client, rpc_server

NAMES = sorted({name for name, _ in (*rpc_server.OPTIONS, *rpc_client.OPTIONS)})
_SPEC = find_spec("grpc._cython.cygrpc")
assert _SPEC is not None
assert _SPEC.origin is not None
LIBRARY = Path(_SPEC.origin).read_bytes()


@pytest.mark.parametrize("name", NAMES)
def test_an_option_is_one_that_the_library_knows(name: str) -> None:
    assert f"{name}\0".encode() in LIBRARY


def test_a_client_pings_no_more_often_than_a_server_bears() -> None:
    client, server = dict(rpc_client.OPTIONS), dict(rpc_server.OPTIONS)
    assert int(client["grpc.keepalive_time_ms"]) > server["grpc.http2.min_ping_interval_without_data_ms"]
