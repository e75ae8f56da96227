"""What is known of days, as the use cases of every room need it."""

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from services.care.domain.calendars.blackout import Blackout
from services.care.domain.calendars.day_book import DayBook
from services.care.domain.calendars.occasion import Occasion
from services.care.domain.calendars.statutory import StatutoryTable
from services.care.domain.calendars.statutory_year import StatutoryYear
from services.chassis.csv_rows import Row
from services.chassis.paging import Page


class Calendars(Protocol):
    """The door to this room for all others."""

    def read(self) -> DayBook:
        """Return a snapshot of all that is known now: one read for a batch or a planning run, not one for a touch."""


class StatutoryLibrary(Protocol):
    """The statutory days that come with the product."""

    def table(self, country: str, year: int) -> StatutoryTable:
        """Return the year; its status is UNKNOWN where it was not announced when the product was released."""


class HolidayFiles(Protocol):
    """Files of statutory days in any of the forms that people bring them in."""

    def rows(self, content: bytes) -> Iterator[Row]:
        """Yield rows with the columns of `statutory_rows`; refused with CSV_... or ICS_MALFORMED."""


class StatutoryYears(Protocol):
    """The tables that were imported."""

    def get(self, country: str, year: int) -> StatutoryYear:
        """Return the year; one that nothing was imported for has no version."""

    def put(
        self, country: str, year: int, *, step: Callable[[StatutoryYear], StatutoryYear], etag: str, request_key: str
    ) -> StatutoryYear:
        """Apply the step and store the outcome; a repeated request takes no second step."""


class Occasions(Protocol):
    """The occasions of the company's own, beside the built-in ones."""

    def add(self, occasion: Occasion, *, request_key: str) -> Occasion:
        """Store the occasion, or return what this request stored before."""

    def batch_get(self, occasion_ids: Sequence[str]) -> Sequence[Occasion]:
        """Return those that exist, built-in ones too, in no promised order."""

    def page(self, *, retired: bool, size: int, after: str) -> Page[Occasion]:
        """Return the page of occasions, built-in ones too, whose ids follow `after`; retired ones if asked for."""

    def change(
        self, occasion_id: str, step: Callable[[Occasion], Occasion], *, etag: str, request_key: str
    ) -> Occasion:
        """Apply the step and store the outcome; refused with OCCASION_NOT_FOUND, OCCASION_IS_BUILT_IN."""


class Blackouts(Protocol):
    """The blackouts on record."""

    def add(self, blackout: Blackout, *, request_key: str) -> Blackout:
        """Store the blackout, or return what this request stored before."""

    def batch_get(self, blackout_ids: Sequence[str]) -> Sequence[Blackout]:
        """Return those that exist, in no promised order."""

    def page(self, *, size: int, after: str) -> Page[Blackout]:
        """Return the page of blackouts whose ids follow `after`."""

    def change(
        self, blackout_id: str, step: Callable[[Blackout], Blackout], *, etag: str, request_key: str
    ) -> Blackout:
        """Apply the step and store the outcome; a repeated request takes no second step."""

    def remove(self, blackout_id: str, *, etag: str) -> None:
        """Forget the blackout; one that is not there any more is forgotten already. Refused with STALE_VERSION."""
