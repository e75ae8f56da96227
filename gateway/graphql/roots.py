"""Root fields: rights before, joins after, and refusals as data where the field is a mutation."""

from collections.abc import Awaitable, Callable
from functools import reduce
from operator import or_
from typing import Annotated, Any

import strawberry
from graphql import GraphQLResolveInfo

from gateway.graphql.context import Context
from gateway.graphql.errors import ERROR_TYPES, refusal_from
from gateway.graphql.joins import Planner
from gateway.graphql.rights import RIGHTS, RequiresRole
from services.chassis.errors import DomainError

Resolver = Callable[..., Awaitable[Any]]
Info = strawberry.Info[Context, None]

ROLES, MUTATES = "roles", "mutates"
"""Keys of a root field's metadata."""


def query(kind: Any, *, description: str, rpc: str = "") -> Callable[[Resolver], Any]:
    """Declare a root field of type `kind` for those who may call `rpc`; with no RPC, for everybody who signed in."""
    return _field(kind, rpc, description, mutates=False)


def mutation(kind: Any, *, description: str, rpc: str) -> Callable[[Resolver], Any]:
    """Declare a root field that changes something: its type is the union of `kind` and every expected error."""
    union = Annotated[reduce(or_, ERROR_TYPES.values(), kind), strawberry.union(f"{rpc}Result")]
    return _field(union, rpc, description, mutates=True)


def _field(kind: Any, rpc: str, description: str, *, mutates: bool) -> Callable[[Resolver], Any]:
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


def guarded(resolve: Resolver, roles: frozenset[str], planner: Planner) -> Resolver:
    """Return the resolver of a query field as the interpreter calls it."""

    async def answer(source: Any, info: GraphQLResolveInfo, **arguments: Any) -> Any:
        context: Context = info.context
        context.admit(roles)
        result = await resolve(source, info, **arguments)
        await planner.prefetch(info, result)
        return result

    return answer


def outcome(resolve: Resolver) -> Resolver:
    """Return the resolver of a mutation field: an expected refusal becomes a member of its union."""

    async def answer(source: Any, info: GraphQLResolveInfo, **arguments: Any) -> Any:
        try:
            return await resolve(source, info, **arguments)
        except Exception as error:
            refusal = refusal_from(error)
            if refusal is None or refusal.kind not in ERROR_TYPES:
                raise
            return refusal

    return answer


class OutOfRange(DomainError):
    """A number of items that no page may have."""

    reason = "BAD_USER_INPUT"
