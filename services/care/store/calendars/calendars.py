"""The snapshot that other rooms plan and send by."""

from dataclasses import dataclass

from services.care.domain.calendars.day_book import DayBook
from services.care.domain.calendars.statutory import StatutoryTable
from services.care.ports.calendars import StatutoryLibrary
from services.care.store.calendars.blackouts import MongoBlackouts
from services.care.store.calendars.occasions import MongoOccasions
from services.care.store.calendars.statutory_years import MongoStatutoryYears


@dataclass(frozen=True, slots=True)
class MongoCalendars:
    """Reads three small collections whole."""

    occasions: MongoOccasions
    blackouts: MongoBlackouts
    years: MongoStatutoryYears
    library: StatutoryLibrary

    def read(self) -> DayBook:
        imported = self.years.in_force(self.library)

        def table(country: str, year: int) -> StatutoryTable:
            return imported.get((country, year)) or self.library.table(country, year)

        return DayBook(occasions=self.occasions.everything(), blackouts=self.blackouts.everything(), tables=table)
