"""What the room says: one of each event."""

from datetime import UTC, datetime

from services.contracts.domain.catalog.asset import Asset, AssetDetails

NOON = datetime(2026, 5, 4, 12, 0, 0, 250_000, tzinfo=UTC)


def said() -> list[object]:
    details = AssetDetails(
        product_id="prd_01JTDB8D40CQS3K9Q8YV1H2T5A",
        serial="SN-1",
        customer_id="cus_01JTDB8D40CQS3K9Q8YV1H2T3A",
        delivery_date="2026-05-04",
        free_maintenance_months=12,
    )
    return list(Asset.register("ast_01JTDB8D40CQS3K9Q8YV1H2T5B", details, now=NOON).events)
