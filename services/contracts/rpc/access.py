"""Who may call what, over all rooms; the table in README.md says the same."""

from collections.abc import Mapping

from services.contracts.rpc.billing import access as billing
from services.contracts.rpc.catalog import access as catalog
from services.contracts.rpc.customers import access as customers
from services.contracts.rpc.entitlement import access as entitlement
from services.contracts.rpc.figures import access as figures
from services.contracts.rpc.life_cycle import access as life_cycle
from services.contracts.rpc.paperwork import access as paperwork
from services.contracts.rpc.renewals import access as renewals
from services.contracts.rpc.sales import access as sales

ACCESS: Mapping[str, frozenset[str]] = {
    **life_cycle.ACCESS,
    **customers.ACCESS,
    **catalog.ACCESS,
    **sales.ACCESS,
    **paperwork.ACCESS,
    **billing.ACCESS,
    **renewals.ACCESS,
    **entitlement.ACCESS,
    **figures.ACCESS,
}
