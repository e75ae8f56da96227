"""Money: whole smallest units of a currency; no float touches it."""

from dataclasses import dataclass

from services.chassis.errors import InvalidField
from services.contracts.domain.currencies import CURRENCIES

_MOST = 2**63 - 1  # what the wire and the database hold


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in the smallest unit of its currency (fen, cent, yen)."""

    currency_code: str
    minor_units: int


def checked_price(price: Money | None) -> Money:
    """Return the price of a new contract, or refuse with INVALID_FIELD a currency not in use or a negative amount.

    Checked once, when it is written: a currency that is given up later must not make old contracts unreadable.
    """
    if price is None:
        raise InvalidField("price", "price is missing.")
    if price.currency_code not in CURRENCIES:
        raise InvalidField("price.currency_code", "price.currency_code must be an ISO 4217 code in use, such as CNY.")
    if not 0 <= price.minor_units <= _MOST:
        raise InvalidField("price.minor_units", "price.minor_units must not be negative.")
    return price
