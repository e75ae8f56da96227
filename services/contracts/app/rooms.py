"""The rooms of the service, in the order in which they are told of."""

from collections.abc import Sequence

from services.chassis.rooms import Room
from services.contracts.app import (
    billing,
    catalog,
    customers,
    entitlement,
    figures,
    life_cycle,
    paperwork,
    renewals,
    sales,
)
from services.contracts.config import Settings

ROOMS: Sequence[Room[Settings]] = (
    life_cycle,
    customers,
    catalog,
    sales,
    paperwork,
    billing,
    renewals,
    entitlement,
    figures,
)
