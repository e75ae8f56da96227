"""The method by which callbacks of providers reach us as they were posted: unpack, call, pack."""

from dataclasses import dataclass

import grpc

from membercare.care.v1 import sending_service_pb2 as pb
from services.care.domain.providers.callbacks import Callback
from services.care.usecases.providers.hear_callback import HearCallback
from services.chassis import checks
from services.chassis.errors import InvalidField

MOST_BYTES = 256 * 1024
_MOST_TARGET, _MOST_SIGNATURE = 4_000, 500


@dataclass(frozen=True, kw_only=True)
class CallbackMethods:
    """The service holds the secrets, so it makes sure of the sender; the gateway only passes on."""

    hear_callback: HearCallback

    def HearProviderCallback(
        self, request: pb.HearProviderCallbackRequest, context: grpc.ServicerContext
    ) -> pb.HearProviderCallbackResponse:
        if len(request.body) > MOST_BYTES:
            raise InvalidField("body", f"body holds {len(request.body)} bytes; at most {MOST_BYTES} are taken.")
        callback = Callback(
            target=checks.line(request.target, "target", least=1, most=_MOST_TARGET),
            token=checks.line(request.token, "token", most=_MOST_SIGNATURE),
            signature=checks.line(request.signature, "signature", most=_MOST_SIGNATURE),
            body=request.body,
        )
        recorded, answer = self.hear_callback(request.provider_id, callback)
        return pb.HearProviderCallbackResponse(recorded=recorded, content_type=answer.content_type, answer=answer.body)
