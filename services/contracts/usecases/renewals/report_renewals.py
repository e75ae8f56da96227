"""Take the weekly snapshot; report the pipeline, the forecast and how good past forecasts were."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services.chassis.checks import month
from services.chassis.clock import Clock
from services.chassis.errors import InvalidField
from services.chassis.ids import optional_id
from services.contracts.domain.renewals.forecast_accuracy import Judged
from services.contracts.domain.renewals.renewal import Outcome
from services.contracts.domain.renewals.renewal_forecast import (
    Expected,
    ForecastLine,
    PipelineCell,
    expected_of,
    forecast,
    pipeline,
)
from services.contracts.domain.renewals.renewal_stages import RenewalStage
from services.contracts.domain.terms.periods import local_day
from services.contracts.ports.renewals import Renewals
from services.contracts.ports.snapshots import Snapshots

BATCH = 500
MOST_MONTHS = 24
WEEKS_BEFORE, MOST_WEEKS = 13, 52


def iso_week(day: date) -> str:
    """Return the week by ISO 8601, such as `2026-W47`; it may belong to another year than the day."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


@dataclass(frozen=True, slots=True)
class TakeSnapshot:
    """Keeps what is expected of every open renewal, once in each ISO week."""

    renewals: Renewals
    snapshots: Snapshots
    clock: Clock
    zone: str
    """IANA name: the company's, in which people count days."""

    def __call__(self, *, holds: Callable[[], bool]) -> int:
        """Return 1 where the week was kept now, 0 where it was before, or where leadership ended meanwhile."""
        now = self.clock.now()
        week = iso_week(local_day(now, self.zone))
        if self.snapshots.taken(week):
            return 0
        for batch in self.renewals.all_open(size=BATCH):
            if not holds():
                return 0
            self.snapshots.keep(week, [expected_of(renewal) for renewal in batch])
        self.snapshots.close(week, now=now)
        return 1


@dataclass(frozen=True, slots=True)
class Months:
    """Months asked for, both included, and whose."""

    first: str
    last: str
    owner_id: str = ""

    def checked(self) -> "Months":
        """Return them, or refuse with INVALID_FIELD or INVALID_ID."""
        first, last = month(self.first, "first_month"), month(self.last, "last_month")
        if not 0 <= _number(last) - _number(first) < MOST_MONTHS:
            raise InvalidField("last_month", f"last_month must be first_month or later, at most {MOST_MONTHS} months.")
        return Months(first, last, optional_id(self.owner_id, "emp", field="owner_id"))


@dataclass(frozen=True, slots=True)
class ReportRenewals:
    """The reports of the renewal desk."""

    renewals: Renewals
    snapshots: Snapshots
    clock: Clock
    zone: str
    """IANA name: the company's, in which people count days."""

    def pipeline(self, months: Months) -> list[PipelineCell]:
        """Return one cell for each month, owner and currency."""
        asked = months.checked()
        return pipeline(self.renewals.of_months(asked.first, asked.last, owner_id=asked.owner_id))

    def forecast(self, months: Months, week: str) -> list[ForecastLine]:
        """Return one line for each month, category and currency, as of now or as a week's snapshot had it."""
        asked = months.checked()
        if week:
            _refuse_no_week(week)
            return forecast(self.snapshots.of_week(week, first=asked.first, last=asked.last, owner_id=asked.owner_id))
        found = self.renewals.of_months(asked.first, asked.last, owner_id=asked.owner_id)
        return forecast(expected_of(renewal) for renewal in found if renewal.open)

    def judged(self, months: Months, weeks_before: int) -> list[Judged]:
        """Return the forecasts made so many weeks before the terms' ends, and what came of them."""
        asked, now = months.checked(), self.clock.now()
        if not 0 <= weeks_before <= MOST_WEEKS:
            raise InvalidField("weeks_before", f"weeks_before must be 0 to {MOST_WEEKS}.")
        if asked.last >= local_day(now, self.zone).isoformat()[:7]:
            raise InvalidField("last_month", "last_month must be over.")
        back = timedelta(weeks=weeks_before or WEEKS_BEFORE)
        ended = {
            renewal.id: renewal
            for renewal in self.renewals.of_months(asked.first, asked.last, owner_id=asked.owner_id)
            if renewal.outcome
        }
        weeks = {renewal.id: iso_week(renewal.term_end - back) for renewal in ended.values()}
        said: dict[str, Expected] = dict(self.snapshots.of_renewals(weeks)) if weeks else {}
        return [_judge(each, ended[key].stage, outcome=ended[key].outcome) for key, each in sorted(said.items())]


def _judge(expected: Expected, stage: RenewalStage, *, outcome: Outcome | None) -> Judged:
    won = stage is RenewalStage.WON
    return Judged(expected, won, outcome.amount.minor_units if won and outcome else 0)


def _number(text: str) -> int:
    year, number = text.split("-")
    return int(year) * 12 + int(number)


def _refuse_no_week(week: str) -> None:
    try:
        datetime.strptime(f"{week}-1", "%G-W%V-%u")  # noqa: DTZ007  # only whether there is such a week
    except ValueError as error:
        raise InvalidField("week", "week must be an ISO week such as 2026-W47.") from error
