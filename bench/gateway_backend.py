"""A canned backend of the gateway's figures: two RPCs whose answers are ready bytes, so that only gateways work."""

import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import grpc

from membercare.care.v1 import care_service_pb2 as care
from membercare.care.v1 import member_pb2
from membercare.contracts.v1 import contract_pb2
from membercare.contracts.v1 import contracts_service_pb2 as contracts
from services.chassis.timestamps import to_timestamp

MEMBERS, CONTRACTS_EACH = 50, 3
_NOON = to_timestamp(datetime(2026, 11, 22, 12, tzinfo=UTC))


def members() -> care.ListMembersResponse:
    """Return 50 members of 50 customers."""
    return care.ListMembersResponse(
        members=[
            member_pb2.Member(
                id=f"mem_01JD{number:022d}",
                customer_id=f"cus_01JD{number:022d}",
                name=f"Member {number}",
                email=f"member{number}@example.com",
                language=member_pb2.LANGUAGE_ZH_HANS if number % 2 else member_pb2.LANGUAGE_EN,
                time_zone="Asia/Shanghai",
                etag="1",
                create_time=_NOON,
                update_time=_NOON,
            )
            for number in range(MEMBERS)
        ]
    )


def contracts_by_customer() -> contracts.BatchListContractsByCustomerResponse:
    """Return three contracts for each of the customers."""
    return contracts.BatchListContractsByCustomerResponse(
        results=[
            contracts.CustomerContracts(
                customer_id=f"cus_01JD{number:022d}",
                contracts=[_contract(number, each) for each in range(CONTRACTS_EACH)],
            )
            for number in range(MEMBERS)
        ]
    )


def _contract(customer: int, number: int) -> contract_pb2.Contract:
    return contract_pb2.Contract(
        id=f"con_01JD{customer * CONTRACTS_EACH + number:022d}",
        customer_id=f"cus_01JD{customer:022d}",
        title="Care",
        state=contract_pb2.CONTRACT_STATE_ACTIVE,
        start_date="2026-01-01",
        end_date="2026-12-31",
        etag="1",
        create_time=_NOON,
        update_time=_NOON,
    )


class Canned(grpc.GenericRpcHandler):
    """Answers by the name of the method and counts the calls; `/calls` returns the counts as text."""

    def __init__(self) -> None:
        """Make the answers once."""
        self.calls: dict[str, int] = {}
        self._answers = {
            "/membercare.care.v1.CareService/ListMembers": members().SerializeToString(),
            "/membercare.contracts.v1.ContractsService/BatchListContractsByCustomer": (
                contracts_by_customer().SerializeToString()
            ),
        }

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> "grpc.RpcMethodHandler[bytes, bytes] | None":
        """Return the handler of a method that has an answer."""
        method = handler_call_details.method
        if method == "/bench/calls":
            return grpc.unary_unary_rpc_method_handler(lambda *_: repr(self.calls).encode())
        ready = self._answers.get(method)
        if ready is None:
            return None

        def answer(_: bytes, context: grpc.ServicerContext) -> bytes:
            name = method.rpartition("/")[2]
            self.calls[name] = self.calls.get(name, 0) + 1
            return ready

        return grpc.unary_unary_rpc_method_handler(answer)


def main() -> None:
    """Serve on a free port, tell it, and end with the parent's pipe."""
    server = grpc.server(ThreadPoolExecutor(2))
    server.add_generic_rpc_handlers((Canned(),))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)
    sys.stdin.read()
    server.stop(0)


if __name__ == "__main__":
    main()
