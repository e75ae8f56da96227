"""Write, change and archive segments."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from services.care.domain.segments.attributes import check_attributes
from services.care.domain.segments.rules import Rule
from services.care.domain.segments.segment import Segment, SegmentInUse, SegmentUse, resolved
from services.care.ports.members import AttributeRegistry
from services.care.ports.segments import Segments, SegmentUses
from services.chassis.checks import request_key
from services.chassis.clock import Clock
from services.chassis.errors import InvalidField
from services.chassis.ids import check_id, new_id

FIELDS = ("name", "description", "rule")
"""What can be changed of a segment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentDetails:
    """What people say of a segment, not yet checked."""

    name: str
    description: str
    rule: Rule


@dataclass(frozen=True, slots=True)
class WriteSegment:
    """Stores a new segment."""

    segments: Segments
    attributes: AttributeRegistry
    clock: Clock

    def __call__(self, details: SegmentDetails, *, author: str, request_id: str) -> Segment:
        """Return the segment as stored; a repeat of the request returns the first."""
        now = self.clock.now()
        segment = Segment.written(
            new_id("seg", now),
            name=details.name,
            description=details.description,
            rule=details.rule,
            author=author,
            now=now,
        )
        check_attributes(segment.rule, self.attributes.all())
        resolved(segment.rule, self.segments.batch_get, of=segment.id)
        return self.segments.add(segment, request_key=request_key("create_segment", request_id))


@dataclass(frozen=True, slots=True)
class ChangeSegment:
    """Changes a segment; what stands on it follows at once."""

    segments: Segments
    attributes: AttributeRegistry
    clock: Clock

    def __call__(
        self, segment_id: str, details: SegmentDetails, *, mask: Collection[str], etag: str, request_id: str
    ) -> Segment:
        """Return the segment after the change; a tree that would break a segment above it is refused."""
        fields = _mask_fields(mask)

        def step(segment: Segment) -> Segment:
            changed = segment.rewritten(
                name=details.name if "name" in fields else None,
                description=details.description if "description" in fields else None,
                rule=details.rule if "rule" in fields else None,
                now=self.clock.now(),
            )
            if changed.rule != segment.rule:
                self._check_trees(changed)
            return changed

        return self.segments.change(
            check_id(segment_id, "seg", field="segment.id"),
            step,
            etag=etag,
            request_key=request_key("update_segment", request_id),
        )

    def _check_trees(self, changed: Segment) -> None:
        """Resolve the changed tree, and those of all segments above it as they will be."""

        def find(keys: Sequence[str]) -> list[Segment]:
            return [changed if each.id == changed.id else each for each in self.segments.batch_get(keys)]

        check_attributes(changed.rule, self.attributes.all())
        resolved(changed.rule, find, of=changed.id)
        seen, pending = {changed.id}, [changed.id]
        while pending:
            for above in self.segments.naming(pending.pop()):
                if above.id not in seen:
                    resolved(above.rule, find, of=above.id)
                    seen.add(above.id)
                    pending.append(above.id)


@dataclass(frozen=True, slots=True)
class ArchiveSegment:
    """Takes a segment out of use."""

    segments: Segments
    uses: SegmentUses
    clock: Clock

    def __call__(self, segment_id: str, *, etag: str, request_id: str) -> Segment:
        """Return the segment after the change, or refuse with SEGMENT_IN_USE."""

        def step(segment: Segment) -> Segment:
            above = [SegmentUse("segment", each.id, each.name) for each in self.segments.naming(segment.id)]
            uses = [*self.uses.of(segment.id), *above]
            if uses and not segment.archived:
                raise SegmentInUse(segment.id, uses)
            return segment.archive(now=self.clock.now())

        return self.segments.change(
            check_id(segment_id, "seg", field="segment_id"),
            step,
            etag=etag,
            request_key=request_key("archive_segment", request_id),
        )


def _mask_fields(mask: Collection[str]) -> frozenset[str]:
    unknown = sorted(set(mask) - set(FIELDS))
    if not mask or unknown:
        raise InvalidField("update_mask", f"update_mask must name some of {', '.join(FIELDS)}, and nothing else.")
    return frozenset(mask)
