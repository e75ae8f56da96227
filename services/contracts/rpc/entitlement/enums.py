"""Enums of the room on the wire; a value that only one side knows is found at import."""

from membercare.contracts.v1 import entitlement_pb2, service_order_pb2
from services.chassis.proto_enums import EnumTable
from services.contracts.domain.entitlement.allowance_usage import UsageState
from services.contracts.domain.entitlement.coverage import CoverSource, Reason, ServiceUnit, Verdict
from services.contracts.domain.entitlement.service_lines import LineKind
from services.contracts.domain.entitlement.service_order import ConsentChannel, ServiceOrderState

VERDICTS = EnumTable(Verdict, entitlement_pb2.EntitlementVerdict)
REASONS = EnumTable(Reason, entitlement_pb2.EntitlementReason)
UNITS = EnumTable(ServiceUnit, entitlement_pb2.ServiceUnit)
SOURCES = EnumTable(CoverSource, entitlement_pb2.CoverSource)
USAGE_STATES = EnumTable(UsageState, entitlement_pb2.UsageState)
ORDER_STATES = EnumTable(ServiceOrderState, service_order_pb2.ServiceOrderState)
LINE_KINDS = EnumTable(LineKind, service_order_pb2.ServiceLineKind)
CHANNELS = EnumTable(ConsentChannel, service_order_pb2.ConsentChannel)
