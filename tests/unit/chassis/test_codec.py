"""What is written of a change is what differs, and together with what stood there it is the whole."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from services.chassis.codec import Codec

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Stage(StrEnum):
    OPEN = "open"
    WON = "won"


@dataclass(frozen=True)
class Point:
    name: str
    worth: int


@dataclass(frozen=True)
class Deal:
    id: str
    version: int = 1
    stage: Stage = Stage.OPEN
    points: tuple[Point, ...] = (Point("visits", 3),)
    end_date: date | None = None
    closed_time: datetime | None = None
    events: tuple[object, ...] = ()


class DealCodec(Codec[Deal]):
    """Keeps the stage and the sum of the points side by side, for a query."""

    def copies(self, aggregate: Deal) -> dict[str, Any]:
        return {"worth": sum(point.worth for point in aggregate.points)}


CODEC = DealCodec(Deal)
OLD = Deal("dea_1", points=(Point("visits", 3), Point("cases", -1)))


def test_a_document_holds_the_fields_and_the_copies_but_no_events() -> None:
    assert CODEC.to_document(replace(OLD, end_date=date(2026, 12, 31), events=("said",))) == {
        "_id": "dea_1",
        "version": 1,
        "stage": "open",
        "points": [{"name": "visits", "worth": 3}, {"name": "cases", "worth": -1}],
        "end_date": "2026-12-31",
        "closed_time": None,
        "worth": 2,
    }


def test_of_a_change_only_what_a_step_did_not_hand_on_is_written_and_always_the_copies() -> None:
    won = replace(OLD, stage=Stage.WON, closed_time=NOON, events=("won",))

    assert CODEC.to_changes(OLD, won) == {"stage": "won", "closed_time": NOON, "worth": 2}
    assert CODEC.to_changes(OLD, OLD) == {"worth": 2}


def test_a_field_that_is_emptied_is_written_empty() -> None:
    dated = replace(OLD, end_date=date(2026, 12, 31), closed_time=NOON)

    assert CODEC.to_changes(dated, replace(dated, points=(), end_date=None)) == {
        "points": [],
        "end_date": None,
        "worth": 0,
    }


def test_what_changed_laid_over_what_stood_there_is_the_new_document() -> None:
    new = replace(OLD, points=(*OLD.points, Point("calls", 5)), end_date=date(2027, 1, 1))

    assert CODEC.to_document(OLD) | CODEC.to_changes(OLD, new) == CODEC.to_document(new)
