"""Root fields that belong to no service: who is signed in, and anything by its id."""

import asyncio
from collections.abc import Mapping

import strawberry

from gateway.graphql import edges
from gateway.graphql.care.schema import NODES as CARE
from gateway.graphql.contracts.schema import NODES as CONTRACTS
from gateway.graphql.loaders import Loader
from gateway.graphql.nodes import Node, find_node
from gateway.graphql.roots import Info, query
from gateway.graphql.sources import computed
from services.chassis.identity import Caller

LOADERS: Mapping[str, Loader] = {
    **CONTRACTS,
    **CARE,
    "cas": edges.CASES,
    "emp": edges.EMPLOYEES,
}


@strawberry.type(description="Who is signed in.")
class Viewer:
    subject: str
    roles: list[str] = computed(lambda caller: sorted(caller.roles), description="What the viewer may do.")


@strawberry.type
class ViewerQuery:
    @query(Viewer, description="Who is signed in.")
    async def viewer(self, info: Info) -> Caller:
        return info.context.signed_in()

    @query(Node, description="Anything by its id; null if there is none.")
    async def node(self, info: Info, id: strawberry.ID) -> object:
        return await find_node(info.context, id, loaders=LOADERS)

    @query(
        list[Node | None], description="Many things by their ids, in the order of the ids; null where there is none."
    )
    async def nodes(self, info: Info, ids: list[strawberry.ID]) -> list[object]:
        found = await asyncio.gather(
            *(find_node(info.context, id, loaders=LOADERS) for id in ids), return_exceptions=True
        )
        return list(found)
