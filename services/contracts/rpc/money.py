"""Money on the wire, the same in every room."""

from membercare.contracts.v1 import contract_pb2
from services.contracts.domain.terms.money import Money


def money_to_pb(money: Money | None) -> contract_pb2.Money | None:
    """Return the amount as a message; None stays unset."""
    return contract_pb2.Money(currency_code=money.currency_code, minor_units=money.minor_units) if money else None


def to_money(money: contract_pb2.Money) -> Money:
    """Return the amount of a message, not yet checked."""
    return Money(money.currency_code, money.minor_units)
