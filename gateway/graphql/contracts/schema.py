"""What the contracts service brings to the schema, over all rooms."""

from collections.abc import Mapping

import strawberry

from gateway.graphql.contracts.billing import queries as billing
from gateway.graphql.contracts.billing.mutations import BillingMutation
from gateway.graphql.contracts.catalog import queries as catalog
from gateway.graphql.contracts.catalog.mutations import CatalogMutation
from gateway.graphql.contracts.customers import queries as customers
from gateway.graphql.contracts.customers.mutations import CustomersMutation
from gateway.graphql.contracts.entitlement import queries as entitlement
from gateway.graphql.contracts.entitlement.mutations import EntitlementMutation
from gateway.graphql.contracts.figures import queries as figures
from gateway.graphql.contracts.figures.mutations import FiguresMutation
from gateway.graphql.contracts.life_cycle import queries as life_cycle
from gateway.graphql.contracts.life_cycle.mutations import LifeCycleMutation
from gateway.graphql.contracts.paperwork import queries as paperwork
from gateway.graphql.contracts.paperwork.mutations import PaperworkMutation
from gateway.graphql.contracts.renewals import queries as renewals
from gateway.graphql.contracts.renewals.mutations import RenewalsMutation
from gateway.graphql.contracts.sales import queries as sales
from gateway.graphql.contracts.sales.mutations import SalesMutation
from gateway.graphql.loaders import Loader

NODES: Mapping[str, Loader] = {
    **life_cycle.NODES,
    **customers.NODES,
    **catalog.NODES,
    **sales.NODES,
    **paperwork.NODES,
    **billing.NODES,
    **renewals.NODES,
    **entitlement.NODES,
    **figures.NODES,
}
"""By the prefix of an id."""


@strawberry.type
class ContractsQuery(
    life_cycle.LifeCycleQuery,
    customers.CustomersQuery,
    catalog.CatalogQuery,
    sales.SalesQuery,
    paperwork.PaperworkQuery,
    billing.BillingQuery,
    renewals.RenewalsQuery,
    entitlement.EntitlementQuery,
    figures.FiguresQuery,
): ...


@strawberry.type
class ContractsMutation(
    LifeCycleMutation,
    CustomersMutation,
    CatalogMutation,
    SalesMutation,
    PaperworkMutation,
    BillingMutation,
    RenewalsMutation,
    EntitlementMutation,
    FiguresMutation,
): ...
