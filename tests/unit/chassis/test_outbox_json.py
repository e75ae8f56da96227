"""What an event becomes is what protobuf itself makes of the message, field by field."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory
from google.protobuf.timestamp_pb2 import Timestamp
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.outbox import EventMismatch, to_json

PACKAGE = "membercare.tests.outbox"
KINDS = descriptor_pb2.FieldDescriptorProto
SCALARS = {
    "name": KINDS.TYPE_STRING,
    "small": KINDS.TYPE_INT32,
    "count": KINDS.TYPE_UINT32,
    "large": KINDS.TYPE_INT64,
    "size": KINDS.TYPE_UINT64,
    "done": KINDS.TYPE_BOOL,
}
NOT_CARRIED = {"share": KINDS.TYPE_DOUBLE, "raw": KINDS.TYPE_BYTES}


@dataclass(frozen=True, kw_only=True)
class Part:
    name: str = ""
    large: int = 0


@dataclass(frozen=True, kw_only=True)
class Whole:
    """Each kind of field that an event may carry, alone, optional, in lists and in maps."""

    name: str = ""
    small: int = 0
    count: int = 0
    large: int = 0
    size: int = 0
    done: bool = False
    maybe_small: int | None = None
    maybe_name: str | None = None
    state: str = "STATE_UNSPECIFIED"
    maybe_state: str | None = None
    time: datetime | None = None
    part: Part | None = None
    names: tuple[str, ...] = ()
    larges: tuple[int, ...] = ()
    states: tuple[str, ...] = ()
    times: tuple[datetime, ...] = ()
    parts: tuple[Part, ...] = ()
    counts: Mapping[str, int] | None = None
    parts_by_number: Mapping[int, Part] | None = None


def _file() -> descriptor_pb2.FileDescriptorProto:
    file = descriptor_pb2.FileDescriptorProto(name="outbox_test.proto", package=PACKAGE, syntax="proto3")
    file.dependency.append("google/protobuf/timestamp.proto")
    states = file.enum_type.add(name="State")
    for number, name in enumerate(("STATE_UNSPECIFIED", "STATE_OPEN", "STATE_CLOSED")):
        states.value.add(name=name, number=number)
    part = file.message_type.add(name="Part")
    _add(part, "name", kind=KINDS.TYPE_STRING)
    _add(part, "large", kind=KINDS.TYPE_INT64)
    whole = file.message_type.add(name="Whole")
    for name, kind in {**SCALARS, **NOT_CARRIED}.items():
        _add(whole, name, kind=kind)
    _add(whole, "state", kind=KINDS.TYPE_ENUM, of="State")
    _add(whole, "time", kind=KINDS.TYPE_MESSAGE, of="Timestamp")
    _add(whole, "part", kind=KINDS.TYPE_MESSAGE, of="Part")
    for name, kind, of in (
        ("names", KINDS.TYPE_STRING, ""),
        ("larges", KINDS.TYPE_INT64, ""),
        ("states", KINDS.TYPE_ENUM, "State"),
        ("times", KINDS.TYPE_MESSAGE, "Timestamp"),
        ("parts", KINDS.TYPE_MESSAGE, "Part"),
    ):
        _add(whole, name, kind=kind, of=of, label=KINDS.LABEL_REPEATED)
    _map(whole, "counts", key=KINDS.TYPE_STRING, value=KINDS.TYPE_INT32)
    _map(whole, "parts_by_number", key=KINDS.TYPE_INT64, value=KINDS.TYPE_MESSAGE)
    for name in ("either", "other"):
        _add(whole, name, kind=KINDS.TYPE_STRING).oneof_index = 0
    whole.oneof_decl.add(name="choice")
    for kind, name, of in (
        (KINDS.TYPE_INT32, "maybe_small", ""),
        (KINDS.TYPE_STRING, "maybe_name", ""),
        (KINDS.TYPE_ENUM, "maybe_state", "State"),
    ):
        field = _add(whole, name, kind=kind, of=of)
        field.proto3_optional, field.oneof_index = True, len(whole.oneof_decl)
        whole.oneof_decl.add(name=f"_{name}")
    return file


def _add(
    to: descriptor_pb2.DescriptorProto, name: str, *, kind: Any, of: str = "", label: Any = KINDS.LABEL_OPTIONAL
) -> descriptor_pb2.FieldDescriptorProto:
    full = ".google.protobuf.Timestamp" if of == "Timestamp" else f".{PACKAGE}.{of}" if of else None
    return to.field.add(name=name, number=len(to.field) + 1, type=kind, type_name=full, label=label)


def _map(to: descriptor_pb2.DescriptorProto, name: str, *, key: Any, value: Any) -> None:
    entry = to.nested_type.add(name="".join(word.capitalize() for word in name.split("_")) + "Entry")
    entry.options.map_entry = True
    _add(entry, "key", kind=key)
    _add(entry, "value", kind=value, of="Part" if value == KINDS.TYPE_MESSAGE else "")
    _add(to, name, kind=KINDS.TYPE_MESSAGE, of=f"Whole.{entry.name}", label=KINDS.LABEL_REPEATED)


POOL = descriptor_pool.Default()
POOL.AddSerializedFile(_file().SerializeToString())
SCHEMA = POOL.FindMessageTypeByName(f"{PACKAGE}.Whole")

int32, int64 = st.integers(-(2**31), 2**31 - 1), st.integers(-(2**63), 2**63 - 1)
text = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
states = st.sampled_from(["STATE_UNSPECIFIED", "STATE_OPEN", "STATE_CLOSED"])
moments = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.timezones()).map(  # noqa: DTZ001
    lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000, fold=0).astimezone(UTC)
)
parts = st.builds(Part, name=text, large=int64)
wholes = st.builds(
    Whole,
    name=text,
    small=int32,
    count=st.integers(0, 2**32 - 1),
    large=int64,
    size=st.integers(0, 2**64 - 1),
    done=st.booleans(),
    maybe_small=st.none() | int32,
    maybe_name=st.none() | text,
    state=states,
    maybe_state=st.none() | states,
    time=st.none() | moments,
    part=st.none() | parts,
    names=st.lists(text, max_size=3).map(tuple),
    larges=st.lists(int64, max_size=3).map(tuple),
    states=st.lists(states, max_size=3).map(tuple),
    times=st.lists(moments, max_size=2).map(tuple),
    parts=st.lists(parts, max_size=2).map(tuple),
    counts=st.none() | st.dictionaries(text, int32, max_size=3),
    parts_by_number=st.none() | st.dictionaries(int64, parts, max_size=3),
)


def _by_protobuf(event: Whole) -> dict[str, Any]:
    """Build the message with protobuf's own means and let protobuf turn it into JSON."""
    message = message_factory.GetMessageClass(SCHEMA)()
    json_format.ParseDict(dict(_told(asdict(event))), message)
    return json_format.MessageToDict(message, preserving_proto_field_name=True)


def _told(fields: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in fields.items():
        if isinstance(value, datetime):
            yield name, _stamp(value)
        elif name == "times":
            yield name, [_stamp(each) for each in value]
        elif isinstance(value, dict) and name != "part":
            yield name, {str(key): each for key, each in value.items()}
        elif value is not None:
            yield name, value


def _stamp(moment: datetime) -> str:
    stamp = Timestamp()
    stamp.FromDatetime(moment)
    return stamp.ToJsonString()


@given(event=wholes)
def test_an_event_becomes_the_json_that_protobuf_makes_of_its_message(event: Whole) -> None:
    said, expected = to_json(event, SCHEMA), _by_protobuf(event)

    assert said == expected
    assert list(said) == list(expected)


def test_what_is_unset_or_a_default_is_left_out_and_what_has_presence_is_not() -> None:
    event = Whole(maybe_small=0, maybe_name="", maybe_state="STATE_UNSPECIFIED", part=Part(), counts={})

    assert to_json(event, SCHEMA) == {
        "maybe_small": 0,
        "maybe_name": "",
        "maybe_state": "STATE_UNSPECIFIED",
        "part": {},
    }


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": 7},
        {"name": "\ud800"},
        {"small": "three"},
        {"small": 3.0},
        {"small": True},
        {"small": 2**31},
        {"count": -1},
        {"large": 2**63},
        {"done": 1},
        {"state": "STATE_FLOWN"},
        {"state": 3},
        {"state": True},
        {"time": date(2026, 1, 1)},
        {"time": datetime(2026, 1, 1)},  # noqa: DTZ001
        {"time": "2026-01-01T00:00:00Z"},
        {"part": {"name": "a"}},
        {"part": "a"},
        {"part": replace(Whole(), small=1)},
        {"names": "abc"},
        {"names": (None,)},
        {"name": ("a",)},
        {"counts": [1]},
        {"counts": {1: 1}},
        {"parts_by_number": {1: None}},
    ],
    ids=str,
)
def test_a_value_that_does_not_fit_is_refused_by_the_name_of_its_field(wrong: dict[str, Any]) -> None:
    (name,) = wrong
    with pytest.raises(EventMismatch, match=rf"^Whole is no {PACKAGE}.Whole: {name}: "):
        to_json(Whole(**wrong), SCHEMA)


def test_a_refusal_does_not_repeat_the_value_because_it_may_be_a_name() -> None:
    with pytest.raises(EventMismatch) as refused:
        to_json(Whole(small="王小明"), SCHEMA)  # type: ignore[arg-type]

    assert "王" not in str(refused.value)


@dataclass(frozen=True)
class Share:
    share: float = 0.5


@dataclass(frozen=True)
class Raw:
    raw: bytes = b"a"


@dataclass(frozen=True)
class Either:
    either: str = "a"


@pytest.mark.parametrize("event", [Share(), Raw(), Either()])
def test_a_kind_of_field_that_no_event_has_carried_is_refused_instead_of_guessed(event: object) -> None:
    with pytest.raises(EventMismatch, match="no event has"):
        to_json(event, SCHEMA)
