"""What the room of entitlement refuses, beside what every room refuses."""

from services.chassis.errors import DomainError, Kind
from services.contracts.domain.terms.money import Money


class ReferenceUsedOtherwise(DomainError):
    """The reference was used before, for another customer, asset, service or quantity."""

    kind, reason = Kind.ALREADY_EXISTS, "REFERENCE_USED_OTHERWISE"

    def __init__(self, reference: str, *, usage_id: str) -> None:
        """Name the reference and the usage it was used for."""
        super().__init__(
            f"The reference {reference} stands for another request: {usage_id}.",
            field="reference",
            reference=reference,
            usage_id=usage_id,
        )


class UsageTransitionRefused(DomainError):
    """The usage's state does not allow the verb."""

    kind, reason = Kind.PRECONDITION, "USAGE_TRANSITION_REFUSED"

    def __init__(self, usage_id: str, *, state: str, verb: str) -> None:
        """Name the usage, where it stands and what was asked."""
        super().__init__(
            f"You cannot {verb} the allowance usage {usage_id}: it is {state}.",
            usage_id=usage_id,
            state=state,
            verb=verb,
        )


class ReservationExpired(DomainError):
    """What was kept back was given back, because nobody consumed it in time."""

    kind, reason = Kind.PRECONDITION, "RESERVATION_EXPIRED"

    def __init__(self, usage_id: str, *, expire_time: str) -> None:
        """Name the usage and when it expired."""
        super().__init__(
            f"The reservation {usage_id} expired at {expire_time}. Reserve again under another reference.",
            usage_id=usage_id,
            expire_time=expire_time,
        )


class ServiceOrderTransitionRefused(DomainError):
    """The order's state does not allow the verb."""

    kind, reason = Kind.PRECONDITION, "SERVICE_ORDER_TRANSITION_REFUSED"

    def __init__(self, order_id: str, *, state: str, verb: str) -> None:
        """Name the order, where it stands and what was asked."""
        super().__init__(
            f"You cannot {verb} the service order {order_id}: it is {state}.", order_id=order_id, state=state, verb=verb
        )


class ConsentMissing(DomainError):
    """Work needs the customer's consent to the current estimate."""

    kind, reason = Kind.PRECONDITION, "CONSENT_MISSING"

    def __init__(self, order_id: str, *, estimate_number: int) -> None:
        """Name the order and the estimate nobody consented to."""
        super().__init__(
            f"The customer has not consented to estimate {estimate_number} of the service order {order_id}.",
            order_id=order_id,
            estimate_number=str(estimate_number),
        )


class EstimateSuperseded(DomainError):
    """The consent is to an estimate that is not the current one."""

    kind, reason = Kind.PRECONDITION, "ESTIMATE_SUPERSEDED"

    def __init__(self, order_id: str, *, estimate_number: int, current: int) -> None:
        """Name the order, the estimate that was shown and the current one."""
        super().__init__(
            f"Estimate {estimate_number} of the service order {order_id} is not the current one, {current}.",
            field="estimate_number",
            order_id=order_id,
            estimate_number=str(estimate_number),
            current=str(current),
        )


class ChargeAboveConsent(DomainError):
    """What was done costs more than the customer consented to, beyond the tolerance."""

    kind, reason = Kind.PRECONDITION, "CHARGE_ABOVE_CONSENT"

    def __init__(self, order_id: str, *, charge: Money, most: Money) -> None:
        """Name the order, the charge and the most that the consent carries."""
        super().__init__(
            f"The service order {order_id} would be charged {charge}; the consent carries {most}. Revise the estimate.",
            order_id=order_id,
            charge=str(charge),
            most=str(most),
        )


class ServiceIsCovered(DomainError):
    """Warranty or contract covers the service, so it must not be charged."""

    kind, reason = Kind.PRECONDITION, "SERVICE_IS_COVERED"

    def __init__(self, explanation: str, *, contract_id: str) -> None:
        """Say what covers it."""
        super().__init__(f"Nothing may be charged. {explanation}", contract_id=contract_id)


class PriceNotListed(DomainError):
    """The price list of the day has no price for an item, or one in another currency than the rest."""

    kind, reason = Kind.PRECONDITION, "PRICE_NOT_LISTED"

    def __init__(self, field: str, *, what: str) -> None:
        """Name the item."""
        super().__init__(f"The price list has no price for {what}.", field=field, what=what)
