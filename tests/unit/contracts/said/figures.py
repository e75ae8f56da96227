"""What the room says: one of each event."""

from dataclasses import replace

from services.contracts.domain.customers.customer import CustomerStage, CustomerTier
from services.contracts.domain.figures.customer_value import CustomerValue, Judgement
from services.contracts.domain.figures.value_reasons import Because, reason
from services.contracts.domain.terms.money import Money
from tests.unit.contracts.said.life_cycle import CUSTOMER, NOON


def said() -> list[object]:
    """A customer who was stable is at risk."""
    stable = Judgement(
        tier=CustomerTier.STABLE,
        stage=CustomerStage.STABLE,
        risk=20,
        current_value=Money("CNY", 400_000),
        contract_margin=Money("CNY", 400_000),
        order_margin=Money("CNY", 0),
        cost_to_serve=Money("CNY", 0),
        contract_potential=Money("CNY", 900_000),
        order_potential=Money("CNY", 0),
        reasons=(reason(Because.VALUE_STEADY, amount=Money("CNY", 400_000)),),
    )
    why = (reason(Because.COMPLAINTS, points=30, count=3), reason(Because.RENEWAL_CANCELLED, points=40, count=1))
    at_risk = replace(stable, tier=CustomerTier.AT_RISK, stage=CustomerStage.AT_RISK, risk=70, reasons=why)
    value = CustomerValue.first(CUSTOMER, stable, now=NOON)
    return list(value.judged_again(at_risk, now=NOON).events)
