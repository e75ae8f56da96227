"""Money as a type of the schema."""

from decimal import Decimal
from typing import Any

import strawberry

from gateway.graphql.scalars import BigInt
from gateway.graphql.sources import computed, message
from membercare.contracts.v1 import contract_pb2

_NO_CENTS = frozenset(
    {"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"}
)
_MILS = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})


def amount(money: Any) -> str:
    """Return the amount in the currency's main unit, with as many digits as ISO 4217 gives it."""
    digits = 0 if money.currency_code in _NO_CENTS else 3 if money.currency_code in _MILS else 2
    return format(Decimal(money.minor_units).scaleb(-digits), "f")


@message(contract_pb2.Money, description="An amount of money.")
class Money:
    currency_code: str = strawberry.field(description="ISO 4217, for example `CNY`.")
    minor_units: BigInt = strawberry.field(description="The amount in the currency's smallest unit (fen, cent).")
    amount: str = computed(amount, description="The amount in the currency's main unit, for example `1280.50`.")


@strawberry.input(description="An amount of money.")
class MoneyInput:
    currency_code: str = strawberry.field(description="ISO 4217, for example `CNY`.")
    minor_units: BigInt = strawberry.field(description="The amount in the currency's smallest unit (fen, cent).")
