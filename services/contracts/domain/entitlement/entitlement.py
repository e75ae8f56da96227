"""The verdict with its prices: what is charged, what cover saves, and what a contract would have saved."""

from dataclasses import dataclass
from datetime import datetime

from services.contracts.domain.entitlement.coverage import Judgement, Reason
from services.contracts.domain.entitlement.service_rates import Tariff, price_of
from services.contracts.domain.terms.money import Money

_ONCE_COVERED = frozenset(
    {
        Reason.CONTRACT_SUSPENDED,
        Reason.CONTRACT_NOT_IN_FORCE_YET,
        Reason.CONTRACT_EXPIRED,
        Reason.CONTRACT_TERMINATED,
    }
)
"""Reasons that name a contract of the customer's own which, in force, would have covered it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """A contract that would have cost the customer less."""

    title_en: str
    title_zh: str
    contract_id: str = ""
    product_id: str = ""
    price: Money
    saved: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Entitlement:
    """The whole answer to one request for service. Prices are None where the list has none."""

    judgement: Judgement
    known_at: datetime
    list_price: Money | None
    """Of the whole."""
    price: Money | None
    """Of the part that is charged."""
    hint: Hint | None = None

    @property
    def saved(self) -> Money | None:
        """What cover saves here."""
        if self.list_price is None or self.price is None:
            return None
        return self.list_price - self.price


def entitlement(judgement: Judgement, tariff: Tariff, *, known_at: datetime) -> Entitlement:
    """Return the verdict with its prices by the list."""
    ask = judgement.ask
    whole = price_of(ask.quantity, ask.unit, rates=tariff.rates)
    charged = price_of(judgement.chargeable, ask.unit, rates=tariff.rates)
    return Entitlement(
        judgement=judgement,
        known_at=known_at,
        list_price=whole,
        price=charged,
        hint=hint_for(judgement, tariff, price=charged),
    )


def hint_for(judgement: Judgement, tariff: Tariff, *, price: Money | None) -> Hint | None:
    """Return what a contract would have saved of a price; the customer's own contract is named before an offer."""
    if price is None or not price.minor_units or judgement.reason is Reason.ASSET_OF_ANOTHER_CUSTOMER:
        return None
    nothing = Money(price.currency_code, 0)
    if judgement.reason in _ONCE_COVERED:
        own, title = judgement.contract_id, judgement.contract_title
        return Hint(title_en=title, title_zh=title, contract_id=own, price=nothing, saved=price)
    if tariff.offer is None:
        return None
    offer = tariff.offer
    return Hint(title_en=offer.name_en, title_zh=offer.name_zh, product_id=offer.product_id, price=nothing, saved=price)
