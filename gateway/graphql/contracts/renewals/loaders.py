"""Batch RPCs of renewals and ending warranties that joins stand on."""

from gateway.graphql.loaders import by_id, by_owner
from membercare.contracts.v1 import renewals_service_pb2 as pb

RENEWALS = by_id(pb.BatchGetRenewalsRequest, ids="renewal_ids", items="renewals")
RENEWALS_BY_CONTRACT = by_owner(pb.BatchListRenewalsByContractRequest, owner="contract", items="renewals")
RENEWALS_BY_CUSTOMER = by_owner(pb.BatchListRenewalsByCustomerRequest, owner="customer", items="renewals")
WARRANTY_EXPIRIES = by_id(pb.BatchGetWarrantyExpiriesRequest, ids="warranty_expiry_ids", items="warranty_expiries")
