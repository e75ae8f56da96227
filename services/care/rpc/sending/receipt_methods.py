"""The method by which providers tell us what became of messages: unpack, call, pack."""

from dataclasses import dataclass

import grpc

from membercare.care.v1 import receipt_pb2
from membercare.care.v1 import sending_service_pb2 as pb
from services.care.domain.sending.receipts import Receipt, ReceiptKind, handover_of
from services.care.rpc.enums import needed
from services.care.usecases.providers.hear_receipts import HearReceipts
from services.chassis import checks
from services.chassis.errors import InvalidField
from services.chassis.proto_enums import EnumTable
from services.chassis.timestamps import to_datetime

_KINDS = EnumTable(ReceiptKind, receipt_pb2.ReceiptKind)
_MOST, _END_OF_TIME = 500, 4_102_444_800


@dataclass(frozen=True, kw_only=True)
class ReceiptMethods:
    """A wrong word refuses all of them: the provider says them again."""

    hear_receipts: HearReceipts

    def RecordReceipts(
        self, request: pb.RecordReceiptsRequest, context: grpc.ServicerContext
    ) -> pb.RecordReceiptsResponse:
        provider = checks.line(request.provider, "provider", least=1, most=100)
        if not 1 <= len(request.receipts) <= _MOST:
            raise InvalidField("receipts", f"receipts holds {len(request.receipts)}; 1 to {_MOST} are needed.")
        receipts = [_to_receipt(provider, each, at=f"receipts[{place}]") for place, each in enumerate(request.receipts)]
        texts = {
            receipt.key: checks.text(each.text, "receipts.text", most=1_000)
            for receipt, each in zip(receipts, request.receipts, strict=True)
            if each.text
        }
        return pb.RecordReceiptsResponse(recorded=self.hear_receipts(receipts, texts))


def _to_receipt(provider: str, told: receipt_pb2.Receipt, *, at: str) -> Receipt:
    kind = needed(_KINDS, told.kind, field=f"{at}.kind")
    if not told.HasField("time"):
        raise InvalidField(f"{at}.time", f"{at}.time is missing.")
    if not 0 < told.time.seconds < _END_OF_TIME:
        raise InvalidField(f"{at}.time", f"{at}.time is no moment between 1970 and 2100.")
    message_id = checks.line(told.message_id, f"{at}.message_id", least=1, most=500)
    touch_id, attempt = handover_of(message_id)
    return Receipt(
        provider=provider,
        event_id=checks.line(told.event_id, f"{at}.event_id", least=1, most=200),
        touch_id=touch_id,
        attempt=attempt,
        kind=kind,
        at=to_datetime(told.time),
    )
