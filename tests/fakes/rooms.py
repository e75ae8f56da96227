"""The gRPC services of each process, found by package: a room that is added is tested at once."""

from google.protobuf.descriptor import ServiceDescriptor

from membercare.care.v1 import (
    calendars_service_pb2,
    campaigns_service_pb2,
    care_service_pb2,
    journeys_service_pb2,
    loyalty_service_pb2,
    members_service_pb2,
    results_service_pb2,
    segments_service_pb2,
    sending_service_pb2,
    templates_service_pb2,
    visits_service_pb2,
)
from membercare.contracts.v1 import (
    billing_service_pb2,
    catalog_service_pb2,
    contracts_service_pb2,
    customers_service_pb2,
    entitlement_service_pb2,
    figures_service_pb2,
    paperwork_service_pb2,
    renewals_service_pb2,
    sales_service_pb2,
)
from membercare.feedback.v1 import feedback_service_pb2
from membercare.kpi.v1 import kpi_service_pb2

_CONTRACTS = (
    billing_service_pb2,
    catalog_service_pb2,
    contracts_service_pb2,
    customers_service_pb2,
    entitlement_service_pb2,
    figures_service_pb2,
    paperwork_service_pb2,
    renewals_service_pb2,
    sales_service_pb2,
)

_CARE = (
    care_service_pb2,
    calendars_service_pb2,
    campaigns_service_pb2,
    journeys_service_pb2,
    loyalty_service_pb2,
    members_service_pb2,
    results_service_pb2,
    segments_service_pb2,
    sending_service_pb2,
    templates_service_pb2,
    visits_service_pb2,
)

SERVICES: dict[str, list[ServiceDescriptor]] = {
    "contracts": [service for room in _CONTRACTS for service in room.DESCRIPTOR.services_by_name.values()],
    "care": [service for room in _CARE for service in room.DESCRIPTOR.services_by_name.values()],
    "feedback": list(feedback_service_pb2.DESCRIPTOR.services_by_name.values()),
    "kpi": list(kpi_service_pb2.DESCRIPTOR.services_by_name.values()),
}
"""By process."""
