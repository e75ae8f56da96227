"""Every root field that reads is really asked: it makes one call, whose rights are those that it shows."""

from typing import Any

import pytest
from google.protobuf.message_factory import GetMessageClass
from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    get_named_type,
    is_leaf_type,
    is_required_argument,
    is_required_input_field,
)

from gateway.graphql.rights import RIGHTS
from gateway.graphql.roots import ROLES
from gateway.graphql.schema import schema
from gateway.graphql.viewer import LOADERS
from tests.fakes.company import an_id
from tests.fakes.rooms import SERVICES
from tests.fakes.suite import Client, FakeSuite

OPEN = {"viewer", "node", "nodes"}
"""Fields for everybody who signed in; they have tests of their own."""
SAMPLES = {"Date": '"2026-11-22"', "Month": '"2026-11"', "DateTime": '"2026-11-22T02:00:00Z"', "Int": "1"}


def fields() -> dict[str, GraphQLField]:
    query = schema().query_type
    assert query is not None
    return {name: field for name, field in query.fields.items() if name not in OPEN}


FIELDS = fields()
METHODS = {
    method.name: (process, method)
    for process, services in SERVICES.items()
    for service in services
    for method in service.methods
}


def things(rpc: str) -> str:
    """Return the name of what a call returns many of."""
    kind = METHODS[rpc][1].output_type.fields[0].message_type
    assert kind is not None
    return kind.name


PREFIXES = {things(loader.rpc): prefix for prefix, loader in LOADERS.items()}
"""Of the ids of each type that is a node."""


def literal(kind: Any) -> str:
    """Return some value of an input type, with what it must have and no more."""
    if isinstance(kind, GraphQLNonNull):
        return literal(kind.of_type)
    if isinstance(kind, GraphQLList):
        return f"[{literal(kind.of_type)}]"
    if isinstance(kind, GraphQLEnumType):
        return str(next(iter(kind.values)))
    if isinstance(kind, GraphQLInputObjectType):
        return f"{{{given(kind.fields)}}}"
    return SAMPLES.get(kind.name, '"x"')


def given(places: dict[str, GraphQLArgument] | dict[str, GraphQLInputField]) -> str:
    needed = {
        name: place
        for name, place in places.items()
        if (is_required_argument(place) if isinstance(place, GraphQLArgument) else is_required_input_field(place))
    }
    return ", ".join(f"{name}: {literal(place.type)}" for name, place in needed.items())


def question(name: str) -> str:
    """Return a query that reads this field and no more, by ids of the right type where the gateway looks at them."""
    field = FIELDS[name]
    kind = get_named_type(field.type)
    assert kind is not None
    arguments = given(field.args)
    for argument, thing in [("id", kind.name), ("id", "Customer"), ("contractId", "Contract")]:
        if thing in PREFIXES:
            arguments = arguments.replace(f'{argument}: "x"', f'{argument}: "{an_id(PREFIXES[thing], 1)}"')
    return f"{{ {name}{f'({arguments})' if arguments else ''} {'' if is_leaf_type(kind) else '{ __typename }'} }}"


@pytest.fixture
def answering(suite: FakeSuite) -> FakeSuite:
    """Four services that answer everything, with nothing in it."""
    for name, (process, method) in METHODS.items():
        reply = GetMessageClass(method.output_type)
        suite.all[process].answers[name] = lambda _, reply=reply: reply()  # type: ignore[misc]
    return suite


@pytest.mark.parametrize("name", FIELDS)
async def test_a_field_that_reads_makes_one_call_that_whoever_sees_the_field_may_make(
    gateway: Client, answering: FakeSuite, name: str
) -> None:
    roles = FIELDS[name].extensions["strawberry-definition"].metadata[ROLES]
    for role in sorted(roles):
        await gateway.ask(question(name), roles=(role,))
        ((rpc, calls),) = answering.calls.items()
        assert (calls, sorted(RIGHTS[rpc])) == (1, sorted(roles))
        for service in answering.all.values():
            service.asked.clear()


@pytest.mark.parametrize("name", FIELDS)
async def test_who_may_not_read_a_field_is_refused_before_a_service_is_asked(
    gateway: Client, answering: FakeSuite, name: str
) -> None:
    answer = await gateway.ask(question(name), roles=("nobody",))
    assert answer["data"] == {name: None}
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["FORBIDDEN"]
    assert answering.calls == {}
