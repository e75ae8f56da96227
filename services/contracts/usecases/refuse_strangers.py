"""Refuse lines that name a product or an asset which is not there, or an asset of somebody else."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from services.contracts.domain.catalog.catalog_errors import AssetOfAnotherCustomer, UnknownOnLine
from services.contracts.ports.catalog import Assets, KnownCustomers, Products


class NamingLine(Protocol):
    """What a line of a contract or a quote names."""

    @property
    def product_id(self) -> str: ...
    @property
    def asset_ids(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class RefuseStrangers:
    """Looks up what all lines name in one read of products and one of assets."""

    products: Products
    assets: Assets
    customers: KnownCustomers

    def __call__(self, lines: Sequence[NamingLine], *, customer_id: str) -> None:
        """Refuse with PRODUCT_NOT_FOUND, ASSET_NOT_FOUND or ASSET_OF_ANOTHER_CUSTOMER, and the field's path.

        An asset of a doublet is one of the customer that it was merged into, whichever of the two the lines are for.
        """
        products = dict.fromkeys(each.product_id for each in lines if each.product_id)
        known = {each.id for each in self.products.batch_get(list(products))} if products else set()
        for place, each in enumerate(lines):
            if each.product_id and each.product_id not in known:
                raise UnknownOnLine("product", each.product_id, field=f"lines[{place}].product_id")
        named = list(_assets(lines))
        if not named:
            return
        owners = {each.id: each.customer_id for each in self.assets.batch_get(list({key for _, key in named}))}
        family = self._family(customer_id)
        for field, asset_id in named:
            if asset_id not in owners:
                raise UnknownOnLine("asset", asset_id, field=field)
            if owners[asset_id] not in family:
                raise AssetOfAnotherCustomer(asset_id, field=field)

    def _family(self, customer_id: str) -> frozenset[str]:
        customer = self.customers.get(customer_id)
        survivor = self.customers.get(customer.merged_into_id) if customer.merged_into_id else customer
        return frozenset({survivor.id, *survivor.merged_ids})


def _assets(lines: Sequence[NamingLine]) -> Iterator[tuple[str, str]]:
    for place, each in enumerate(lines):
        for asset_id in each.asset_ids:
            yield f"lines[{place}].asset_ids", asset_id
