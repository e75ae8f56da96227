"""Add products and change them."""

from collections.abc import Collection
from dataclasses import dataclass

from services.chassis.checks import request_key
from services.chassis.clock import Clock
from services.chassis.ids import check_id, new_id
from services.contracts.domain.catalog.product import Product, ProductDetails, mask_fields
from services.contracts.ports.catalog import Products


@dataclass(frozen=True, slots=True)
class AddProduct:
    """Stores a new product."""

    products: Products
    clock: Clock

    def __call__(self, details: ProductDetails, *, request_id: str) -> Product:
        """Return the product as stored; a repeat of the request returns the first."""
        now = self.clock.now()
        product = Product.add(new_id("prd", now), details, now=now)
        return self.products.add(product, request_key=request_key("create", request_id))


@dataclass(frozen=True, slots=True)
class ChangeProduct:
    """Takes over the fields that a mask names."""

    products: Products
    clock: Clock

    def __call__(
        self, product_id: str, details: ProductDetails, *, mask: Collection[str], etag: str, request_id: str
    ) -> Product:
        """Return the product after the change; refuses what is wrong, unknown or stale, and then changes nothing."""
        fields, now = mask_fields(mask), self.clock.now()
        return self.products.change(
            check_id(product_id, "prd", field="product.id"),
            lambda product: product.change(details, fields, now=now),
            etag=etag,
            request_key=request_key("update", request_id),
        )
