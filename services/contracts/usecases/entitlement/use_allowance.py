"""Use allowances: reserve, consume, release, correct, and give back what nobody consumed in time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from services.chassis.checks import line, request_key
from services.chassis.clock import Clock
from services.chassis.errors import InvalidField
from services.chassis.ids import check_id, derived_id
from services.contracts.domain.entitlement.allowance_usage import AllowanceUsage
from services.contracts.domain.entitlement.coverage import Ask, Judgement
from services.contracts.domain.entitlement.judge_coverage import judge
from services.contracts.ports.entitlement import FactsOf, Usages
from services.contracts.usecases.entitlement.check_entitlement import Wanted, counted

MOST_REFERENCE = 100
_MOST_BACK = timedelta(days=366)
_A_BATCH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageOrder:
    """Which usage to change, on whose behalf, and the guards against lost updates and repeats."""

    usage_id: str
    by: str
    etag: str = ""
    request_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReserveAllowance:
    """Keeps back what covers a request."""

    usages: Usages
    clock: Clock
    rounding_minutes: int
    lifetime: timedelta

    def __call__(self, wanted: Wanted, *, reference: str, request_id: str, by: str) -> AllowanceUsage:
        """Return the usage as stored; the same reference and unit return the first."""
        now = self.clock.now()
        key = line(reference, "reference", most=MOST_REFERENCE) or line(request_id, "request_id", most=MOST_REFERENCE)
        if not key:
            raise InvalidField("reference", "reference is missing: the id of a case, or a key of your own.")
        if wanted.unit is None:
            raise InvalidField("unit", "unit is missing.")
        ask = wanted.checked(now, earliest=now - _MOST_BACK, rounding_minutes=self.rounding_minutes)
        usage_id = derived_id("alw", key, wanted.unit.value)
        stored = self.usages.reserve(
            usage_id,
            ask,
            step=lambda facts: AllowanceUsage.reserve(
                usage_id, judge(ask, facts), reference=key, by=by, now=now, expire_time=now + self.lifetime
            ),
        )
        stored.refuse_other(ask)
        return stored


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsumeAllowance:
    """Reserved to consumed."""

    usages: Usages
    clock: Clock
    rounding_minutes: int

    def __call__(self, order: UsageOrder, *, actual: int | None) -> AllowanceUsage:
        """Return the usage with what was really used; more than was reserved draws on what is left."""
        now = self.clock.now()

        def step(usage: AllowanceUsage, facts: FactsOf) -> AllowanceUsage:
            used = usage.quantity if actual is None else actual
            quantity = counted(
                used, usage.unit, field="actual_quantity", rounding_minutes=self.rounding_minutes, least=0
            )
            return usage.consumed(quantity, actual=used, judgement=_rest(usage, quantity, facts=facts), now=now)

        return _change(self.usages, order, verb="consume", step=step)


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectAllowance:
    """Puts the quantity of what was consumed right."""

    usages: Usages
    clock: Clock
    rounding_minutes: int

    def __call__(self, order: UsageOrder, *, actual: int, reason: str) -> AllowanceUsage:
        """Return the usage with the trace of what was counted before."""
        now = self.clock.now()

        def step(usage: AllowanceUsage, facts: FactsOf) -> AllowanceUsage:
            quantity = counted(
                actual, usage.unit, field="actual_quantity", rounding_minutes=self.rounding_minutes, least=0
            )
            rest = _rest(usage, quantity, facts=facts)
            return usage.corrected(quantity, actual=actual, judgement=rest, reason=reason, by=order.by, now=now)

        return _change(self.usages, order, verb="correct", step=step)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseAllowance:
    """Reserved to released."""

    usages: Usages
    clock: Clock

    def __call__(self, order: UsageOrder, *, reason: str) -> AllowanceUsage:
        """Return the usage with all given back."""
        now = self.clock.now()
        return _change(self.usages, order, verb="release", step=lambda usage, _: usage.released(reason, now=now))


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpireReservations:
    """Gives back what nobody consumed in time."""

    usages: Usages
    clock: Clock
    tell: Callable[[str, Exception], None]
    """Is told which usage could not be expired, and why; the others are."""

    def __call__(self, holds: Callable[[], bool]) -> int:
        """Return how many reservations expired; ends early once `holds` says no."""
        now, after, done = self.clock.now(), "", 0
        while overdue := self.usages.overdue(now, most=_A_BATCH, after=after):
            for usage_id in overdue:
                if not holds():
                    return done
                done += self._expire(usage_id)
            after = overdue[-1]
        return done

    def _expire(self, usage_id: str) -> int:
        now = self.clock.now()
        try:
            expired = self.usages.change(usage_id, lambda usage, _: usage.expired(now))
        except Exception as error:  # noqa: BLE001  # one bad record must not stop the rest
            self.tell(usage_id, error)
            return 0
        return int(expired.update_time == now)


def _change(
    usages: Usages, order: UsageOrder, *, verb: str, step: Callable[[AllowanceUsage, FactsOf], AllowanceUsage]
) -> AllowanceUsage:
    usage_id = check_id(order.usage_id, "alw", field="usage_id")
    return usages.change(usage_id, step, etag=order.etag, request_key=request_key(verb, order.request_id))


def _rest(usage: AllowanceUsage, quantity: int, *, facts: FactsOf) -> Judgement | None:
    """Return what covers that part of a quantity which the usage does not hold yet; None if it holds all."""
    missing = quantity - usage.covered
    if missing <= 0:
        return None
    ask = Ask(
        customer_id=usage.customer_id,
        asset_id=usage.asset_id,
        service_type=usage.service_type,
        at=usage.service_time,
        quantity=missing,
        unit=usage.unit,
    )
    return judge(ask, facts(ask))
