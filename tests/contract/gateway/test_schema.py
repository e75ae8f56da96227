"""The schema against what it stands on: the committed file, the protos, and the services' own tables of rights."""

from collections.abc import Mapping
from enum import IntEnum
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.descriptor import EnumDescriptor, FieldDescriptor
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLObjectType,
    build_schema,
    find_breaking_changes,
    get_named_type,
    is_non_null_type,
)

from gateway.graphql.joins import join_of
from gateway.graphql.rights import RIGHTS
from gateway.graphql.roots import ROLES
from gateway.graphql.schema import schema, sdl
from gateway.graphql.sources import READ, message_of
from services.care.rpc.access import ACCESS as CARE
from services.contracts.rpc.access import ACCESS as CONTRACTS
from services.feedback.rpc.access import ACCESS as FEEDBACK
from services.kpi.rpc.access import ACCESS as KPI

GATEWAY = Path(__file__).parents[3] / "gateway"
TYPES = {
    name: kind
    for name, kind in schema().type_map.items()
    if isinstance(kind, GraphQLObjectType) and message_of(name) is not None
}


def test_the_committed_schema_is_the_schema() -> None:
    assert (GATEWAY / "schema.graphql").read_text() == sdl(), "run: python -m gateway schema > gateway/schema.graphql"


def test_nothing_that_clients_use_was_broken() -> None:
    baseline = build_schema((GATEWAY / "schema.baseline.graphql").read_text())
    current = build_schema(sdl())
    broken = [change.description for change in find_breaking_changes(baseline, current)]
    assert broken == [], "If it must be: say so in CHANGELOG.md, and make the schema of the release the new baseline."


def test_a_removed_field_would_be_found() -> None:
    poorer = build_schema(sdl().replace("  doNotContact: Boolean!\n", "  doNotContactAtAll: Boolean!\n", 1))
    broken = [change.description for change in find_breaking_changes(build_schema(sdl()), poorer)]
    assert broken == ["Field Member.doNotContact was removed."]


def test_every_right_is_the_right_that_the_service_gives() -> None:
    services = {**CARE, **CONTRACTS, **FEEDBACK, **KPI}
    assert {rpc: sorted(roles) for rpc, roles in RIGHTS.items()} == {rpc: sorted(services[rpc]) for rpc in RIGHTS}


def test_every_root_field_and_every_join_says_who_may_use_it() -> None:
    core = schema()
    silent = [
        f"{kind.name}.{name}"
        for kind in core.type_map.values()
        if isinstance(kind, GraphQLObjectType) and not kind.name.startswith("__")
        for name, field in kind.fields.items()
        if (join_of(field) is not None or ROLES in field.extensions["strawberry-definition"].metadata)
        and not field.extensions["strawberry-definition"].directives
    ]
    assert silent == ["Query.viewer", "Query.node", "Query.nodes"]  # open to everybody who signed in


def test_every_joined_field_and_every_root_field_may_be_null() -> None:
    core = schema()
    firm = [
        f"{kind.name}.{name}"
        for kind in core.type_map.values()
        if isinstance(kind, GraphQLObjectType) and not kind.name.startswith("__")
        for name, field in kind.fields.items()
        if (join_of(field) is not None or kind in {core.query_type, core.mutation_type})
        and is_non_null_type(field.type)
    ]
    assert firm == []


@pytest.mark.parametrize("name", sorted(TYPES))
def test_a_type_shows_every_field_of_its_message_and_no_other(name: str) -> None:
    message = message_of(name)
    assert message is not None
    declared = {field.extensions["strawberry-definition"].python_name: field for field in TYPES[name].fields.values()}
    read = {
        key
        for key, field in declared.items()
        if join_of(field) is None and READ not in field.extensions["strawberry-definition"].metadata
    }
    assert read == set(message.DESCRIPTOR.fields_by_name) - LEFT_OUT.get(name, set())


LEFT_OUT = {
    "AttributeRule": {"text"},
    "CampaignChange": {"path"},
    "CampaignFinding": {"field"},
    "CampaignHistory": {"campaign_id"},
    "CampaignProgress": {"campaign_id"},
    "CampaignProgressCount": {"state"},
    "CampaignResultsFile": {"content"},
    "MonthlyStatisticsFile": {"content"},
    "SegmentRule": {"all", "any", "none", "flag", "tag", "tier"},
}
"""Fields of messages that the place in the schema tells already, or that are computed."""


@pytest.mark.parametrize("name", sorted(TYPES))
def test_what_a_message_may_leave_unset_may_be_null(name: str) -> None:
    message = message_of(name)
    assert message is not None
    for field in TYPES[name].fields.values():
        declared = field.extensions["strawberry-definition"]
        source = message.DESCRIPTOR.fields_by_name.get(declared.python_name)
        if source is None or not is_non_null_type(field.type) or source.is_repeated:
            continue
        optional = source.has_presence and source.message_type is None
        assert not optional, f"{name}.{declared.python_name} is optional in the proto"


def _enums_of_messages() -> Mapping[str, tuple[GraphQLEnumType, EnumDescriptor]]:
    found: dict[str, tuple[GraphQLEnumType, EnumDescriptor]] = {}
    for name, kind in TYPES.items():
        message = message_of(name)
        assert message is not None
        for field in kind.fields.values():
            python_name = field.extensions["strawberry-definition"].python_name
            source: FieldDescriptor | Any = message.DESCRIPTOR.fields_by_name.get(python_name)
            shown = get_named_type(field.type)
            if source is not None and source.enum_type is not None:
                assert isinstance(shown, GraphQLEnumType), f"{name}.{python_name} must be shown as an enum"
                found[shown.name] = (shown, source.enum_type)
    return found


@pytest.mark.parametrize(("shown", "proto"), _enums_of_messages().values(), ids=_enums_of_messages())
def test_an_enum_has_the_names_and_numbers_of_its_proto(shown: GraphQLEnumType, proto: EnumDescriptor) -> None:
    prefix = proto.values_by_number[0].name.removesuffix("UNSPECIFIED")
    theirs = {value.name.removeprefix(prefix): value.number for value in proto.values if value.number}
    assert {name: int(value.value) for name, value in shown.values.items()} == theirs


def test_enums_that_only_inputs_use_have_the_numbers_of_their_protos() -> None:
    from gateway.graphql.care.core.enums import TouchResolution
    from gateway.graphql.imports import ImportMode
    from membercare.care.v1 import care_service_pb2 as care
    from membercare.kpi.v1 import kpi_service_pb2 as kpi

    pairs: list[tuple[type[IntEnum], Any, str]] = [
        (TouchResolution, care.TouchResolution, "TOUCH_RESOLUTION_"),
        (ImportMode, care.ImportMode, "IMPORT_MODE_"),
        (ImportMode, kpi.ImportMode, "IMPORT_MODE_"),
    ]
    for ours, theirs, prefix in pairs:
        numbers = {name.removeprefix(prefix): number for name, number in theirs.items() if number}
        assert {member.name: member.value for member in ours} == numbers


def test_every_type_field_argument_and_value_people_see_is_described_where_its_name_is_not_enough() -> None:
    silent = [
        kind.name
        for kind in schema().type_map.values()
        if isinstance(kind, GraphQLObjectType | GraphQLInputObjectType | GraphQLEnumType)
        and not kind.name.startswith("__")
        and not kind.description
    ]
    assert silent == []
