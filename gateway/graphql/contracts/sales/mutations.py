"""Root fields that change leads, opportunities, quotes and orders."""

import strawberry

from gateway.graphql.contracts.sales.opportunity_mutations import LeadMutation, OpportunityMutation


@strawberry.type
class SalesMutation(LeadMutation, OpportunityMutation): ...
