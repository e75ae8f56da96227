"""What people write into products, assets and price lists."""

import strawberry
from strawberry import UNSET

from gateway.graphql.scalars import BigInt, Date


@strawberry.input(description="A product to add.")
class ProductInput:
    code: str = strawberry.field(description="Key in the company's own system: 1 to 60 characters, unique.")
    name_en: str | None = strawberry.field(default=None, description="One of the two names is needed.")
    name_zh: str | None = None
    unit: str | None = strawberry.field(
        default=None, description="What one of it is counted in; at most 20 characters."
    )
    service_types: list[str] | None = strawberry.field(
        default=None, description="Names of services, such as `repair`: lower case letters, digits and `_`."
    )
    active: bool = strawberry.field(default=True, description="False: not sold any more.")


@strawberry.input(description="What to change of a product: fields left out stay as they are, null empties a field.")
class ProductPatch:
    code: str | None = UNSET
    name_en: str | None = UNSET
    name_zh: str | None = UNSET
    unit: str | None = UNSET
    service_types: list[str] | None = UNSET
    active: bool | None = UNSET


@strawberry.input(description="An item to register; the end of its warranty is computed.")
class AssetInput:
    product_id: strawberry.ID
    customer_id: strawberry.ID
    serial: str = strawberry.field(description="1 to 100 characters, unique within the product.")
    delivery_date: Date | None = strawberry.field(default=None, description="Absent: not delivered yet.")
    free_maintenance_months: int | None = strawberry.field(default=None, description="0 to 600; absent: none.")


@strawberry.input(description="What to change of an asset: fields left out stay as they are, null empties a field.")
class AssetPatch:
    serial: str | None = UNSET
    customer_id: strawberry.ID | None = UNSET
    delivery_date: Date | None = UNSET
    free_maintenance_months: int | None = UNSET


@strawberry.input(description="What one product costs, in the smallest unit of the list's currency.")
class PriceEntryInput:
    product_id: strawberry.ID
    minor_units: BigInt
