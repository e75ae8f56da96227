"""What prices of next terms are found by: the standard price list, read with two or three reads for many contracts."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from services.chassis.clock import Clock
from services.chassis.errors import NotFound
from services.contracts.domain.contract import Contract
from services.contracts.domain.money import Money
from services.contracts.domain.next_term import Quotes, next_span
from services.contracts.domain.price_list import STANDARD, PriceList
from services.contracts.domain.terms import PriceChange
from services.contracts.store.price_lists import MongoPriceLists


class MongoPrices:
    """Prices by the standard list of the day on which the next term begins."""

    def __init__(self, clock: Clock) -> None:
        """Read through the alias `contracts`."""
        self._lists = MongoPriceLists(clock)

    def quotes(self, contracts: Sequence[Contract]) -> Mapping[str, Quotes]:
        by_list = [each for each in contracts if each.renewal.price_change is PriceChange.LIST]
        standard = self._standard() if by_list else None
        if standard is None:
            return {}
        return {
            each.id: Quotes(
                list_prices=self._prices(
                    standard,
                    next_span(each).start,
                    product_ids={line.product_id for line in each.lines if line.product_id},
                )
            )
            for each in by_list
            if standard.currency_code == each.price.currency_code
        }

    def _standard(self) -> PriceList | None:
        try:
            return self._lists.by_code(STANDARD)
        except NotFound:
            return None

    def _prices(self, standard: PriceList, day: date, *, product_ids: Iterable[str]) -> dict[str, Money]:
        version = standard.version_at(day)
        if version is None:
            return {}
        found = {product_id: self._lists.price(version, product_id) for product_id in product_ids}
        return {key: Money(standard.currency_code, price) for key, price in found.items() if price is not None}
