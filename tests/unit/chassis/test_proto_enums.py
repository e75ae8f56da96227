from enum import StrEnum

import pytest

from membercare.feedback.v1.case_pb2 import CaseState
from services.chassis.errors import InvalidField
from services.chassis.proto_enums import EnumTable


class State(StrEnum):
    OPEN = "open"
    ASSIGNED = "CASE_STATE_ASSIGNED"  # a full name is understood too
    CLOSED = "closed"


class Fewer(StrEnum):
    OPEN = "open"
    ASSIGNED = "assigned"


class More(StrEnum):
    OPEN = "open"
    ASSIGNED = "assigned"
    CLOSED = "closed"
    LOST = "lost"


def test_members_and_numbers_are_paired_by_name() -> None:
    table = EnumTable(State, CaseState)
    assert [table.number(state) for state in State] == [1, 2, 3]
    assert [table.member(number, "state") for number in (0, 1, 2, 3)] == [None, *State]


def test_a_number_that_means_nothing_is_refused_with_the_fields_name() -> None:
    with pytest.raises(InvalidField) as refusal:
        EnumTable(State, CaseState).member(99, "filter.state")
    assert refusal.value.field == "filter.state"


def test_a_value_that_only_one_side_knows_is_found_when_the_table_is_built() -> None:
    with pytest.raises(ValueError, match="CASE_STATE_CLOSED"):
        EnumTable(Fewer, CaseState)
    with pytest.raises(ValueError, match="LOST"):
        EnumTable(More, CaseState)
