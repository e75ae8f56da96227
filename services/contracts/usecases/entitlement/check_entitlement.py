"""Say whether a request for service is covered."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from services.chassis.clock import Clock
from services.chassis.errors import InvalidField
from services.chassis.ids import check_id, optional_id
from services.contracts.domain.catalog.product import service_type
from services.contracts.domain.entitlement.coverage import Ask, ServiceUnit
from services.contracts.domain.entitlement.entitlement import Entitlement, entitlement
from services.contracts.domain.entitlement.judge_coverage import judge
from services.contracts.domain.entitlement.service_rates import rounded_up
from services.contracts.ports.entitlement import CoverFacts

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
MOST_AHEAD = timedelta(days=3653)
MOST_QUANTITY = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody asks for, not yet checked."""

    customer_id: str
    asset_id: str = ""
    service_type: str
    at: datetime | None = None
    known_at: datetime | None = None
    quantity: int = 0
    unit: ServiceUnit | None = None

    def checked(self, now: datetime, *, earliest: datetime = EARLIEST, rounding_minutes: int) -> Ask:
        """Return the request, or refuse with INVALID_FIELD or INVALID_ID and the field's name."""
        at = self.at or now
        if not earliest <= at <= now + MOST_AHEAD:
            raise InvalidField("at", f"at must be from {earliest.date()} to ten years ahead.")
        if self.known_at is not None and not EARLIEST <= self.known_at <= now:
            raise InvalidField("known_at", f"known_at must be from {EARLIEST.date()} to now.")
        return Ask(
            customer_id=check_id(self.customer_id, "cus", field="customer_id"),
            asset_id=optional_id(self.asset_id, "ast", field="asset_id"),
            service_type=service_type(self.service_type, "service_type"),
            at=at,
            known_at=self.known_at,
            quantity=counted(self.quantity or 1, self.unit, field="quantity", rounding_minutes=rounding_minutes),
            unit=self.unit,
        )


@dataclass(frozen=True, slots=True)
class CheckEntitlement:
    """Judges a request by one read, and changes nothing."""

    facts: CoverFacts
    clock: Clock
    rounding_minutes: int

    def __call__(self, wanted: Wanted) -> Entitlement:
        """Return the verdict with prices."""
        now = self.clock.now()
        ask = wanted.checked(now, rounding_minutes=self.rounding_minutes)
        facts, tariff = self.facts.read(ask)
        return entitlement(judge(ask, facts), tariff, known_at=ask.known_at or now)


def counted(quantity: int, unit: ServiceUnit | None, *, field: str, rounding_minutes: int, least: int = 1) -> int:
    """Return the quantity that counts, minutes rounded up; or refuse with INVALID_FIELD."""
    if not least <= quantity <= MOST_QUANTITY:
        raise InvalidField(field, f"{field} must be {least} to {MOST_QUANTITY}.")
    if unit is None and quantity != 1:
        raise InvalidField("unit", "unit is missing: a quantity needs to say of what.")
    return rounded_up(quantity, rounding_minutes) if unit is ServiceUnit.MINUTES else quantity
