"""The rpc role of contracts with one method more that does nothing, so that both are measured on the same server."""

import os
import sys
from typing import Any

import grpc

from services.chassis import config, logs
from services.chassis.rpc_server import RpcServer, RpcService
from services.contracts import app
from services.contracts.config import Settings

EMPTY = "/bench.Empty/DoNothing"


class _Nothing(grpc.GenericRpcHandler):
    """Answers nothing to nothing; the guard of the service stands before it as before every method."""

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> "grpc.RpcMethodHandler[bytes, bytes] | None":
        if handler_call_details.method != EMPTY:
            return None
        return grpc.unary_unary_rpc_method_handler(lambda *_: b"")


def main() -> None:
    """Serve on a free port, tell it, and end with the parent's pipe."""
    settings = config.load(Settings)
    logs.setup("contracts", "rpc", level=settings.log_level)
    built = app.build_service(settings)
    app.connect(settings)

    def register(server: grpc.Server) -> None:
        built.register(server)
        server.add_generic_rpc_handlers((_Nothing(),))

    access: dict[str, Any] = {**built.access, "DoNothing": frozenset({"agent"})}
    server = RpcServer(
        RpcService(
            full_names=built.full_names,
            register=register,
            access=access,
            verifier=built.verifier,
            healthy=built.healthy,
            reflect=False,
        ),
        "127.0.0.1:0",
    )
    server.start()
    print(server.port, flush=True)
    os.dup2(2, 1)  # the log goes where errors go: nobody reads this pipe any more
    sys.stdin.read()
    server.stop(0)


if __name__ == "__main__":
    main()
