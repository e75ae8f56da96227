"""What the catalog refuses: products, assets and price lists."""

from datetime import date

from services.chassis.errors import AlreadyExists, DomainError, Kind, NotFound


class ProductCodeTaken(AlreadyExists):
    """Another product has this code."""

    reason = "PRODUCT_CODE_TAKEN"

    def __init__(self, code: str) -> None:
        """Name the code."""
        super().__init__(f"Another product has the code {code}.", field="code", code=code)


class AssetSerialTaken(AlreadyExists):
    """Another asset of the product has this serial number."""

    reason = "ASSET_SERIAL_TAKEN"

    def __init__(self, serial: str) -> None:
        """Name the serial number."""
        super().__init__(
            f"Another asset of this product has the serial number {serial}.", field="serial", serial=serial
        )


class PriceListCodeTaken(AlreadyExists):
    """Another price list has this code."""

    reason = "PRICE_LIST_CODE_TAKEN"

    def __init__(self, code: str) -> None:
        """Name the code."""
        super().__init__(f"Another price list has the code {code}.", field="code", code=code)


class WarrantyHoldRefused(DomainError):
    """The warranty's clock does not run on these days, so it cannot stand still."""

    kind, reason = Kind.PRECONDITION, "WARRANTY_HOLD_REFUSED"

    def __init__(self, why: str, *, asset_id: str) -> None:
        """Say why."""
        super().__init__(why, field="start_date", asset_id=asset_id)


class PriceListVersionOverlaps(DomainError):
    """Another version of the list holds some of the days."""

    kind, reason = Kind.PRECONDITION, "PRICE_LIST_VERSION_OVERLAPS"

    def __init__(self, number: int, *, start: date, end: date | None) -> None:
        """Name the version that is in the way."""
        until = f"to {end}" if end else "on"
        super().__init__(
            f"Version {number} of the list holds from {start} {until}. Choose days that no version holds.",
            field="start_date",
            version_number=str(number),
        )


class WarrantyHoldNotFound(NotFound):
    """The asset has no such hold."""

    def __init__(self, hold_id: str) -> None:
        """Name the hold."""
        super().__init__("warranty_hold", hold_id)


class PriceNotFound(NotFound):
    """The list has no price for the product on the day."""

    def __init__(self, product_id: str, day: date) -> None:
        """Name the product and the day."""
        super().__init__("price", f"of {product_id} on {day}")


class UnknownOnLine(NotFound):
    """A line names a product or an asset that is not there."""

    def __init__(self, noun: str, key: str, *, field: str) -> None:
        """Name the thing and the field of the line."""
        super().__init__(noun, key)
        self.field = field


class AssetOfAnotherCustomer(DomainError):
    """A line names an asset that is neither the customer's nor one of its doublets'."""

    kind, reason = Kind.PRECONDITION, "ASSET_OF_ANOTHER_CUSTOMER"

    def __init__(self, asset_id: str, *, field: str) -> None:
        """Name the asset and the field of the line."""
        super().__init__(f"The asset {asset_id} belongs to another customer.", field=field, asset_id=asset_id)
