from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from pymongo.errors import AutoReconnect

from services.chassis.bus import Subscription
from services.chassis.intake import Delivery, Intake
from services.chassis.parked import Parked
from services.chassis.patience import Patience, Permanent

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
HEARD = Subscription("contracts", "contract_activated", "care", "on_contract_activated")


class Noon:
    def now(self) -> datetime:
        return NOON


@dataclass
class Message:
    """A delivery that writes down what the bus is told."""

    subject: str
    attempts: int = 0
    told: list[Any] = field(default_factory=list)
    broken: bool = False

    @property
    def envelope(self) -> dict[str, Any]:
        return {"id": f"evt_{self.subject}", "subject": self.subject}

    def done(self) -> None:
        if self.broken:
            raise OSError("the connection is gone")
        self.told.append("done")

    def retry(self, pause: float, attempts: int) -> None:
        self.told.append((pause, attempts))


@dataclass
class Desk:
    """An intake with what it began and parked."""

    begun: list[Delivery] = field(default_factory=list)
    parked: list[Parked] = field(default_factory=list)
    database_away: bool = False

    def __post_init__(self) -> None:
        self.intake = Intake(
            HEARD, start=self.begun.append, park=self._park, clock=Noon(), patience=Patience(pauses=(1.0, 5.0))
        )

    def _park(self, parked: Parked) -> None:
        if self.database_away:
            raise AutoReconnect("gone")
        self.parked.append(parked)


def test_events_of_one_subject_wait_for_each_other_and_others_do_not() -> None:
    desk = Desk()
    first, second, other = Message("con_1"), Message("con_1"), Message("con_2")

    for message in (first, second, other):
        desk.intake.offer(message)
    assert desk.begun == [first, other]

    desk.intake.settle(first, None)
    assert desk.begun == [first, other, second]
    assert first.told == ["done"]


def test_a_failed_event_is_put_back_and_the_next_of_its_subject_begins() -> None:
    desk = Desk()
    first, second = Message("con_1"), Message("con_1")
    desk.intake.offer(first)
    desk.intake.offer(second)

    desk.intake.settle(first, ValueError("no"))

    assert first.told == [(1.0, 1)]
    assert desk.begun == [first, second]
    assert desk.parked == []


def test_what_is_given_up_is_parked_and_only_then_taken_from_the_bus() -> None:
    desk = Desk()
    message = Message("con_1", attempts=2)
    desk.intake.offer(message)

    desk.intake.settle(message, Permanent("UNKNOWN_SCHEMA", "what is this"))

    assert desk.parked == [
        Parked(
            subscription="evt-contracts-contract_activated--care.on_contract_activated.v1",
            envelope={"id": "evt_con_1", "subject": "con_1"},
            reason="UNKNOWN_SCHEMA",
            error="Permanent: what is this",
            attempts=3,
            time=NOON,
        )
    ]
    assert message.told == ["done"]


def test_what_cannot_be_parked_stays_on_the_bus() -> None:
    desk = Desk(database_away=True)
    message = Message("con_1", attempts=2)
    desk.intake.offer(message)

    desk.intake.settle(message, ValueError("no"))

    assert message.told == [(5.0, 2)]
    assert not desk.intake.busy


def test_a_bus_that_cannot_be_told_stops_nobody() -> None:
    desk = Desk()
    first, second = Message("con_1", broken=True), Message("con_1")
    desk.intake.offer(first)
    desk.intake.offer(second)

    desk.intake.settle(first, None)

    assert first.told == []
    assert desk.begun == [first, second]


def test_a_closed_intake_begins_nothing_and_lets_what_was_begun_end() -> None:
    desk = Desk()
    first, second, third = Message("con_1"), Message("con_1"), Message("con_2")
    desk.intake.offer(first)
    desk.intake.offer(second)

    desk.intake.close()
    desk.intake.offer(third)
    assert desk.intake.busy
    desk.intake.settle(first, None)

    assert desk.begun == [first]
    assert (first.told, second.told, third.told) == (["done"], [], [])
    assert not desk.intake.busy


def test_poison_is_parked_without_another_try() -> None:
    desk = Desk()
    message = Message("con_1")

    desk.intake.poison(message, 10)

    assert desk.begun == []
    assert [(parked.reason, parked.attempts) for parked in desk.parked] == [("POISON", 10)]
    assert message.told == ["done"]
