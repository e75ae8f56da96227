"""Root fields that change leads, opportunities, quotes and orders."""

import strawberry

from gateway.graphql.contracts.sales.opportunity_mutations import LeadMutation, OpportunityMutation
from gateway.graphql.contracts.sales.quote_mutations import OrderMutation, QuoteMutation


@strawberry.type
class SalesMutation(LeadMutation, OpportunityMutation, QuoteMutation, OrderMutation): ...
