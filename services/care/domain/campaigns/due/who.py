"""Who is due on a civil day: descriptions that a store turns into one query each, and what they find in a member."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from services.care.domain.campaigns.triggers import DateKind
from services.care.domain.segments.evaluate import Facts, at

Moments = tuple[datetime, datetime]
"""From the first (included) to the second (excluded), in UTC."""


@dataclass(frozen=True, slots=True)
class Coming:
    """One occasion of one member; the occurrence names it, once for all time."""

    occurrence: str
    since: datetime | None = None
    """The moment that it follows; None: it follows no moment, but the calendar."""


@dataclass(frozen=True, slots=True)
class Born:
    """Whoever has one of these birthday keys."""

    comings_by_key: Mapping[int, tuple[Coming]]

    def comings(self, facts: Facts) -> tuple[Coming, ...]:
        """Return what the member's record comes to."""
        return self.comings_by_key.get(facts.get("birthday_key") or 0, ())


@dataclass(frozen=True, slots=True)
class Everybody:
    """Every member of the audience."""

    coming: Coming

    def comings(self, facts: Facts) -> tuple[Coming, ...]:  # the same for all
        """Return what the member's record comes to."""
        return (self.coming,)


@dataclass(frozen=True, slots=True)
class Acted:
    """Whoever did something in one of these spans; each time is an occurrence."""

    act: str
    spans: tuple[Moments, ...]

    def comings(self, facts: Facts) -> Iterator[Coming]:
        """Yield what the member's record comes to, newest first."""
        for moment in dict.fromkeys(at(facts, f"acts.{self.act}") or ()):
            if _within(moment, self.spans):
                yield Coming(f"{self.act}/{_told(moment)}", moment)


@dataclass(frozen=True, slots=True)
class LastActed:
    """Whoever was last active in one of these spans, and never since."""

    act: str
    """Empty: anything counts."""
    spans: tuple[Moments, ...]

    @property
    def path(self) -> str:
        """Where the moment is stored."""
        return f"last_acts.{self.act}" if self.act else "last_act_time"

    def comings(self, facts: Facts) -> Iterator[Coming]:
        """Yield what the member's record comes to: the silence that began with this moment."""
        moment = at(facts, self.path)
        if moment is not None and _within(moment, self.spans):
            yield Coming(f"silence/{_told(moment)}")


@dataclass(frozen=True, slots=True)
class Dated:
    """Whoever has a date of this kind on one of these days, written `YYYY-MM-DD`."""

    kind: DateKind
    attribute: str
    """Only with DateKind.ATTRIBUTE."""
    days: tuple[str, ...]

    def comings(self, facts: Facts) -> Iterator[Coming]:
        """Yield what the member's record comes to: one for each contract or warranty, one for a date of the member."""
        if self.kind in LISTS:
            path, states = LISTS[self.kind]
            for each in at(facts, path) or ():
                if each.get("end_date") in self.days and (not states or each.get("state") in states):
                    yield Coming(f"{self.kind.value}/{each.get('id', '')}/{each['end_date']}")
            return
        path = self.path
        if (day := at(facts, path)) in self.days:
            yield Coming(f"{path}/{day}")

    @property
    def path(self) -> str:
        """Where a date of the member itself is stored."""
        return POINTS_EXPIRY if self.kind is DateKind.POINTS_EXPIRY else f"attributes.{self.attribute}"


LISTS: Mapping[DateKind, tuple[str, tuple[str, ...]]] = {
    DateKind.CONTRACT_END: ("contracts", ("active",)),
    DateKind.WARRANTY_END: ("warranties", ()),
}
"""Where `{id, state, end_date}` of a kind are stored, and the states that count; none named: all."""
POINTS_EXPIRY = "points_expiry_date"

Who = Born | Everybody | Acted | LastActed | Dated


def told_moment(occurrence: str) -> datetime:
    """Return the moment that the occurrence of an act names."""
    return datetime.fromisoformat(occurrence.rpartition("/")[2])


def told_end(occurrence: str) -> tuple[str, str]:
    """Return the contract, and its last day, that the occurrence of a contract's end names."""
    _, contract_id, day = occurrence.split("/")
    return contract_id, day


def _told(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")


def _within(moment: datetime, spans: tuple[Moments, ...]) -> bool:
    return any(first <= moment < end for first, end in spans)
