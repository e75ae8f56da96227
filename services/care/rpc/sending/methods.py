"""The methods about the touch ledger: unpack, call, pack."""

from dataclasses import dataclass

import grpc

from membercare.care.v1 import care_service_pb2 as pb
from membercare.care.v1 import touch_pb2
from services.care.domain.sending.reasons import REASON_WORDS
from services.care.domain.sending.touch import Touch, TouchResolution, TouchState
from services.care.ports.touches import TouchFilter, TouchLedger
from services.care.rpc.enums import needed
from services.care.usecases.sending.resolve_touch import ResolveTouch
from services.chassis.checks import batch, page_size
from services.chassis.errors import InvalidField
from services.chassis.ids import optional_id
from services.chassis.proto_enums import EnumTable
from services.chassis.timestamps import to_timestamp

STATES = EnumTable(TouchState, touch_pb2.TouchState)
RESOLUTIONS = EnumTable(TouchResolution, pb.TouchResolution)
_MOST_PER_MEMBER = 100


def touch_to_pb(touch: Touch) -> touch_pb2.Touch:
    english, chinese = REASON_WORDS.get(touch.reason, ("", ""))
    moved_en, moved_zh = REASON_WORDS.get(touch.moved_by, ("", ""))
    return touch_pb2.Touch(
        id=touch.id,
        campaign_id=touch.campaign_id,
        member_id=touch.member_id,
        occurrence=touch.occurrence,
        channel=touch.channel,
        date=touch.date,
        due_time=to_timestamp(touch.due_at),
        state=STATES.number(touch.state),
        reason=touch.reason,
        attempts=touch.attempts,
        update_time=to_timestamp(touch.updated_at),
        step=touch.step,
        variant=touch.variant,
        plan_version=touch.version,
        priority=touch.priority,
        purpose=touch.purpose,
        held_until_time=to_timestamp(touch.held_until) if touch.held_until else None,
        fallback_of_id=touch.fallback_of,
        fallback_to_id=touch.fallback_to,
        reason_en=english,
        reason_zh=chinese,
        moved_reason=touch.moved_by,
        moved_reason_en=moved_en,
        moved_reason_zh=moved_zh,
    )


@dataclass(frozen=True, kw_only=True)
class TouchMethods:
    """Reads go to the ledger, a person's decision to the use case."""

    ledger: TouchLedger
    resolve_touch: ResolveTouch

    def ListTouches(self, request: pb.ListTouchesRequest, context: grpc.ServicerContext) -> pb.ListTouchesResponse:
        page = self.ledger.page(
            _match(request.filter),
            size=page_size(request.page_size),
            after=optional_id(request.page_token, "tch", field="page_token"),
        )
        return pb.ListTouchesResponse(touches=map(touch_to_pb, page.items), next_page_token=page.next_token)

    def BatchGetTouches(
        self, request: pb.BatchGetTouchesRequest, context: grpc.ServicerContext
    ) -> pb.BatchGetTouchesResponse:
        found = self.ledger.batch_get(batch(request.touch_ids, "touch_ids", prefix="tch"))
        return pb.BatchGetTouchesResponse(touches=map(touch_to_pb, found))

    def BatchListTouchesByMember(
        self, request: pb.BatchListTouchesByMemberRequest, context: grpc.ServicerContext
    ) -> pb.BatchListTouchesByMemberResponse:
        member_ids = batch(request.member_ids, "member_ids", prefix="mem")
        most = page_size(request.limit_per_member, "limit_per_member", most=_MOST_PER_MEMBER)
        found = self.ledger.top_by_member(member_ids, most)
        return pb.BatchListTouchesByMemberResponse(
            results=(
                pb.MemberTouches(member_id=member_id, touches=map(touch_to_pb, touches))
                for member_id, touches in found.items()
            )
        )

    def ResolveTouch(self, request: pb.ResolveTouchRequest, context: grpc.ServicerContext) -> pb.ResolveTouchResponse:
        resolution = needed(RESOLUTIONS, request.resolution, field="resolution")
        touch = self.resolve_touch(request.touch_id, resolution, request_id=request.request_id)
        return pb.ResolveTouchResponse(touch=touch_to_pb(touch))


def _match(match: pb.TouchFilter) -> TouchFilter:
    if match.reason and not (match.campaign_id or match.member_id):
        raise InvalidField("filter.reason", "filter.reason needs a campaign or a member beside it.")
    if match.reason and match.reason not in REASON_WORDS:
        raise InvalidField("filter.reason", f"filter.reason: {match.reason!r} is no reason of a message.")
    return TouchFilter(
        campaign_id=optional_id(match.campaign_id, "cmp", field="filter.campaign_id"),
        member_id=optional_id(match.member_id, "mem", field="filter.member_id"),
        state=STATES.member(match.state, "filter.state"),
        reason=match.reason,
    )
