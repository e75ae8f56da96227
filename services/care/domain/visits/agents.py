"""Who makes calls, what they know, when they are away, and who gets the next one so that the load is fair."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction

from services.care.domain.visits.visit import Visit
from services.chassis import checks
from services.chassis.errors import InvalidField
from services.chassis.ids import check_id

MOST_SKILLS, MOST_SKILL, MOST_SHARE = 20, 40, 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class CallAgent:
    """An employee who works through call lists; the id is the employee's."""

    id: str
    skills: tuple[str, ...] = ()
    share: int = 100
    """How much of the load they bear, in percent of a full post."""
    away_from: str = ""
    """`YYYY-MM-DD`; empty, as `away_through`: not away."""
    away_through: str = ""
    active: bool = True
    """False: gets nothing any more."""
    update_time: datetime | None = None
    version: int = 0
    events: tuple[object, ...] = ()

    def checked(self) -> "CallAgent":
        """Return it, or refuse with INVALID_ID or INVALID_FIELD."""
        check_id(self.id, "emp", field="agent.id")
        if len(self.skills) > MOST_SKILLS:
            raise InvalidField("agent.skills", f"agent.skills holds more than {MOST_SKILLS}.")
        skills = {checks.line(each, "agent.skills", least=1, most=MOST_SKILL) for each in self.skills}
        if not 1 <= self.share <= MOST_SHARE:
            raise InvalidField("agent.share", f"agent.share must be 1 to {MOST_SHARE} percent.")
        for value, field in ((self.away_from, "agent.away_from"), (self.away_through, "agent.away_through")):
            if value:
                checks.civil_date(value, field)
        if bool(self.away_from) != bool(self.away_through) or self.away_from > self.away_through:
            raise InvalidField(
                "agent.away_through",
                "agent.away_through is set together with the first day away, and is not before it.",
            )
        return replace(self, skills=tuple(sorted(skills)))

    def here_on(self, day: date) -> bool:
        """Say whether they work on that day."""
        return self.active and not (self.away_from and self.away_from <= day.isoformat() <= self.away_through)

    def fits(self, visit: Visit, day: date) -> bool:
        """Say whether they may get it: there, knowing what it needs, and not asked about their own work."""
        return self.here_on(day) and visit.avoid_id != self.id and (not visit.skill or visit.skill in self.skills)


def share_out(
    visits: Iterable[Visit], agents: Iterable[CallAgent], *, loads: Mapping[str, int], day: date
) -> dict[str, str]:
    """Return who gets which visit (owner by visit id); one that nobody fits is left out.

    Each goes to whom it leaves with the least load for their share, counting what they have already (`loads`): so
    between two who fit the same visits no one ends up with more than one visit above the other, for equal shares.
    Visits that need a skill come first, since fewer fit them.
    """
    free = sorted(agents, key=lambda agent: agent.id)
    load = {agent.id: loads.get(agent.id, 0) for agent in free}
    given: dict[str, str] = {}
    for visit in sorted(visits, key=lambda each: (not each.skill, each.due_date, each.id)):
        fitting = [agent for agent in free if agent.fits(visit, day)]
        if not fitting:
            continue
        least = min(fitting, key=lambda agent: (Fraction(load[agent.id] + 1, agent.share), agent.id))
        given[visit.id] = least.id
        load[least.id] += 1
    return given
