"""The four services as the gateway calls them: one channel each, opened once."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

from gateway.care_stubs import CareStubs
from gateway.contracts_stubs import ContractsStubs
from membercare.feedback.v1.feedback_service_pb2_grpc import FeedbackServiceStub
from membercare.kpi.v1.kpi_service_pb2_grpc import KpiServiceStub
from services.chassis.rpc_client import aio_channel

if TYPE_CHECKING:  # the asynchronous faces of the stubs exist for the type checker only
    from membercare.feedback.v1.feedback_service_pb2_grpc import FeedbackServiceAsyncStub
    from membercare.kpi.v1.kpi_service_pb2_grpc import KpiServiceAsyncStub

HEALTH_SECONDS = 0.5


@dataclass(frozen=True, kw_only=True)
class Clients:
    """Typed stubs, and the channels under them."""

    contracts: ContractsStubs
    care: CareStubs
    feedback: "FeedbackServiceAsyncStub"
    kpi: "KpiServiceAsyncStub"
    channels: dict[str, grpc.aio.Channel]

    @classmethod
    def open(cls, *, contracts: str, care: str, feedback: str, kpi: str) -> "Clients":
        """Open lazily connecting channels to these addresses; a service that is down is found by the first call."""
        addresses = {"contracts": contracts, "care": care, "feedback": feedback, "kpi": kpi}
        channels = {name: aio_channel(address) for name, address in addresses.items()}
        return cls(
            contracts=ContractsStubs(channels["contracts"]),
            care=CareStubs(channels["care"]),
            feedback=FeedbackServiceStub(channels["feedback"]),
            kpi=KpiServiceStub(channels["kpi"]),
            channels=channels,
        )

    async def health(self, service: str) -> str:
        """Return `serving`, `not_serving` or `unavailable`, within half a second."""
        stub: Any = health_pb2_grpc.HealthStub(self.channels[service])
        try:
            reply = await stub.Check(health_pb2.HealthCheckRequest(), timeout=HEALTH_SECONDS)
        except grpc.aio.AioRpcError:
            return "unavailable"
        return health_pb2.HealthCheckResponse.ServingStatus.Name(reply.status).lower()

    async def close(self) -> None:
        """Let calls under way finish for a second, then close."""
        for channel in self.channels.values():
            await channel.close(grace=1.0)
