"""A service that the customer pays for: estimated, consented to, done, charged."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from fractions import Fraction

from services.chassis.checks import line, text
from services.chassis.errors import InvalidField
from services.contracts.domain.entitlement.coverage import Reason
from services.contracts.domain.entitlement.entitlement import Hint
from services.contracts.domain.entitlement.entitlement_errors import (
    ChargeAboveConsent,
    ConsentMissing,
    EstimateSuperseded,
    ServiceOrderTransitionRefused,
)
from services.contracts.domain.entitlement.entitlement_events import ChargeableServiceCompleted
from services.contracts.domain.entitlement.service_lines import PricedLine
from services.contracts.domain.terms.money import Money, scaled, total

MOST_NAME, MOST_REASON = 200, 500
_BASIS_POINTS = 10_000


class ServiceOrderState(StrEnum):
    """Where an order stands."""

    ESTIMATED = "estimated"
    CONSENTED = "consented"
    IN_PROGRESS = "in_progress"
    CONSENT_ASKED_AGAIN = "consent_asked_again"
    COMPLETED = "completed"
    DECLINED = "declined"
    CANCELLED = "cancelled"


class ServiceOrderVerb(StrEnum):
    """What can be done to an order."""

    REVISE = "revise"
    CONSENT = "record consent to"
    DECLINE = "decline"
    START = "start"
    COMPLETE = "complete"
    CANCEL = "cancel"


_S, _V = ServiceOrderState, ServiceOrderVerb

TRANSITIONS: Mapping[tuple[ServiceOrderState, ServiceOrderVerb], ServiceOrderState] = {
    (_S.ESTIMATED, _V.REVISE): _S.ESTIMATED,
    (_S.ESTIMATED, _V.CONSENT): _S.CONSENTED,
    (_S.ESTIMATED, _V.DECLINE): _S.DECLINED,
    (_S.ESTIMATED, _V.CANCEL): _S.CANCELLED,
    (_S.CONSENTED, _V.REVISE): _S.ESTIMATED,
    (_S.CONSENTED, _V.START): _S.IN_PROGRESS,
    (_S.CONSENTED, _V.DECLINE): _S.DECLINED,
    (_S.CONSENTED, _V.CANCEL): _S.CANCELLED,
    (_S.IN_PROGRESS, _V.REVISE): _S.CONSENT_ASKED_AGAIN,
    (_S.IN_PROGRESS, _V.COMPLETE): _S.COMPLETED,
    (_S.CONSENT_ASKED_AGAIN, _V.REVISE): _S.CONSENT_ASKED_AGAIN,
    (_S.CONSENT_ASKED_AGAIN, _V.CONSENT): _S.IN_PROGRESS,
    (_S.CONSENT_ASKED_AGAIN, _V.DECLINE): _S.IN_PROGRESS,
}
"""Everything there is; whatever is not in here is refused."""

_NEEDS_CONSENT = frozenset(
    {(_S.ESTIMATED, _V.START), (_S.ESTIMATED, _V.COMPLETE), (_S.CONSENT_ASKED_AGAIN, _V.COMPLETE)}
)
"""Refused not for the state as such, but because nobody consented to the current estimate."""


class ConsentChannel(StrEnum):
    """How a customer consented."""

    SIGNATURE = "signature"
    PHONE = "phone"
    EMAIL = "email"
    MESSAGE = "message"
    IN_PERSON = "in_person"


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What the customer is asked to consent to."""

    number: int
    lines: tuple[PricedLine, ...]
    amount: Money
    time: datetime

    @classmethod
    def of(cls, lines: tuple[PricedLine, ...], *, number: int, now: datetime) -> "Estimate":
        """Return the estimate of lines of one currency."""
        return cls(number=number, lines=lines, amount=sum_of(lines), time=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """The customer's consent to one estimate."""

    estimate_number: int
    amount: Money
    given_by: str
    channel: ConsentChannel
    given_time: datetime
    recorded_by: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentDetails:
    """What a person records of a consent, not yet checked."""

    estimate_number: int
    given_by: str
    channel: ConsentChannel | None
    given_time: datetime | None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceOrder:
    """An order as stored."""

    id: str
    version: int = 1
    customer_id: str
    asset_id: str
    service_type: str
    reference: str
    state: ServiceOrderState
    estimates: tuple[Estimate, ...]
    """At least one; the last is current."""
    tolerance_bps: int
    consents: tuple[Consent, ...] = ()
    actuals: tuple[PricedLine, ...] = ()
    charge: Money | None = None
    reason: Reason
    hint: Hint | None = None
    end_reason: str = ""
    technician_id: str = ""
    started_time: datetime | None = None
    completed_time: datetime | None = None
    created_by: str
    completed_by: str = ""
    create_time: datetime
    update_time: datetime
    events: tuple[object, ...] = ()

    @property
    def estimate(self) -> Estimate:
        """The current estimate."""
        return self.estimates[-1]

    @property
    def most(self) -> Money:
        """The most that the last consent carries, tolerance included; zero before any."""
        if not self.consents:
            return Money(self.estimate.amount.currency_code, 0)
        return scaled(self.consents[-1].amount, Fraction(_BASIS_POINTS + self.tolerance_bps, _BASIS_POINTS))

    def revised(self, lines: tuple[PricedLine, ...], *, now: datetime) -> "ServiceOrder":
        """Return the order with a new estimate, which nobody has consented to yet."""
        moved = self._moved(_V.REVISE, now)
        made = Estimate.of(lines, number=self.estimate.number + 1, now=now)
        return replace(moved, estimates=(*self.estimates, made))

    def consented(self, details: ConsentDetails, *, by: str, now: datetime) -> "ServiceOrder":
        """Return the order with the customer's consent to the current estimate."""
        moved, current = self._moved(_V.CONSENT, now), self.estimate
        if details.estimate_number != current.number:
            raise EstimateSuperseded(self.id, estimate_number=details.estimate_number, current=current.number)
        if details.channel is None:
            raise InvalidField("channel", "channel is missing.")
        given = details.given_time or now
        if not current.time <= given <= now:
            raise InvalidField("given_time", "given_time must be between the estimate and now.")
        consent = Consent(
            estimate_number=current.number,
            amount=current.amount,
            given_by=line(details.given_by, "given_by", most=MOST_NAME, least=1),
            channel=details.channel,
            given_time=given,
            recorded_by=by,
            note=text(details.note, "note", most=MOST_REASON),
        )
        return replace(moved, consents=(*self.consents, consent))

    def declined(self, reason: str, *, now: datetime) -> "ServiceOrder":
        """Return the order without consent: ended, or, while work is under way, with the earlier consent."""
        why = text(reason, "reason", most=MOST_REASON, least=1)
        moved = self._moved(_V.DECLINE, now)
        return replace(moved, end_reason=why) if moved.state is _S.DECLINED else moved

    def cancelled(self, reason: str, *, now: datetime) -> "ServiceOrder":
        """Return the order given up before work began."""
        why = text(reason, "reason", most=MOST_REASON, least=1)
        return replace(self._moved(_V.CANCEL, now), end_reason=why)

    def started(self, now: datetime) -> "ServiceOrder":
        """Return the order with work under way, or refuse with CONSENT_MISSING."""
        return replace(self._moved(_V.START, now), started_time=now)

    def completed(self, actuals: tuple[PricedLine, ...], *, by: str, now: datetime) -> "ServiceOrder":
        """Return the order with its charge, or refuse with CHARGE_ABOVE_CONSENT one that the consent does not carry."""
        moved, charge = self._moved(_V.COMPLETE, now), sum_of(actuals)
        if charge.minor_units > self.most.minor_units:
            raise ChargeAboveConsent(self.id, charge=charge, most=self.most)
        said = ChargeableServiceCompleted(
            order_id=self.id,
            customer_id=self.customer_id,
            asset_id=self.asset_id,
            service_type=self.service_type,
            reference=self.reference,
            technician_id=self.technician_id,
            charge=charge,
            contract_would_have_saved=self.hint is not None,
            occurred_time=now,
        )
        return replace(moved, actuals=actuals, charge=charge, completed_time=now, completed_by=by, events=(said,))

    def _moved(self, verb: ServiceOrderVerb, now: datetime) -> "ServiceOrder":
        state = TRANSITIONS.get((self.state, verb))
        if state is not None:
            return replace(self, state=state, update_time=now, events=())
        if (self.state, verb) in _NEEDS_CONSENT:
            raise ConsentMissing(self.id, estimate_number=self.estimate.number)
        raise ServiceOrderTransitionRefused(self.id, state=self.state.value, verb=verb.value)


def sum_of(lines: tuple[PricedLine, ...]) -> Money:
    """Return the sum of lines, which are of one currency and at least one."""
    return total((each.amount for each in lines), lines[0].amount.currency_code)
