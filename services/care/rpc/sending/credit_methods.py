"""The methods about credits for WeChat's subscription messages: unpack, call, pack."""

from dataclasses import dataclass

import grpc

from membercare.care.v1 import sending_service_pb2 as pb
from services.care.ports.credits import Credits
from services.care.ports.members import Members
from services.chassis import checks
from services.chassis.errors import InvalidField
from services.chassis.ids import check_id

_MOST = 100


@dataclass(frozen=True, kw_only=True)
class CreditMethods:
    """The request id is the id of the authorisation: told twice, it counts once."""

    credits: Credits
    members: Members

    def GrantWechatCredits(
        self, request: pb.GrantWechatCreditsRequest, context: grpc.ServicerContext
    ) -> pb.GrantWechatCreditsResponse:
        if not 1 <= request.count <= _MOST:
            raise InvalidField("count", f"count must be 1 to {_MOST}.")
        member_id = check_id(request.member_id, "mem", field="member_id")
        template_id = checks.line(request.template_id, "template_id", least=1, most=100)
        key = "grant:" + checks.line(request.request_id, "request_id", least=1, most=100)
        member = self.members.get(member_id)
        left = self.credits.grant(member.id, template_id, count=request.count, key=key)
        return pb.GrantWechatCreditsResponse(left=left)

    def GetWechatCredits(
        self, request: pb.GetWechatCreditsRequest, context: grpc.ServicerContext
    ) -> pb.GetWechatCreditsResponse:
        found = self.credits.of_member(check_id(request.member_id, "mem", field="member_id"))
        return pb.GetWechatCreditsResponse(
            credits=[pb.WechatCredit(template_id=each.template_id, left=each.left) for each in found]
        )
