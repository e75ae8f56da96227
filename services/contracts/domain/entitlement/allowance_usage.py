"""A use of allowances: kept back for a request, then consumed, given back, or put right."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from services.chassis.checks import text
from services.contracts.domain.entitlement.coverage import (
    Ask,
    CounterKey,
    Cover,
    Judgement,
    Reason,
    ServiceUnit,
    Verdict,
)
from services.contracts.domain.entitlement.entitlement_errors import (
    ReferenceUsedOtherwise,
    ReservationExpired,
    UsageTransitionRefused,
)
from services.contracts.domain.entitlement.verdict_words import reason_words

MOST_REASON = 500


class UsageState(StrEnum):
    """Where a usage stands."""

    RESERVED = "reserved"
    CONSUMED = "consumed"
    RELEASED = "released"
    EXPIRED = "expired"
    CHARGEABLE = "chargeable"


class UsageVerb(StrEnum):
    """What can be done to a usage."""

    CONSUME = "consume"
    RELEASE = "release"
    EXPIRE = "expire"
    CORRECT = "correct"


TRANSITIONS: Mapping[tuple[UsageState, UsageVerb], UsageState] = {
    (UsageState.RESERVED, UsageVerb.CONSUME): UsageState.CONSUMED,
    (UsageState.RESERVED, UsageVerb.RELEASE): UsageState.RELEASED,
    (UsageState.RESERVED, UsageVerb.EXPIRE): UsageState.EXPIRED,
    (UsageState.CONSUMED, UsageVerb.CORRECT): UsageState.CONSUMED,
}
"""Everything there is; whatever is not in here is refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A quantity that was counted wrongly, and put right."""

    quantity_before: int
    quantity_after: int
    reason: str
    by: str
    time: datetime


@dataclass(frozen=True, slots=True)
class Held:
    """What a usage draws on since a moment; the trace lets balances be told as of any moment."""

    since: datetime
    covers: tuple[Cover, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowanceUsage:
    """A usage as stored."""

    id: str
    version: int = 1
    reference: str
    state: UsageState
    customer_id: str
    asset_id: str
    service_type: str
    unit: ServiceUnit
    asked: int
    """How much was asked for when it was reserved; a repeat must ask for the same."""
    quantity: int
    """What is counted: as reserved, then as consumed, then as corrected. Minutes are rounded up."""
    actual: int = 0
    """What it really was; 0 until consumed."""
    held: tuple[Held, ...]
    """At least one, in the order of time."""
    verdict: Verdict
    reason: Reason
    explanation_en: str
    explanation_zh: str
    service_time: datetime
    expire_time: datetime | None
    consumed_time: datetime | None = None
    release_reason: str = ""
    corrections: tuple[Correction, ...] = ()
    by: str
    create_time: datetime
    update_time: datetime
    events: tuple[object, ...] = ()

    @classmethod
    def reserve(
        cls, usage_id: str, judgement: Judgement, *, reference: str, by: str, now: datetime, expire_time: datetime
    ) -> "AllowanceUsage":
        """Return what is kept back for a request; nothing is, where nothing covers it. The request names a unit."""
        ask, why = judgement.ask, reason_words(judgement)
        if ask.unit is None:
            raise ValueError("A usage counts a unit.")
        return cls(
            id=usage_id,
            reference=reference,
            state=UsageState.RESERVED if judgement.covers else UsageState.CHARGEABLE,
            customer_id=ask.customer_id,
            asset_id=ask.asset_id,
            service_type=ask.service_type,
            unit=ask.unit,
            asked=ask.quantity,
            quantity=ask.quantity,
            held=(Held(now, judgement.covers),),
            verdict=judgement.verdict,
            reason=judgement.reason,
            explanation_en=why.en,
            explanation_zh=why.zh,
            service_time=ask.at,
            expire_time=expire_time if judgement.covers else None,
            by=by,
            create_time=now,
            update_time=now,
        )

    @property
    def covers(self) -> tuple[Cover, ...]:
        """What it draws on now; nothing once all was given back."""
        return self.held[-1].covers

    @property
    def covered(self) -> int:
        """How much is free of charge."""
        return sum(cover.quantity for cover in self.covers)

    @property
    def chargeable(self) -> int:
        """How much is charged."""
        return self.quantity - self.covered

    @property
    def drawn(self) -> Mapping[CounterKey, int]:
        """How much of each allowance this holds."""
        held: dict[CounterKey, int] = {}
        for cover in self.covers:
            if (key := cover.counter(self.unit)) is not None:
                held[key] = held.get(key, 0) + cover.quantity
        return held

    def refuse_other(self, ask: Ask) -> None:
        """Refuse a repeat under the same reference that asks for something else."""
        mine = (self.customer_id, self.asset_id, self.service_type, self.unit, self.asked)
        if mine != (ask.customer_id, ask.asset_id, ask.service_type, ask.unit, ask.quantity):
            raise ReferenceUsedOtherwise(self.reference, usage_id=self.id)

    def consumed(self, quantity: int, *, actual: int, judgement: Judgement | None, now: datetime) -> "AllowanceUsage":
        """Return the usage with what was really used; `judgement` says what covers more than is held."""
        if self.state is UsageState.RESERVED and self.expire_time is not None and now >= self.expire_time:
            raise ReservationExpired(self.id, expire_time=self.expire_time.isoformat())
        held = self._held(self._recounted(quantity, judgement), now)
        moved = self._moved(UsageVerb.CONSUME, now)
        return replace(moved, quantity=quantity, held=held, actual=actual, consumed_time=now)

    def corrected(
        self, quantity: int, *, actual: int, judgement: Judgement | None, reason: str, by: str, now: datetime
    ) -> "AllowanceUsage":
        """Return the usage with another quantity, and the trace of what was counted before."""
        why = text(reason, "reason", most=MOST_REASON, least=1)
        moved = self._moved(UsageVerb.CORRECT, now)
        entry = Correction(
            quantity_before=self.quantity,
            quantity_after=quantity,
            reason=why,
            by=by,
            time=now,
        )
        held = self._held(self._recounted(quantity, judgement), now)
        corrections = (*self.corrections, entry)
        return replace(moved, quantity=quantity, held=held, actual=actual, corrections=corrections)

    def released(self, reason: str, *, now: datetime) -> "AllowanceUsage":
        """Return the usage with all given back."""
        why = text(reason, "release_reason", most=MOST_REASON, least=1)
        return replace(self._moved(UsageVerb.RELEASE, now), held=self._held((), now), release_reason=why)

    def expired(self, now: datetime) -> "AllowanceUsage":
        """Return the usage with all given back once its time is over; itself before."""
        if self.expire_time is None or now < self.expire_time:
            return self
        return replace(self._moved(UsageVerb.EXPIRE, now), held=self._held((), now))

    def _recounted(self, quantity: int, judgement: Judgement | None) -> tuple[Cover, ...]:
        """Return what covers a quantity: what is held first, then what the judgement of the rest offers."""
        kept: list[Cover] = []
        wanted = quantity
        for cover in self.covers:
            if taken := min(wanted, cover.quantity):
                kept.append(replace(cover, quantity=taken))
                wanted -= taken
        more = judgement.covers if judgement is not None and wanted else ()
        return _merged((*kept, *more))

    def _held(self, covers: tuple[Cover, ...], now: datetime) -> tuple[Held, ...]:
        return (*self.held, Held(now, covers))

    def _moved(self, verb: UsageVerb, now: datetime) -> "AllowanceUsage":
        state = TRANSITIONS.get((self.state, verb))
        if state is None:
            if self.state is UsageState.EXPIRED and self.expire_time is not None:
                raise ReservationExpired(self.id, expire_time=self.expire_time.isoformat())
            raise UsageTransitionRefused(self.id, state=self.state.value, verb=verb.value)
        return replace(self, state=state, update_time=now)


def _merged(covers: tuple[Cover, ...]) -> tuple[Cover, ...]:
    """Return the covers with one entry for each line and term."""
    merged: dict[tuple[object, ...], Cover] = {}
    for each in covers:
        key = (each.source, each.contract_id, each.line_id, each.term_start)
        first = merged.get(key)
        merged[key] = replace(first, quantity=first.quantity + each.quantity) if first else each
    return tuple(merged.values())
