"""What prices of next terms are found by: the standard price list and published indices, a few reads for many."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from services.chassis.clock import Clock
from services.chassis.errors import NotFound
from services.contracts.domain.catalog.price_list import STANDARD, PriceList
from services.contracts.domain.life_cycle.contract import Contract
from services.contracts.domain.renewals.next_term import Quotes, next_span
from services.contracts.domain.terms.money import Money
from services.contracts.domain.terms.terms import PriceChange
from services.contracts.store.catalog.price_lists import MongoPriceLists
from services.contracts.store.catalog.pricing import MongoPriceIndexes


class MongoPrices:
    """Prices by the standard list of the day on which the next term begins, or by an index."""

    def __init__(self, clock: Clock) -> None:
        """Read through the alias `contracts`."""
        self._lists, self._indexes = MongoPriceLists(clock), MongoPriceIndexes(clock)

    def quotes(self, contracts: Sequence[Contract]) -> Mapping[str, Quotes]:
        return {**self._by_list(contracts), **self._by_index(contracts)}

    def _by_index(self, contracts: Sequence[Contract]) -> dict[str, Quotes]:
        by_index = [each for each in contracts if each.renewal.price_change is PriceChange.INDEX]
        if not by_index:
            return {}
        wanted = list({each.renewal.index_id for each in by_index})
        indexes = {index.id: index for index in self._indexes.batch_get(wanted)}
        return {each.id: Quotes(index=index) for each in by_index if (index := indexes.get(each.renewal.index_id))}

    def _by_list(self, contracts: Sequence[Contract]) -> dict[str, Quotes]:
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
