"""The method that tells what happened between us and a person: unpack, read, pack."""

from collections.abc import Mapping
from dataclasses import dataclass

import grpc

from membercare.care.v1 import member_pb2
from membercare.care.v1 import members_service_pb2 as pb
from services.care.domain.members.masks import sees_clearly
from services.care.domain.members.timeline import TimelineEntry, TimelineKind, entry_of
from services.care.ports.members import Consents, Members, Timelines
from services.care.rpc.members.messages import consent_to_pb
from services.chassis.checks import page_size
from services.chassis.identity import current_caller
from services.chassis.ids import check_id
from services.chassis.proto_enums import EnumTable
from services.chassis.timestamps import to_timestamp

KINDS = EnumTable(TimelineKind, pb.TimelineKind)


@dataclass(frozen=True, kw_only=True)
class TimelineMethods:
    """Words on consent come from their history, which is complete; everything else from the timeline's store."""

    members: Members
    consents: Consents
    timelines: Timelines

    def ListMemberTimeline(
        self, request: pb.ListMemberTimelineRequest, context: grpc.ServicerContext
    ) -> pb.ListMemberTimelineResponse:
        size = page_size(request.page_size)
        after = entry_of(request.page_token) if request.page_token else None
        member = self.members.get(check_id(request.member_id, "mem", field="member_id"))
        family = [member, *self.members.batch_get(member.merged_ids)]
        words = {word.id: (key, word) for key, word in self.consents.of(family)}
        told = [
            TimelineEntry.told(word.recorded_time, TimelineKind.CONSENT, ref=key) for key, (_, word) in words.items()
        ]
        found = self.timelines.page([each.id for each in family], most=size + 1, after=after)
        entries = sorted([*found, *(each for each in told if after is None or each < after)], reverse=True)
        shown = {key: consent_to_pb(*word) for key, word in words.items()}
        if not sees_clearly(current_caller()):
            for each in shown.values():
                each.ClearField("proof")
                each.ClearField("recorded_by")
        return pb.ListMemberTimelineResponse(
            entries=[_to_pb(each, shown) for each in entries[:size]],
            next_page_token=entries[size - 1].token if len(entries) > size else "",
        )


def _to_pb(entry: TimelineEntry, consents: Mapping[str, member_pb2.Consent]) -> pb.TimelineEntry:
    told = pb.TimelineEntry(id=entry.token, time=to_timestamp(entry.at), kind=KINDS.number(entry.kind))
    match entry.kind:
        case TimelineKind.TOUCH:
            told.touch_id = entry.ref
        case TimelineKind.VISIT:
            told.visit_id = entry.ref
        case TimelineKind.POINTS:
            told.points_entry_id = entry.ref
        case TimelineKind.ACT:
            told.act = entry.ref
        case TimelineKind.CONSENT:
            told.consent.CopyFrom(consents[entry.ref])
    return told
