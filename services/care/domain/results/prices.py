"""What messages cost, in whole smallest units of one currency; prices are for a thousand, since one may cost less."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from services.care.domain.channels import Channel

_CURRENCY = re.compile(r"[A-Z]{3}")
_THOUSAND = 1_000
_MOST_DIGITS = 12
"""Of a price: sums of many stay far below what the database can count."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What the messages of one channel cost."""

    channel: str
    messages: int
    """Accepted by a provider, also if they came back."""
    minor_units: int
    currency_code: str


@dataclass(frozen=True, slots=True)
class Prices:
    """Prices by channel."""

    currency_code: str = ""
    per_thousand: Mapping[Channel, int] = field(default_factory=dict)

    @classmethod
    def parse(cls, text: str) -> "Prices":
        """Read `CNY sms=45000 email=500`; empty: no prices. Raises ValueError for anything else."""
        if not text.strip():
            return cls()
        currency, *entries = text.split()
        if not _CURRENCY.fullmatch(currency):
            raise ValueError("must begin with a currency such as CNY")
        found: dict[Channel, int] = {}
        for entry in entries:
            name, _, price = entry.partition("=")
            if name not in set(Channel) or not price.isdecimal() or len(price) > _MOST_DIGITS or name in found:
                raise ValueError(f"{entry} must be a channel, once, and the price of a thousand: sms=45000")
            found[Channel(name)] = int(price)
        return cls(currency, found)

    def thousandths(self, channel: str, *, currency_code: str) -> int | None:
        """Return what one message costs, in thousandths of the smallest unit; None: no price is known in that money."""
        return self.per_thousand.get(Channel(channel)) if currency_code == self.currency_code else None

    def costs(self, sent: Mapping[str, int]) -> tuple[Cost, ...]:
        """Return what so many messages of each channel cost, rounded half up; channels without a price are left out."""
        return tuple(
            Cost(
                channel,
                count,
                (count * self.per_thousand[Channel(channel)] + _THOUSAND // 2) // _THOUSAND,
                self.currency_code,
            )
            for channel, count in sent.items()
            if channel in self.per_thousand
        )
