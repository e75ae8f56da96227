"""Root fields: rights before, joins after, and refusals as data where the field is a mutation."""

from collections.abc import Awaitable, Callable
from functools import reduce
from operator import or_
from typing import Annotated, Any

import strawberry
from google.protobuf.message import Message

from gateway.graphql.connections import Page, page_of
from gateway.graphql.context import Context
from gateway.graphql.errors import ERROR_TYPES, refusal_from
from gateway.graphql.joins import Planner, Resolving
from gateway.graphql.loaders import Loader, load_one
from gateway.graphql.rights import RIGHTS, RequiresRole
from gateway.graphql.rpcs import rpc_of
from gateway.graphql.sources import packed
from services.chassis.ids import check_id

Resolver = Callable[..., Awaitable[Any]]
Info = strawberry.Info[Context, None]

RequestId = Annotated[
    str | None, strawberry.argument(description="A UUID of your choice: a repeat returns the outcome of the first.")
]
ETag = Annotated[
    str | None, strawberry.argument(description="The version you saw: if it is stale, the change is refused.")
]

ROLES, MUTATES = "roles", "mutates"
"""Keys of a root field's metadata."""


def query(kind: Any, *, description: str, rpc: str = "") -> Callable[[Resolver], Any]:
    """Declare a root field of type `kind` for those who may call `rpc`; with no RPC, for everybody who signed in."""
    return _field(kind, rpc, description=description, mutates=False)


def one(kind: Any, loader: Loader, *, prefix: str, description: str) -> Any:
    """Declare the root field that finds one thing by its id; an id of another type is refused with INVALID_ID."""

    async def find(self: object, info: Info, id: strawberry.ID) -> object:
        found: object = await load_one(info.context, loader, key=check_id(id, prefix, field="id"))
        return found

    return query(kind, rpc=loader.rpc, description=description)(find)


async def listed(
    context: Context, request: type[Message], *, first: int, after: str | None, filter: object | None, **others: Any
) -> Page:
    """Return a page of what a `List` RPC answers: the one repeated field of its response.

    `others` are further fields of the request; one that is None stays unset.
    """
    asked: Any = request(page_size=first, page_token=after, **others)
    if filter is not None:
        asked.filter.CopyFrom(packed(filter, type(asked.filter)))
    reply: Any = await context.call(context.method(rpc_of(request), asked), asked)
    (items,) = (field.name for field in reply.DESCRIPTOR.fields if field.is_repeated)
    return page_of(getattr(reply, items), reply.next_page_token, after=after)


def mutation(result: Any, *, description: str, rpc: str) -> Callable[[Resolver], Any]:
    """Declare a root field that changes something; its type is made by `result_of`."""
    return _field(result, rpc, description=description, mutates=True)


def result_of(payload: type, name: str) -> Any:
    """Return the union of a payload and every expected error: what a mutation answers."""
    return Annotated[reduce(or_, ERROR_TYPES.values(), payload), strawberry.union(name)]


def transition(result: Any, request: type[Message], *, key: str, description: str) -> Any:
    """Declare the mutation that moves one thing from state to state; `key` is the field of the request for its id."""
    rpc = rpc_of(request)

    async def move(
        self: object, info: Info, id: strawberry.ID, etag: ETag = None, request_id: RequestId = None
    ) -> Message:
        asked = request(**{key: id}, etag=etag, request_id=request_id)
        return await info.context.call(info.context.method(rpc, asked), asked)

    return mutation(result, rpc=rpc, description=description)(move)


def _field(kind: Any, rpc: str, *, description: str, mutates: bool) -> Callable[[Resolver], Any]:
    roles = RIGHTS[rpc] if rpc else frozenset[str]()
    directives = [RequiresRole(roles=sorted(roles))] if roles else []

    def declare(resolver: Resolver) -> Any:
        return strawberry.field(
            resolver=resolver,
            graphql_type=kind | None,
            description=description,
            directives=directives,
            metadata={ROLES: roles, MUTATES: mutates},
        )

    return declare


def guarded(resolve: Resolver, roles: frozenset[str], *, planner: Planner) -> Resolver:
    """Return the resolver of a query field as the interpreter calls it."""

    async def answer(source: Any, info: Resolving, **arguments: Any) -> Any:
        context: Context = info.context
        context.admit(roles)
        result = await resolve(source, info, **arguments)
        await planner.prefetch(info, result)
        return result

    return answer


def outcome(resolve: Resolver) -> Resolver:
    """Return the resolver of a mutation field: an expected refusal becomes a member of its union."""

    async def answer(source: Any, info: Resolving, **arguments: Any) -> Any:
        info.context.fetched.clear()  # what an earlier mutation of this request saw may no longer be so
        try:
            return await resolve(source, info, **arguments)
        except Exception as error:
            refusal = refusal_from(error)
            if refusal is None or refusal.kind not in ERROR_TYPES:
                raise
            return refusal

    return answer
