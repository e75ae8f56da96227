"""What the room says: one of each event."""

from dataclasses import replace
from datetime import timedelta

from services.contracts.domain.entitlement.coverage import Reason
from services.contracts.domain.entitlement.entitlement import Hint
from services.contracts.domain.entitlement.service_lines import LineKind, PricedLine
from services.contracts.domain.entitlement.service_order import (
    Consent,
    ConsentChannel,
    Estimate,
    ServiceOrder,
    ServiceOrderState,
)
from services.contracts.domain.terms.money import Money
from tests.unit.contracts.said.life_cycle import CUSTOMER, NOON, OWNER

ORDER = "svc_01JTDB8D40CQS3K9Q8YV1H2T3D"
ASSET = "ast_01JTDB8D40CQS3K9Q8YV1H2T3E"


def said() -> list[object]:
    """One chargeable service that was done."""
    price = Money("CNY", 30_000)
    line = PricedLine(
        kind=LineKind.LABOUR, description="Labour", quantity=60, charged_quantity=60, unit_price=price, amount=price
    )
    order = ServiceOrder(
        id=ORDER,
        customer_id=CUSTOMER,
        asset_id=ASSET,
        service_type="repair",
        reference="cas_01JTDB8D40CQS3K9Q8YV1H2T3F",
        state=ServiceOrderState.IN_PROGRESS,
        estimates=(Estimate.of((line,), number=1, now=NOON),),
        tolerance_bps=0,
        reason=Reason.NO_CONTRACT,
        hint=Hint(title_en="Care", title_zh="维护", price=Money("CNY", 0), saved=price),
        technician_id=OWNER,
        created_by="anna",
        create_time=NOON,
        update_time=NOON,
    )
    agreed = replace(order, consents=(_consent(price),))
    return list(agreed.completed((line,), by="tom", now=NOON + timedelta(hours=1)).events)


def _consent(amount: Money) -> Consent:
    return Consent(
        estimate_number=1,
        amount=amount,
        given_by="Li Na",
        channel=ConsentChannel.PHONE,
        given_time=NOON,
        recorded_by="anna",
    )
