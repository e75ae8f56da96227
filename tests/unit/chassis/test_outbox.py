from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import Enum, IntEnum, StrEnum
from typing import ClassVar

import pytest

from services.chassis import outbox
from services.chassis.outbox import EventMismatch, pending

NOON = datetime(2026, 11, 22, 12, 0, 0, 250_000, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Activated:
    type: ClassVar[str] = "contract_activated"
    schema: ClassVar[str] = "membercare.contracts.v1.ContractActivated"
    subject: ClassVar[str] = "contract_id"

    contract_id: str = "con_1"
    customer_id: str = "cus_1"
    owner_id: str | None = None
    start_date: date = date(2026, 12, 1)
    contract_version: int = 3
    occurred_time: datetime = NOON


@dataclass(frozen=True, kw_only=True)
class Sent(Activated):
    """Its subject is not the name of a field, but the id itself."""

    subject: ClassVar[str] = "con_9"


def test_an_event_becomes_an_envelope_of_plain_json() -> None:
    entry = pending(Activated(), source="contracts", now=NOON, trace="req_1")

    assert entry.pop("id").startswith("evt_")
    assert entry == {
        "type": "contract_activated",
        "source": "contracts",
        "time": "2026-11-22T12:00:00.250Z",
        "subject": "con_1",
        "schema": "membercare.contracts.v1.ContractActivated",
        "trace": "req_1",
        "data": {
            "contract_id": "con_1",
            "customer_id": "cus_1",
            "start_date": "2026-12-01",
            "contract_version": "3",
            "occurred_time": "2026-11-22T12:00:00.250Z",
        },
    }


def test_a_subject_may_be_the_id_itself() -> None:
    assert pending(Sent(), source="contracts", now=NOON)["subject"] == "con_9"


def test_a_field_that_the_message_lacks_is_found_before_anything_is_stored() -> None:
    @dataclass(frozen=True, kw_only=True)
    class Misspelt(Activated):
        contract_idd: str = "con_1"

    with pytest.raises(EventMismatch, match="has no field 'contract_idd'"):
        pending(Misspelt(), source="contracts", now=NOON)


def test_a_value_of_the_wrong_type_is_found_before_anything_is_stored() -> None:
    with pytest.raises(EventMismatch):
        pending(Activated(contract_version="three"), source="contracts", now=NOON)  # type: ignore[arg-type]


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(EventMismatch):
        pending(Activated(occurred_time=datetime(2026, 1, 1)), source="contracts", now=NOON)  # noqa: DTZ001


@pytest.mark.parametrize("schema", ["membercare.contracts.v1.Nothing", "nowhere.at.All", "Nothing"])
def test_a_schema_that_does_not_exist_is_refused(schema: str) -> None:
    with pytest.raises(EventMismatch, match="No message is named"):
        outbox.descriptor(schema)


class Word(StrEnum):
    SENT = "sent"


class Name(Enum):
    SENT = "TOUCH_STATE_SENT"


class Number(IntEnum):
    SENT = 2


@dataclass(frozen=True, kw_only=True)
class TouchOutcome:
    touch_id: str
    state: object


@dataclass(frozen=True, kw_only=True)
class TouchesSettled:
    type: ClassVar[str] = "touches_settled"
    schema: ClassVar[str] = "membercare.care.v1.TouchesSettled"
    subject: ClassVar[str] = "campaign_id"

    campaign_id: str
    outcomes: tuple[TouchOutcome, ...]


@pytest.mark.parametrize("state", [Word.SENT, Name.SENT, Number.SENT, "sent", "TOUCH_STATE_SENT", 2])
def test_what_is_nested_becomes_plain_and_an_enum_may_be_said_by_word_name_or_number(state: object) -> None:
    event = TouchesSettled(campaign_id="cmp_1", outcomes=(TouchOutcome(touch_id="tch_1", state=state),))

    entry = pending(event, source="care", now=NOON)

    assert entry["data"] == {
        "campaign_id": "cmp_1",
        "outcomes": [{"touch_id": "tch_1", "state": "TOUCH_STATE_SENT"}],
    }


@pytest.mark.parametrize("state", ["flown", "TOUCH_STATE_FLOWN", None])
def test_an_unknown_word_of_an_enum_is_refused_or_left_out(state: object) -> None:
    event = TouchesSettled(campaign_id="cmp_1", outcomes=(TouchOutcome(touch_id="tch_1", state=state),))

    if state is None:
        assert pending(event, source="care", now=NOON)["data"]["outcomes"] == [{"touch_id": "tch_1"}]
    else:
        with pytest.raises(EventMismatch):
            pending(event, source="care", now=NOON)
