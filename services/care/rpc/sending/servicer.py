"""Answers calls about channels, providers, policy and the ledger."""

from dataclasses import dataclass

from membercare.care.v1 import sending_service_pb2 as pb
from membercare.care.v1.sending_service_pb2_grpc import SendingServiceServicer
from services.care.rpc.sending.callback_methods import CallbackMethods
from services.care.rpc.sending.credit_methods import CreditMethods
from services.care.rpc.sending.provider_methods import ProviderMethods
from services.care.rpc.sending.receipt_methods import ReceiptMethods
from services.care.rpc.sending.settings_methods import SettingsMethods

FULL_NAME = pb.DESCRIPTOR.services_by_name["SendingService"].full_name


@dataclass(frozen=True, kw_only=True)
class SendingServicer(
    CallbackMethods, CreditMethods, ProviderMethods, ReceiptMethods, SettingsMethods, SendingServiceServicer
):
    """Unpack, call, pack."""
