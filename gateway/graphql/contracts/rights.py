"""Roles by RPC of the contracts service, over all rooms."""

from collections.abc import Mapping

from gateway.graphql.contracts.billing import rights as billing
from gateway.graphql.contracts.catalog import rights as catalog
from gateway.graphql.contracts.customers import rights as customers
from gateway.graphql.contracts.entitlement import rights as entitlement
from gateway.graphql.contracts.figures import rights as figures
from gateway.graphql.contracts.life_cycle import rights as life_cycle
from gateway.graphql.contracts.paperwork import rights as paperwork
from gateway.graphql.contracts.renewals import rights as renewals
from gateway.graphql.contracts.sales import rights as sales

RIGHTS: Mapping[str, frozenset[str]] = {
    **life_cycle.RIGHTS,
    **customers.RIGHTS,
    **catalog.RIGHTS,
    **sales.RIGHTS,
    **paperwork.RIGHTS,
    **billing.RIGHTS,
    **renewals.RIGHTS,
    **entitlement.RIGHTS,
    **figures.RIGHTS,
}
