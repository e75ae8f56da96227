"""Read the prices of one version of a list."""

from dataclasses import dataclass

from services.chassis.errors import InvalidField
from services.chassis.ids import check_id
from services.chassis.paging import Page
from services.contracts.domain.catalog.price_list import PriceEntry
from services.contracts.ports.catalog import PriceLists


@dataclass(frozen=True, slots=True)
class ListPrices:
    """Finds the version, then its prices."""

    price_lists: PriceLists

    def __call__(self, list_id: str, *, number: int, size: int, after: str) -> tuple[Page[PriceEntry], str]:
        """Return the page and the currency of its prices; number 0 asks for the version published last."""
        price_list = self.price_lists.get(check_id(list_id, "prl", field="price_list_id"))
        wanted = number or max((version.number for version in price_list.versions), default=0)
        version = next((each for each in price_list.versions if each.number == wanted), None)
        if version is None and number:
            raise InvalidField("version_number", f"The list has no version {number}.")
        page = Page[PriceEntry](()) if version is None else self.price_lists.entries(version, size=size, after=after)
        return page, price_list.currency_code
