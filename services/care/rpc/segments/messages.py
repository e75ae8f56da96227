"""Segments and explanations as messages, and requests as what the domain understands."""

from collections.abc import Collection, Mapping, Sequence

from membercare.care.v1 import segment_pb2
from membercare.care.v1 import segments_service_pb2 as pb
from services.care.domain.segments.explanation import Reason, tree_words
from services.care.domain.segments.rules import AllOf
from services.care.domain.segments.segment import MOST_NAME, Segment
from services.care.ports.segments import SegmentFilter
from services.care.rpc.segments.rule_messages import rule_to_pb, to_rule
from services.care.usecases.segments.record_facts import ToldAct
from services.care.usecases.segments.write_segment import SegmentDetails
from services.chassis.checks import line
from services.chassis.timestamps import moment, to_timestamp


def segment_to_pb(segment: Segment, names: Mapping[str, str]) -> segment_pb2.Segment:
    """Return the message; `names` are those of the segments that the tree names."""
    words = tree_words(segment.rule, lambda key: names.get(key, key))
    return segment_pb2.Segment(
        id=segment.id,
        name=segment.name,
        description=segment.description,
        rule=rule_to_pb(segment.rule),
        author=segment.author,
        archived=segment.archived,
        etag=str(segment.version),
        create_time=to_timestamp(segment.created_at),
        update_time=to_timestamp(segment.updated_at),
        rule_en=words.english,
        rule_zh=words.chinese,
    )


def to_details(told: segment_pb2.Segment, fields: Collection[str]) -> SegmentDetails:
    """Return what was told; a rule that is not among the fields is not read."""
    rule = to_rule(told.rule, "rule") if "rule" in fields else AllOf(())
    return SegmentDetails(name=told.name, description=told.description, rule=rule)


def to_filter(asked: pb.SegmentFilter) -> SegmentFilter:
    return SegmentFilter(
        name_prefix=line(asked.name_prefix, "filter.name_prefix", most=MOST_NAME),
        include_archived=asked.include_archived,
    )


def reasons_to_pb(reasons: Sequence[Reason]) -> list[segment_pb2.MembershipReason]:
    return [
        segment_pb2.MembershipReason(
            path=reason.path,
            depth=reason.depth,
            holds=reason.holds,
            rule_en=reason.rule.english,
            rule_zh=reason.rule.chinese,
            found_en=reason.found.english if reason.found else "",
            found_zh=reason.found.chinese if reason.found else "",
        )
        for reason in reasons
    ]


def to_told_act(told: pb.ToldAct, path: str) -> ToldAct:
    at = moment(told.occurred_time, f"{path}.occurred_time") if told.HasField("occurred_time") else None
    return ToldAct(told.member_id, told.name, at, told.key)
