"""Counts, lists and explains who is in a segment; changes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.care.domain.members.masks import sees_clearly
from services.care.domain.members.member import Member
from services.care.domain.segments.attributes import check_attributes
from services.care.domain.segments.checks import checked
from services.care.domain.segments.evaluate import Asked
from services.care.domain.segments.explanation import Reason, reasons, tree_words
from services.care.domain.segments.rules import Rule
from services.care.domain.segments.segment import Segment, prepared
from services.care.domain.segments.windows import Today
from services.care.domain.segments.wording import Words
from services.care.ports.members import AttributeRegistry, Members
from services.care.ports.segments import SegmentMembers, Segments
from services.chassis.clock import Clock
from services.chassis.errors import Forbidden
from services.chassis.identity import Caller
from services.chassis.ids import check_id
from services.chassis.paging import Page


@dataclass(frozen=True, slots=True)
class SegmentPreview:
    """How many, and some of them."""

    count: int
    sample: Sequence[Member]
    words: Words
    """The rule, a line for each group and test."""


@dataclass(frozen=True, slots=True)
class AskSegment:
    """Resolves what a segment, or a rule, asks as of now."""

    segments: Segments
    clock: Clock
    time_zone: str
    """The company's, in which rules count days."""

    def of_rule(self, rule: Rule, *, of: str = "") -> tuple[Asked, Mapping[str, Segment]]:
        """Return what the tree is judged by, and the segments that it names."""
        today = Today(self.clock.now(), self.time_zone)
        return prepared(rule, self.segments.batch_get, of=of, today=today)

    def segment(self, segment_id: str) -> Segment:
        """Return the segment, or refuse with SEGMENT_NOT_FOUND or INVALID_ID."""
        return self.segments.get(check_id(segment_id, "seg", field="segment_id"))


@dataclass(frozen=True, slots=True)
class PreviewSegment:
    """Says how many members a rule finds, and shows some."""

    ask: AskSegment
    found: SegmentMembers
    members: Members
    attributes: AttributeRegistry

    def of_segment(self, segment_id: str, *, size: int) -> SegmentPreview:
        """Preview a stored segment."""
        segment = self.ask.segment(segment_id)
        asked, named = self.ask.of_rule(segment.rule, of=segment.id)
        return self._preview(segment.rule, asked, named=named, size=size)

    def of_rule(self, rule: Rule, *, size: int, caller: Caller) -> SegmentPreview:
        """Preview a rule; who sees members masked could spell out a person by rules, and is refused."""
        if not sees_clearly(caller):
            raise Forbidden("Your role sees members masked, so it can preview stored segments only.", field="rule")
        check_attributes(checked(rule), self.attributes.all())
        asked, named = self.ask.of_rule(rule)
        return self._preview(rule, asked, named=named, size=size)

    def _preview(self, rule: Rule, asked: Asked, *, named: Mapping[str, Segment], size: int) -> SegmentPreview:
        page = self.found.page(rule, asked, size=size, after="")
        count = self.found.count(rule, asked) if page.next_token else len(page.items)
        return SegmentPreview(count, in_order(self.members, page.items), tree_words(rule, lambda key: named[key].name))


@dataclass(frozen=True, slots=True)
class ListSegmentMembers:
    """Lists the members of a segment."""

    ask: AskSegment
    found: SegmentMembers
    members: Members

    def __call__(self, segment_id: str, *, size: int, after: str) -> Page[Member]:
        """Return a page in the order of ids."""
        segment = self.ask.segment(segment_id)
        asked, _ = self.ask.of_rule(segment.rule, of=segment.id)
        page = self.found.page(segment.rule, asked, size=size, after=after)
        return Page(in_order(self.members, page.items), page.next_token)


@dataclass(frozen=True, slots=True)
class ExplainMembership:
    """Says why a member is in a segment, or not."""

    ask: AskSegment
    found: SegmentMembers

    def __call__(self, segment_id: str, member_id: str) -> list[Reason]:
        """Return the lines of the tree; the first tells the verdict."""
        segment = self.ask.segment(segment_id)
        facts = self.found.facts(check_id(member_id, "mem", field="member_id"))
        asked, named = self.ask.of_rule(segment.rule, of=segment.id)
        return reasons(segment, named, facts=facts, asked=asked)


def in_order(members: Members, ids: Sequence[str]) -> tuple[Member, ...]:
    """Return the members in the order of these ids."""
    found = {member.id: member for member in members.batch_get(ids)} if ids else {}
    return tuple(found[each] for each in ids if each in found)
