"""The reference of P16: strawberry as its documentation shows it, on uvicorn, with a DataLoader and no tuning."""

import os
import sys
from enum import Enum
from typing import Any

import grpc
import strawberry
import uvicorn
from strawberry.asgi import GraphQL
from strawberry.dataloader import DataLoader

from membercare.care.v1 import care_service_pb2 as care
from membercare.care.v1.care_service_pb2_grpc import CareServiceStub
from membercare.contracts.v1 import contracts_service_pb2 as contracts
from membercare.contracts.v1.contracts_service_pb2_grpc import ContractsServiceStub

_stubs: dict[str, Any] = {}


def stubs() -> dict[str, Any]:
    """Return the stubs, made when the loop runs."""
    if not _stubs:
        channel = grpc.aio.insecure_channel(f"127.0.0.1:{sys.argv[2]}")
        _stubs.update(care=CareServiceStub(channel), contracts=ContractsServiceStub(channel))
    return _stubs


@strawberry.enum
class Language(Enum):
    ZH_HANS = 1
    EN = 2


@strawberry.enum
class ContractState(Enum):
    DRAFT = 1
    SIGNED = 2
    ACTIVE = 3
    TERMINATED = 4


@strawberry.type
class Contract:
    id: strawberry.ID
    state: ContractState
    end_date: str


async def load_contracts(customer_ids: list[str]) -> list[list[Contract]]:
    """Return the contracts of each customer, in order."""
    request = contracts.BatchListContractsByCustomerRequest(customer_ids=customer_ids, limit_per_customer=20)
    reply = await stubs()["contracts"].BatchListContractsByCustomer(request)
    found = {
        each.customer_id: [
            Contract(id=strawberry.ID(one.id), state=ContractState(one.state), end_date=one.end_date)
            for one in each.contracts
        ]
        for each in reply.results
    }
    return [found.get(customer_id, []) for customer_id in customer_ids]


@strawberry.type
class Member:
    id: strawberry.ID
    name: str
    email: str
    language: Language
    customer_id: strawberry.Private[str]

    @strawberry.field
    async def contracts(self, info: strawberry.Info, first: int = 20) -> list[Contract]:
        """Return the contracts of the member's customer."""
        loader: DataLoader[str, list[Contract]] = info.context["contracts"]
        return await loader.load(self.customer_id)


@strawberry.type
class MemberConnection:
    nodes: list[Member]


@strawberry.type
class Query:
    @strawberry.field
    async def members(self, first: int = 50) -> MemberConnection:
        """Return a page of members."""
        reply = await stubs()["care"].ListMembers(care.ListMembersRequest(page_size=first))
        return MemberConnection(
            nodes=[
                Member(
                    id=strawberry.ID(each.id),
                    name=each.name,
                    email=each.email,
                    language=Language(each.language),
                    customer_id=each.customer_id,
                )
                for each in reply.members
            ]
        )


class App(GraphQL[dict[str, Any], None]):
    """Strawberry's own application, with a loader for each request."""

    async def get_context(self, request: Any, response: Any) -> dict[str, Any]:
        """Return the context of one request."""
        return {"contracts": DataLoader(load_fn=load_contracts)}


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    uvicorn.run(App(strawberry.Schema(Query)), port=int(sys.argv[1]), log_level="warning")
