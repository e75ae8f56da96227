"""A segment: a named tree of rules that people edit and campaigns use."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from services.care.domain.segments.checks import checked
from services.care.domain.segments.evaluate import Asked
from services.care.domain.segments.rules import Rule, children, segments_in
from services.care.domain.segments.windows import Today
from services.chassis.checks import line, text
from services.chassis.errors import DomainError, Kind, NotFound

MOST_NAME, MOST_DESCRIPTION = 100, 1_000
MOST_NODES_IN_ALL = 1_000
"""Groups and tests of a tree together with those of every segment it names."""


class SegmentCycle(DomainError):
    """A segment would be in itself."""

    kind, reason = Kind.PRECONDITION, "SEGMENT_CYCLE"

    def __init__(self, path: Sequence[str]) -> None:
        super().__init__(
            f"A segment cannot be part of itself: {' names '.join(path)}.", field="rule", segment_id=path[-1]
        )


class SegmentTooLarge(DomainError):
    """Together with the segments it names, a tree has too many tests."""

    kind, reason = Kind.PRECONDITION, "SEGMENT_TOO_LARGE"

    def __init__(self, segment_id: str) -> None:
        super().__init__(
            f"With the segments that it names, the rule has more than {MOST_NODES_IN_ALL} groups and tests.",
            field="rule",
            segment_id=segment_id,
        )


class SegmentArchived(DomainError):
    """It is not used any more."""

    kind, reason = Kind.PRECONDITION, "SEGMENT_ARCHIVED"

    def __init__(self, segment_id: str, *, field: str = "") -> None:
        super().__init__(f"Segment {segment_id} is archived.", field=field, segment_id=segment_id)


@dataclass(frozen=True, slots=True)
class SegmentUse:
    """What uses a segment."""

    kind: str
    """`campaign`, `journey` or `segment`."""
    id: str
    name: str


class SegmentInUse(DomainError):
    """Something else stands on it."""

    kind, reason = Kind.PRECONDITION, "SEGMENT_IN_USE"

    def __init__(self, segment_id: str, uses: Sequence[SegmentUse]) -> None:
        named = ", ".join(f"{use.kind} {use.id} ({use.name})" for use in uses)
        super().__init__(
            f"Segment {segment_id} is used by {named}. Change or archive these first.",
            segment_id=segment_id,
            used_by=",".join(use.id for use in uses),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A segment as stored; the version grows with each change of name or rule."""

    id: str
    name: str
    description: str
    rule: Rule
    author: str
    created_at: datetime
    updated_at: datetime
    archived: bool = False
    version: int = 1
    events: tuple[object, ...] = ()

    @classmethod
    def written(
        cls, segment_id: str, *, name: str, description: str, rule: Rule, author: str, now: datetime
    ) -> "Segment":
        """Return a new segment, or refuse with INVALID_FIELD or INVALID_ID."""
        return cls(
            id=segment_id,
            name=_name(name),
            description=_description(description),
            rule=checked(rule),
            author=author,
            created_at=now,
            updated_at=now,
        )

    def rewritten(self, *, name: str | None, description: str | None, rule: Rule | None, now: datetime) -> "Segment":
        """Return it with what is not None taken over, or itself if nothing differs; refuses SEGMENT_ARCHIVED."""
        if self.archived:
            raise SegmentArchived(self.id)
        changed = replace(
            self,
            name=self.name if name is None else _name(name),
            description=self.description if description is None else _description(description),
            rule=self.rule if rule is None else checked(rule),
        )
        return self if changed == self else replace(changed, updated_at=now)

    def archive(self, *, now: datetime) -> "Segment":
        """Return it archived, or itself if it is."""
        return self if self.archived else replace(self, archived=True, updated_at=now)


def _name(value: str) -> str:
    return line(value, "name", least=1, most=MOST_NAME)


def _description(value: str) -> str:
    return text(value, "description", most=MOST_DESCRIPTION)


FindSegments = Callable[[Sequence[str]], Sequence[Segment]]
"""Returns those that exist."""


def resolved(rule: Rule, find: FindSegments, *, of: str = "") -> Mapping[str, Segment]:
    """Return every segment that a tree names, and that those name; `of` is the segment whose tree it is.

    Refuses with SEGMENT_NOT_FOUND, SEGMENT_CYCLE and SEGMENT_TOO_LARGE. A level of names costs one read.
    """
    found: dict[str, Segment] = {}
    wanted = segments_in(rule)
    while wanted:
        new = {segment.id: segment for segment in find(sorted(wanted))}
        if missing := sorted(wanted - new.keys()):
            raise NotFound.of("segment", missing[0])
        found |= new
        wanted = frozenset().union(*(segments_in(each.rule) for each in new.values())) - found.keys() - {of}
    rules = {key: segment.rule for key, segment in found.items()} | ({of: rule} if of else {})
    _check_size(rule, rules, of=of)
    return found


def prepared(rule: Rule, find: FindSegments, *, of: str, today: Today) -> tuple[Asked, Mapping[str, Segment]]:
    """Return what a tree is judged by, and the segments that it names; refuses as `resolved` does."""
    named = resolved(rule, find, of=of)
    return Asked(today, {key: segment.rule for key, segment in named.items()}), named


def _check_size(rule: Rule, rules: Mapping[str, Rule], *, of: str) -> None:
    """Walk the tree as it is compiled: a segment that is named twice counts twice."""
    left = MOST_NODES_IN_ALL
    pending: list[tuple[Rule, tuple[str, ...]]] = [(rule, (of,) if of else ())]
    while pending:
        node, path = pending.pop()
        left -= 1
        if left < 0:
            raise SegmentTooLarge(of)
        pending.extend((child, path) for child in children(node))
        if not children(node):
            pending.extend((rules[name], _followed(path, name)) for name in segments_in(node))


def _followed(path: tuple[str, ...], name: str) -> tuple[str, ...]:
    if name in path:
        raise SegmentCycle((*path, name))
    return (*path, name)
