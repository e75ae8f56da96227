"""Other people's services at the wire: a real gRPC server that answers what a test says, and counts who asked what."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
from google.protobuf.descriptor import ServiceDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_status import rpc_status

from services.chassis.errors import DomainError
from services.chassis.identity import Caller, TokenVerifier
from services.chassis.rpc_errors import to_status
from services.chassis.rpc_server import MOST_BYTES

Reply = Callable[[Any], Message]


class FakeService(grpc.GenericRpcHandler):
    """Answers the methods of one process; a method that was given no answer is UNIMPLEMENTED."""

    def __init__(self, descriptors: Sequence[ServiceDescriptor], verifier: TokenVerifier) -> None:
        self.answers: dict[str, Reply] = {}
        self.asked: dict[str, list[Any]] = defaultdict(list)
        self.callers: list[Caller] = []
        self.request_ids: list[str] = []
        self.cancelled: list[str] = []
        self.timeouts: list[float] = []
        self._services, self._verifier = {each.full_name: each for each in descriptors}, verifier
        self.start_again(0)

    def start_again(self, port: int) -> None:
        """Listen on this port; 0 picks a free one."""
        self._server = grpc.server(ThreadPoolExecutor(4), options=[("grpc.max_receive_message_length", MOST_BYTES)])
        self._server.add_generic_rpc_handlers((self,))
        servicer = health.HealthServicer()
        servicer.set("", health_pb2.HealthCheckResponse.SERVING)
        health_pb2_grpc.add_HealthServicer_to_server(servicer, self._server)
        self.port = self._server.add_insecure_port(f"127.0.0.1:{port}")
        self._server.start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def calls(self) -> dict[str, int]:
        """How often each method was called."""
        return {name: len(requests) for name, requests in self.asked.items()}

    def forget(self) -> None:
        """Answer nothing again, and forget who asked what."""
        self.answers.clear()
        self.asked.clear()
        for seen in (self.callers, self.request_ids, self.cancelled, self.timeouts):
            seen.clear()

    def stop(self) -> None:
        self._server.stop(0).wait()

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> "grpc.RpcMethodHandler[Any, Any] | None":
        owner, _, name = handler_call_details.method.lstrip("/").partition("/")
        answer = self.answers.get(name)
        if owner not in self._services or answer is None:
            return None
        method = self._services[owner].methods_by_name[name]

        def reply(request: Message, context: grpc.ServicerContext) -> Message:
            metadata = dict(context.invocation_metadata())
            self.asked[name].append(request)
            self.callers.append(self._verifier.verify(str(metadata["authorization"]).removeprefix("Bearer ")))
            self.request_ids.append(str(metadata["x-request-id"]))
            self.timeouts.append(context.time_remaining() or 0)
            context.add_callback(lambda: None if context.is_active() else self.cancelled.append(name))
            try:
                return answer(request)
            except DomainError as refusal:
                context.abort_with_status(rpc_status.to_status(to_status(refusal)))
                raise

        return grpc.unary_unary_rpc_method_handler(
            reply,
            request_deserializer=GetMessageClass(method.input_type).FromString,
            response_serializer=lambda message: message.SerializeToString(),
        )
