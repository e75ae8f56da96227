"""Imported statutory days in MongoDB: one document for each country and year."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

from mongoengine import DateTimeField, IntField, ListField, StringField

from services.care.domain.calendars.statutory import StatutoryTable
from services.care.domain.calendars.statutory_year import BUILT_IN, StatutoryYear, year_id
from services.care.ports.calendars import StatutoryLibrary
from services.chassis.aggregates import AggregateDocument, AggregateStore, DuplicateKey, aggregate_indexes
from services.chassis.clock import Clock
from services.chassis.errors import InvalidField, StaleVersion

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class StatutoryYearDocument(AggregateDocument):
    """A year of a country."""

    country = StringField(required=True)
    year = IntField(required=True)
    versions = ListField()
    in_force = IntField()
    update_time = DateTimeField(required=True)

    meta = {
        "db_alias": "care",
        "collection": "statutory_years",
        "auto_create_index": False,
        "indexes": [*aggregate_indexes()],
    }


class MongoStatutoryYears:
    """The imported years."""

    def __init__(self, clock: Clock) -> None:
        self._store = AggregateStore.of(
            StatutoryYearDocument, StatutoryYear, noun="statutory_year", source="care", clock=clock
        )

    def get(self, country: str, year: int) -> StatutoryYear:
        return self._store.find({"_id": year_id(country, year)}) or _untouched(country, year)

    def put(
        self, country: str, year: int, *, step: Callable[[StatutoryYear], StatutoryYear], etag: str, request_key: str
    ) -> StatutoryYear:
        """Change the year that is there; the first change of all makes it, whoever else does so meanwhile."""
        key = year_id(country, year)
        if self._store.find({"_id": key}) is None:
            empty = _untouched(country, year)
            if etag and etag != str(empty.version):
                raise StaleVersion("statutory_year", key)
            first = step(empty)
            if first is empty:
                return empty
            with suppress(DuplicateKey):  # somebody else's came first: ours is the next
                return self._store.add(replace(first, version=empty.version + 1), request_key)
        try:
            return self._store.change(key, step, etag=etag, request_id=request_key)
        except DuplicateKey as error:
            raise InvalidField("request_id", "request_id was used for another year.") from error

    def in_force(self, library: StatutoryLibrary) -> dict[tuple[str, int], StatutoryTable]:
        """Return the table of every year for which an imported one counts."""
        found = self._store.collection.find({"in_force": {"$ne": BUILT_IN}}, {"outbox": 0})
        years = [self._store.codec.to_aggregate(each) for each in found]
        return {
            (year.country, year.year): year.table(year.in_force, built_in=library.table(year.country, year.year))
            for year in years
        }


def _untouched(country: str, year: int) -> StatutoryYear:
    return StatutoryYear(id=year_id(country, year), country=country, year=year, update_time=_NEVER)
