"""What came of campaigns: counted from the ledger, from what providers told, and from what members did."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from services.care.domain.campaigns.plan import Goal
from services.care.domain.results.agenda import TouchCount, VisitCount
from services.care.domain.results.funnel import Cell
from services.care.domain.results.lift import Outcome


@dataclass(frozen=True, slots=True)
class ResultsQuestion:
    """Which messages of a campaign, as of when."""

    campaign_id: str
    as_of: datetime
    goal: Goal | None = None
    first_date: date | None = None
    """First civil date of the occasion; None: from the beginning."""
    last_date: date | None = None
    """Last one, included; None: without end."""


@dataclass(frozen=True, slots=True)
class CampaignCounts:
    """All counts of one moment of the database."""

    cells: Sequence[Cell]
    treated: Outcome
    """Members who were due and are not of the control group; nobody where there is no goal."""
    control: Outcome


class CampaignOutcomes(Protocol):
    """The ledger, counted."""

    def count(self, question: ResultsQuestion) -> CampaignCounts:
        """Return the counts, all of the same moment; acts and words after `as_of` do not count."""

    def skips(self, question: ResultsQuestion) -> Mapping[str, int]:
        """Return how many messages were not sent on purpose by reason, the control group too; the most first."""


class CareCounts(Protocol):
    """Messages and visits by day, `YYYY-MM-DD`, both ends included."""

    def touches(self, first: str, last: str) -> Sequence[TouchCount]:
        """Return how many messages of each campaign are in each state."""

    def visits(self, first: str, last: str) -> Sequence[VisitCount]:
        """Return how many visits are in each state, by the day on which they are due."""
