"""A caller that does what callers must: sets a deadline, and repeats with the same request id while a part is away."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self, TypeVar
from uuid import uuid4

import grpc

from deploy.local.suite import Suite
from membercare.care.v1.care_service_pb2_grpc import CareServiceStub
from membercare.care.v1.segments_service_pb2_grpc import SegmentsServiceStub
from membercare.contracts.v1.contracts_service_pb2_grpc import ContractsServiceStub
from membercare.feedback.v1.feedback_service_pb2_grpc import FeedbackServiceStub
from membercare.kpi.v1.kpi_service_pb2_grpc import KpiServiceStub
from services.chassis.clock import SystemClock
from services.chassis.identity import TokenIssuer
from services.chassis.rpc_client import channel

Reply = TypeVar("Reply")
_AWAY = {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.CANCELLED}
GIVES_UP_SECONDS = 90.0


class Patient:
    """Stubs of every service, called as somebody who may do everything."""

    def __init__(self, suite: Suite, subject: str = "tester") -> None:
        self._issuer = TokenIssuer(Path(suite.places.keys.internal_private).read_bytes())
        self._subject = subject
        addresses = suite.places.rpc
        self._channels = {name: channel(address, token=self._token, at_most=5.0) for name, address in addresses.items()}
        self.contracts = ContractsServiceStub(self._channels["contracts"])
        self.care = CareServiceStub(self._channels["care"])
        self.segments = SegmentsServiceStub(self._channels["care"])
        self.feedback = FeedbackServiceStub(self._channels["feedback"])
        self.kpi = KpiServiceStub(self._channels["kpi"])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for each in self._channels.values():
            each.close()

    def call(self, method: Callable[..., Reply], request: Any) -> Reply:
        """Call until it is answered; a write carries one request id through all repeats."""
        if "request_id" in request.DESCRIPTOR.fields_by_name and not request.request_id:
            request.request_id = str(uuid4())
        ends = time.monotonic() + GIVES_UP_SECONDS
        while True:
            try:
                return method(request)
            except grpc.RpcError as error:
                if error.code() not in _AWAY or time.monotonic() > ends:
                    raise
                time.sleep(0.2)  # what is away comes back in seconds; this is the caller's own pause

    def _token(self) -> str:
        roles = ["ops", "approver", "sales", "agent", "hr", "admin"]
        return self._issuer.issue(subject=self._subject, roles=roles, request_id="", now=SystemClock().now())


def until(question: Callable[[], bool], *, seconds: float, what: str) -> None:
    """Wait until the answer is yes."""
    ends = time.monotonic() + seconds
    while not question():
        if time.monotonic() > ends:
            raise AssertionError(f"Not within {seconds:.0f} s: {what}")
        time.sleep(0.1)
