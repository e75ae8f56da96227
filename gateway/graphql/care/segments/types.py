"""Segments as types of the schema."""

import strawberry

from gateway.graphql.care.core.types import Member
from gateway.graphql.care.segments.rules import SegmentRule
from gateway.graphql.nodes import Node
from gateway.graphql.scalars import BigInt, DateTime
from gateway.graphql.sources import message
from membercare.care.v1 import segment_pb2
from membercare.care.v1 import segments_service_pb2 as pb


@message(segment_pb2.Segment, description="A named group of members, by a tree of rules.")
class Segment(Node):
    name: str
    description: str | None
    rule: SegmentRule = strawberry.field(
        description="Who is in it. Deep trees are easier read in `ruleEn` and `ruleZh`."
    )
    rule_en: str = strawberry.field(description="The rule in English, a line for each test, indented by level.")
    rule_zh: str = strawberry.field(description="The same in Simplified Chinese.")
    author: str = strawberry.field(description="Subject of the person who wrote it first.")
    archived: bool = strawberry.field(description="Shown and answering, but not for new use.")
    etag: str = strawberry.field(description="The version: send it back to refuse a lost update.")
    create_time: DateTime
    update_time: DateTime


@message(pb.PreviewSegmentResponse, description="Who is, or would be, in a segment, as of now.")
class SegmentPreview:
    count: BigInt = strawberry.field(description="How many members.")
    sample: list[Member] = strawberry.field(description="Those of them who registered first.")
    rule_en: str = strawberry.field(
        description="The rule in English, also of one that is not stored yet; a line for each test, indented by level."
    )
    rule_zh: str = strawberry.field(description="The same in Simplified Chinese.")


@message(segment_pb2.MembershipReason, description="Why one group or test holds for a member, or does not.")
class MembershipReason:
    path: str = strawberry.field(description="Where it stands, for example `rule.all[1].tier`.")
    depth: int = strawberry.field(description="Its level; 1 is the top.")
    holds: bool
    rule_en: str = strawberry.field(description="What is asked, in English.")
    rule_zh: str = strawberry.field(description="The same in Simplified Chinese.")
    found_en: str | None = strawberry.field(description="What is on record, in English; null for groups.")
    found_zh: str | None = strawberry.field(description="The same in Simplified Chinese.")


@message(pb.ExplainMembershipResponse, description="Why a member is in a segment, or not, as of now.")
class MembershipExplanation:
    holds: bool = strawberry.field(description="Whether the member is in it.")
    reasons: list[MembershipReason] = strawberry.field(
        description="Line by line in the order of the tree, a group before what it consists of."
    )


@message(
    pb.CreateSegmentResponse,
    pb.UpdateSegmentResponse,
    pb.ArchiveSegmentResponse,
    description="The segment after the change.",
)
class SegmentPayload:
    segment: Segment


@message(pb.RecordActsResponse, description="What became of the acts.")
class RecordActsPayload:
    recorded: int = strawberry.field(description="Acts of members that exist, also those that were recorded before.")
    unknown_member_ids: list[strawberry.ID] = strawberry.field(
        description="Members that do not exist; their acts are not recorded."
    )
