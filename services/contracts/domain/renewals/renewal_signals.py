"""What is heard about a customer that speaks for or against a renewal, and the facts that follow from it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from services.chassis.checks import line
from services.chassis.errors import InvalidField
from services.chassis.ids import check_id, derived_id
from services.contracts.domain.terms.money import Money

LOOK_BACK = timedelta(days=365)
"""What is older says nothing; a case that is still open does, however old."""
_MONTH_DAYS = 30
_MOST_VALUE, _MOST_SUBJECT, _MOST_EVENT = 3_650, 60, 100
_BEST = 5


class SignalKind(StrEnum):
    """What was heard."""

    VISIT_COMPLETED = "visit_completed"
    """`value`: the satisfaction said, 1 to 5; 0: none was said."""
    COMPLAINT_OPENED = "complaint_opened"
    CASE_OPENED = "case_opened"
    """Any case but a complaint."""
    CASE_CLOSED = "case_closed"
    PAYMENT_MADE = "payment_made"
    """`value`: days behind the due date; 0: in time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """One thing heard, once: the id follows from the event that told it."""

    id: str
    customer_id: str
    kind: SignalKind
    subject_id: str
    """The case, visit or invoice. A case that was closed is no longer open."""
    value: int
    occurred_time: datetime

    @classmethod
    def heard(
        cls,
        event_id: str,
        *,
        customer_id: str,
        kind: SignalKind | None,
        subject_id: str,
        value: int,
        occurred_time: datetime,
    ) -> "Signal":
        """Return the signal of an event, or refuse with INVALID_FIELD or INVALID_ID and the field's name."""
        if kind is None:
            raise InvalidField("kind", "kind is missing.")
        most = _BEST if kind is SignalKind.VISIT_COMPLETED else _MOST_VALUE
        if not 0 <= value <= most:
            raise InvalidField("value", f"value must be 0 to {most}.")
        event = line(event_id, "event_id", most=_MOST_EVENT, least=1)
        return cls(
            id=derived_id("sig", event),
            customer_id=check_id(customer_id, "cus", field="customer_id"),
            kind=kind,
            subject_id=line(subject_id, "subject_id", most=_MOST_SUBJECT),
            value=value,
            occurred_time=occurred_time,
        )


def facts_of(
    signals: Iterable[Signal], *, terms_renewed: int, prices: tuple[Money, Money], by_itself: bool, now: datetime
) -> Mapping[str, int]:
    """Return the facts that the model weighs; `prices` are those of the term that ends and of the next.

    `satisfaction` is in tenths of a point of 5, `price_rise` in tenths of a percent; both are rounded down.
    """
    heard = list(signals)
    recent = [signal for signal in heard if signal.occurred_time > now - LOOK_BACK]
    facts = {
        "visits": _count(recent, SignalKind.VISIT_COMPLETED),
        "complaints": _count(recent, SignalKind.COMPLAINT_OPENED),
        "open_cases": len(_open_cases(heard)),
        "terms_renewed": terms_renewed,
        "by_itself": int(by_itself),
    }
    said = [signal.value for signal in recent if signal.kind is SignalKind.VISIT_COMPLETED and signal.value]
    late = [signal.value for signal in recent if signal.kind is SignalKind.PAYMENT_MADE]
    old, new = (price.minor_units for price in prices)
    if said:
        facts["satisfaction"] = 10 * sum(said) // len(said)
    if late:
        facts["days_late"] = sum(late) // len(late)
    if old:
        facts["price_rise"] = 1_000 * (new - old) // old
    if heard:
        last = max(signal.occurred_time for signal in heard)
        facts["silent_months"] = max((now - last).days, 0) // _MONTH_DAYS
    return facts


def _count(signals: Sequence[Signal], kind: SignalKind) -> int:
    return sum(signal.kind is kind for signal in signals)


def _open_cases(signals: Sequence[Signal]) -> set[str]:
    opened = {
        signal.subject_id for signal in signals if signal.kind in {SignalKind.COMPLAINT_OPENED, SignalKind.CASE_OPENED}
    }
    return opened - {signal.subject_id for signal in signals if signal.kind is SignalKind.CASE_CLOSED}
