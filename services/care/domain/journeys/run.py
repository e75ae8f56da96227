"""One member's way through a journey: where it stands, since when, what it waits for, and what it has passed."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from services.care.domain.journeys.outcomes import DECIDING, StepOutcome
from services.care.domain.state_words import plain
from services.chassis import checks
from services.chassis.errors import DomainError, Kind
from services.chassis.ids import derived_id

PAUSES = (timedelta(minutes=1), timedelta(minutes=10))
"""A step that fails is tried again after these; then the run is parked."""


class RunState(StrEnum):
    """Data: stored; add, never rename."""

    UNDER_WAY = "JOURNEY_RUN_STATE_UNDER_WAY"
    HELD_OUT = "JOURNEY_RUN_STATE_HELD_OUT"
    """In the control group: enrolled, and nothing ever happens."""
    ENDED = "JOURNEY_RUN_STATE_ENDED"
    PARKED = "JOURNEY_RUN_STATE_PARKED"
    """A step failed too often; a person decides."""


class RunReason(StrEnum):
    """Why a run is not under way. Data: stored; add, never rename."""

    COMPLETED = "COMPLETED"
    GOAL_REACHED = "GOAL_REACHED"
    HOLDOUT = "HOLDOUT"
    MEMBER_GONE = "MEMBER_GONE"
    MEMBER_MERGED = "MEMBER_MERGED"
    CAMPAIGN_FINISHED = "CAMPAIGN_FINISHED"
    CAMPAIGN_ARCHIVED = "CAMPAIGN_ARCHIVED"
    REMOVED = "REMOVED"
    STEP_FAILED = "STEP_FAILED"


class RunNotUnderWay(DomainError):
    kind, reason = Kind.PRECONDITION, "JOURNEY_RUN_NOT_UNDER_WAY"

    def __init__(self, run_id: str, state: RunState) -> None:
        super().__init__(f"Journey run {run_id} is not under way: it is {plain(state)}.", run_id=run_id, state=state)


class RunNotParked(DomainError):
    kind, reason = Kind.PRECONDITION, "JOURNEY_RUN_NOT_PARKED"

    def __init__(self, run_id: str, state: RunState) -> None:
        super().__init__(f"Journey run {run_id} is not parked: it is {plain(state)}.", run_id=run_id, state=state)


@dataclass(frozen=True, slots=True)
class PassedStep:
    """A step that is behind the member."""

    step: str
    at: datetime
    outcome: StepOutcome
    reason: str = ""
    """Why nothing was planned; the words are in `domain/sending/reasons.py`."""


@dataclass(frozen=True, slots=True)
class JourneyRun:
    """One occurrence of one member; each method returns the next state."""

    id: str
    campaign_id: str
    member_id: str
    occurrence: str
    plan_version: int
    """Version of the campaign's plan that it goes by to its end."""
    day: date
    """Civil day on which the member became due."""
    step: str
    """Where it stands; of a run that is over, where it stood last."""
    arrived_at: datetime
    """When it came to this step."""
    wake_time: datetime | None
    """When it is looked at next; None: never."""
    began_at: datetime
    updated_at: datetime
    state: RunState = RunState.UNDER_WAY
    reason: str = ""
    """A RunReason, once it is not under way."""
    detail: str = ""
    """The outcome that the end step names, the words of whoever removed the member, or the code of what failed."""
    ended_by: str = ""
    """Who removed the member."""
    waiting_for: str = ""
    """The act whose coming wakes it."""
    waiting_touch: str = ""
    """The touch whose end wakes it."""
    last_outcome: StepOutcome | None = None
    """Of the last step that had one a branch may ask for."""
    history: tuple[PassedStep, ...] = ()
    failures: int = 0
    """How often the step has failed in a row."""
    ended_at: datetime | None = None
    revision: int = 1

    def stand(self, wake_time: datetime, *, now: datetime, act: str = "", touch: str = "") -> "JourneyRun":
        """Return the run that waits at its step, for a moment and perhaps for something that comes before it."""
        return replace(self, wake_time=wake_time, waiting_for=act, waiting_touch=touch, failures=0, updated_at=now)

    def go_on(self, to: str, outcome: StepOutcome, *, now: datetime, reason: str = "") -> "JourneyRun":
        """Return the run at another step; empty: it has passed the last one."""
        passed = replace(
            self,
            history=(*self.history, PassedStep(self.step, now, outcome, reason)),
            last_outcome=outcome if outcome in DECIDING else self.last_outcome,
        )
        if not to:
            return passed.end(RunReason.COMPLETED, now=now)
        return replace(passed.stand(now, now=now), step=to, arrived_at=now)

    def end(self, reason: RunReason, *, now: datetime, detail: str = "", by: str = "") -> "JourneyRun":
        """Return the run as it is over, in the state that the reason asks for."""
        states = {RunReason.HOLDOUT: RunState.HELD_OUT, RunReason.STEP_FAILED: RunState.PARKED}
        return replace(
            self,
            state=states.get(reason, RunState.ENDED),
            reason=reason.value,
            detail=detail,
            ended_by=by,
            wake_time=None,
            waiting_for="",
            waiting_touch="",
            ended_at=now,
            updated_at=now,
        )

    def fail(self, code: str, *, now: datetime) -> "JourneyRun":
        """Return the run that tries its step again later, or is parked with the code of what failed."""
        if self.failures >= len(PAUSES):
            return self.end(RunReason.STEP_FAILED, now=now, detail=code)
        later = now + PAUSES[self.failures]
        return replace(self, failures=self.failures + 1, wake_time=later, detail=code, updated_at=now)

    def remove(self, why: str, *, by: str, now: datetime) -> "JourneyRun":
        """Return the run as a person ended it; one that is parked or held out can be ended as well."""
        if self.state is RunState.ENDED:
            raise RunNotUnderWay(self.id, self.state)
        return self.end(RunReason.REMOVED, now=now, detail=checks.line(why, "why", least=1, most=200), by=by)

    def retry(self, now: datetime) -> "JourneyRun":
        """Return a parked run that tries its step anew."""
        if self.state is not RunState.PARKED:
            raise RunNotParked(self.id, self.state)
        return replace(
            self.stand(now, now=now, touch=""), state=RunState.UNDER_WAY, reason="", detail="", ended_at=None
        )


def run_id(campaign_id: str, member_id: str, *, occurrence: str) -> str:
    """Return the one id of this member's way on this occasion: enrolling them again finds it and makes no second."""
    return derived_id("jrn", campaign_id, member_id, occurrence)
