"""Batch RPCs of leads, opportunities, quotes and orders that joins stand on."""

from gateway.graphql.loaders import by_id, by_owner
from membercare.contracts.v1 import sales_service_pb2 as pb

LEADS = by_id(pb.BatchGetLeadsRequest, ids="lead_ids", items="leads")
OPPORTUNITIES = by_id(pb.BatchGetOpportunitiesRequest, ids="opportunity_ids", items="opportunities")
OPPORTUNITIES_BY_CUSTOMER = by_owner(
    pb.BatchListOpportunitiesByCustomerRequest, owner="customer", items="opportunities"
)
QUOTES = by_id(pb.BatchGetQuotesRequest, ids="quote_ids", items="quotes")
QUOTES_BY_OPPORTUNITY = by_owner(pb.BatchListQuotesByOpportunityRequest, owner="opportunity", items="quotes")
ORDERS = by_id(pb.BatchGetOrdersRequest, ids="order_ids", items="orders")
ORDERS_BY_QUOTE = by_id(pb.BatchGetOrdersByQuoteRequest, ids="quote_ids", items="orders", key="quote_id")
ORDERS_BY_CUSTOMER = by_owner(pb.BatchListOrdersByCustomerRequest, owner="customer", items="orders")
