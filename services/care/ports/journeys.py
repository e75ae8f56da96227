"""Members on their way through journeys, and what their steps ask of the rest of the house."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.care.domain.journeys.run import JourneyRun, RunReason, RunState
from services.care.domain.sending.recipient import Recipient
from services.chassis.paging import Page


@dataclass(frozen=True, slots=True)
class Traveller:
    """What steps ask of a member."""

    recipient: Recipient
    acts: Mapping[str, Sequence[datetime]]
    """When the member did what; the newest of each."""
    doublets: tuple[str, ...] = ()
    """Whom the member was before: ids that were merged into this one."""
    gone: RunReason | None = None
    """Why there is nobody to accompany any more: erased, or merged into another."""


class Travellers(Protocol):
    """Members as journeys see them."""

    def read(self, member_ids: Sequence[str]) -> Mapping[str, Traveller]:
        """Return those that exist, by id."""


@dataclass(frozen=True, slots=True)
class RunFilter:
    """What a listed run must match; what is empty matches all."""

    campaign_id: str = ""
    member_id: str = ""
    state: RunState | None = None
    step: str = ""


@dataclass(frozen=True, slots=True)
class StepCount:
    """So many runs of a campaign stand at a step, in a state, for a reason."""

    step: str
    state: RunState
    reason: str
    count: int


class Enrolments(Protocol):
    """Where the planner hands over who begins a journey."""

    def enrol(self, runs: Sequence[JourneyRun]) -> int:
        """Store those that are not stored yet and return how many are new.

        One that exists stays as it is, unless it has not begun and its day has changed: then it begins on the new day.
        """


class JourneyRuns(Protocol):
    """Runs as the leader moves them on. Every write is fenced by the leader's token, a newer one wins."""

    def under_way_in(self) -> Sequence[str]:
        """Return the ids of the campaigns that have runs under way."""

    def due(self, campaign_id: str, now: datetime, *, most: int) -> Sequence[JourneyRun]:
        """Return runs whose time to wake has come, those that wait longest first; the others are not even read."""

    def save(self, moved: Sequence[tuple[JourneyRun, JourneyRun]], *, token: int) -> int:
        """Store the second of each pair if the first is what is stored, and return how many were.

        What somebody else has changed meanwhile is left alone, and looked at again in the next round.
        """

    def end_all(self, campaign_id: str, reason: RunReason, *, now: datetime, token: int) -> int:
        """End every run under way of a campaign that is over; return how many."""

    def wake_heard(self, now: datetime, *, token: int) -> int:
        """Wake runs that wait for an act, of members of whom something was heard since the last time."""

    def wake_settled(self, now: datetime, *, token: int) -> int:
        """Wake runs that wait for a message which came to its end since the last time."""


class JourneyBook(Protocol):
    """Runs as people read and change them."""

    def get(self, run_id: str) -> JourneyRun:
        """Return it, or refuse with JOURNEY_RUN_NOT_FOUND."""

    def batch_get(self, run_ids: Sequence[str]) -> Sequence[JourneyRun]:
        """Return those that exist."""

    def page(self, match: RunFilter, *, size: int, after: str) -> Page[JourneyRun]:
        """Return one page in the order of ids."""

    def counts(self, campaign_id: str) -> Sequence[StepCount]:
        """Return how many runs stand where, from the index alone."""

    def replace(self, old: JourneyRun, new: JourneyRun) -> bool:
        """Store the new one if the old one is what is stored; False: somebody was faster."""
