"""Every field that a service of contracts can name in a refusal is named as the caller wrote it."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.descriptor import Descriptor, MethodDescriptor
from graphql import GraphQLInputObjectType, GraphQLSchema, build_schema, get_named_type

from gateway.graphql.arguments import argument_of, camel
from services.chassis.errors import InvalidField, NotFound, StaleVersion
from tests.fakes.company import an_id
from tests.fakes.suite import Client, FakeSuite

ROOT = Path(__file__).parents[3]
PROTOS = sorted((ROOT / "protos/membercare/contracts/v1").glob("*_service.proto"))
SET_BY_US = {"create_time", "update_time", "etag", "holds", "stage", "stage_changes", "tier", "warranty_end"}
SET_BY_US |= {"merged_into_id", "merged_ids", "periods", "gross", "discount", "total", "end_date", "formula"}
"""What answers say inside of a message that requests share with them; nobody can get it wrong."""
FIXED = {("CreateAsset", "id"), ("CreateProduct", "id"), ("UpdateAsset", "product_id")}
NOT_ASKED = {("ImportPriceList", name) for name in ("mode", "line_offset", "file_key")}


def methods() -> Iterator[MethodDescriptor]:
    for proto in PROTOS:
        module = import_module(f"membercare.contracts.v1.{proto.stem}_pb2")
        for service in module.DESCRIPTOR.services_by_name.values():
            yield from service.methods


def mutation_of(method: MethodDescriptor) -> str:
    return method.name[0].lower() + method.name[1:]


def paths(message: Descriptor, prefix: str = "") -> Iterator[str]:
    for field in message.fields:
        inside = prefix != "" and (field.name in SET_BY_US or (prefix.endswith("lines.") and field.name == "id"))
        if inside:
            continue
        yield prefix + field.name
        if field.message_type and field.message_type.full_name.startswith("membercare"):
            yield from paths(field.message_type, f"{prefix}{field.name}.")


def stands_in(found: Mapping[str, Any], path: str) -> bool:
    head, _, rest = path.partition(".")
    if head not in found:
        return False
    kind = get_named_type(found[head].type)
    return (
        not rest or (isinstance(kind, GraphQLInputObjectType) and stands_in(kind.fields, rest)) or kind.name == "Money"
    )


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    return build_schema((ROOT / "gateway/schema.graphql").read_text())


def test_each_field_of_a_write_is_an_argument_or_stands_in_its_input(schema: GraphQLSchema) -> None:
    assert schema.mutation_type is not None
    fields, walked, lost = schema.mutation_type.fields, 0, []
    for method in methods():
        if (mutation := fields.get(mutation_of(method))) is None:
            continue
        given = get_named_type(mutation.args["input"].type).fields if "input" in mutation.args else {}
        for path in paths(method.input_type):
            walked += 1
            shown = camel(argument_of(path, method.name))
            own = (method.name, path.rpartition(".")[2]) in FIXED | NOT_ASKED
            if not (own or shown == "input" or stands_in({**given, **mutation.args}, shown)):
                lost.append((method.name, path, shown))
    assert lost == []
    assert walked > 400  # the walk has not lost its way


AMEND = """
mutation ($id: ID!) {
  amendContract(id: $id, input: {reason: "r", effectiveDate: "2026-02-01", title: "t", endDate: "2026-01-01"}) {
    ... on UserError { code message field }
  }
}
"""


def refusing(error: Exception) -> Any:
    def refuse(_: object) -> Any:
        raise error

    return refuse


@pytest.mark.parametrize(
    ("error", "message", "field"),
    [
        (
            InvalidField("end_date", "end_date 2026-01-01 is before start_date 2026-02-01."),
            "endDate 2026-01-01 is before startDate 2026-02-01.",
            "endDate",
        ),
        (
            InvalidField("contract_id", "contract_id is missing: an id that starts with con_ is needed."),
            "id is missing: an id that starts with con_ is needed.",
            "id",
        ),
        (
            InvalidField("lines[1].service_types", "lines[1].service_types names no_such_service."),
            "lines[1].serviceTypes names no_such_service.",
            "lines[1].serviceTypes",
        ),
        (NotFound("price_list", "standard"), "There is no price list standard.", None),
        (
            StaleVersion("clause_template", "x"),
            "The clause template x was changed meanwhile. Read it again, then retry.",
            "etag",
        ),
    ],
)
async def test_a_refusal_speaks_of_fields_as_the_schema_calls_them(
    gateway: Client, suite: FakeSuite, error: Exception, message: str, field: str | None
) -> None:
    suite.contracts.answers["AmendContract"] = refusing(error)
    data = await gateway.data(AMEND, {"id": an_id("con", 1)})
    assert (data["amendContract"]["message"], data["amendContract"]["field"]) == (message, field)
