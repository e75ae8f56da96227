"""Employees and facts in MongoDB; documents never leave this module."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from mongoengine import DateTimeField, DictField, ListField, LongField, StringField

from services.chassis.aggregates import (
    AggregateDocument,
    AggregateStore,
    DuplicateKey,
    aggregate_indexes,
    unique_when_set,
)
from services.chassis.clock import Clock
from services.chassis.paging import Page
from services.kpi.domain.employee import Employee
from services.kpi.domain.fact import Fact
from services.kpi.domain.indicator import Indicator, IndicatorValue
from services.kpi.ports import EmployeeFilter, FactFilter

ALIAS = "kpi"
OUTBOXES = ("facts",)


class EmployeeDocument(AggregateDocument):
    """An employee."""

    external_ref = StringField(required=True)
    name = StringField(required=True)
    position = StringField()
    unit = StringField()
    subject = StringField()
    assignments = ListField(DictField())
    create_time = DateTimeField(required=True)
    update_time = DateTimeField(required=True)

    meta = {
        "db_alias": ALIAS,
        "collection": "employees",
        "auto_create_index": False,
        "indexes": [
            *aggregate_indexes(),
            unique_when_set("external_ref"),
            unique_when_set("subject"),
            # One for each filter of a list; the id behind it keeps the order of pages.
            {"fields": ["unit", "_id"], "name": "by_unit", "cls": False},
            {"fields": ["assignments.manager_id", "_id"], "name": "by_manager", "cls": False},
        ],
    }


class FactDocument(AggregateDocument):
    """A fact; its id is the one that a repeat of what brought it leads to."""

    employee_id = StringField(required=True)
    indicator = StringField(required=True)
    month = StringField(required=True)
    numerator = LongField(required=True)
    denominator = LongField(required=True)
    evidence_id = StringField(required=True)
    occurred_time = DateTimeField(required=True)

    meta = {
        "db_alias": ALIAS,
        "collection": "facts",
        "auto_create_index": False,
        "indexes": [
            *aggregate_indexes(),
            # A value is summed from the index alone; the evidence behind it is read by the same one.
            {
                "fields": ["employee_id", "indicator", "month", "_id", "numerator", "denominator"],
                "name": "by_value",
                "cls": False,
            },
            {"fields": ["employee_id", "_id"], "name": "by_employee", "cls": False},
        ],
    }


DOCUMENTS = (EmployeeDocument, FactDocument)


class MongoEmployees:
    """The staff directory."""

    def __init__(self, clock: Clock) -> None:
        """Write through the alias `kpi`."""
        self._store = AggregateStore.of(EmployeeDocument, Employee, noun="employee", source=ALIAS, clock=clock)

    def get(self, employee_id: str) -> Employee:
        return self._store.get(employee_id)

    def batch_get(self, employee_ids: Sequence[str]) -> Sequence[Employee]:
        return self._store.batch_get(employee_ids)

    def by_subject(self, subject: str) -> Employee | None:
        return self._store.find({"subject": subject}) if subject else None

    def page(self, match: EmployeeFilter, *, today: date, size: int, after: str) -> Page[Employee]:
        query: dict[str, Any] = {}
        if match.unit:
            query["unit"] = match.unit
        if match.external_ref:
            query["external_ref"] = match.external_ref
        if match.manager_id:
            query["assignments.manager_id"] = match.manager_id
            query["$expr"] = {"$eq": [_manager_on(today), match.manager_id]}
        return self._store.page(query, size=size, after=after)

    def managers_on(self, employee_ids: Sequence[str], day: date) -> Mapping[str, str]:
        found = self._store.collection.aggregate(
            [{"$match": {"_id": {"$in": list(employee_ids)}}}, {"$project": {"manager_id": _manager_on(day)}}]
        )
        return {employee["_id"]: employee.get("manager_id") or "" for employee in found}

    def all(self) -> Sequence[Employee]:
        return [self._store.codec.to_aggregate(found) for found in self._store.collection.find({}, {"outbox": 0})]

    def add_many(self, employees: Sequence[Employee]) -> Sequence[Employee]:
        return self._store.add_many(employees)

    def change_many(self, changes: Sequence[tuple[Employee, Employee]]) -> Sequence[Employee]:
        return self._store.change_many(changes)


class MongoFacts:
    """The facts, each recorded once."""

    def __init__(self, clock: Clock) -> None:
        """Write through the alias `kpi`."""
        self._store = AggregateStore.of(FactDocument, Fact, noun="fact", source=ALIAS, clock=clock)

    def record(self, fact: Fact) -> bool:
        try:
            self._store.add(fact)
        except DuplicateKey as error:
            if error.fields != ("_id",):
                raise
            return False
        return True

    def page(self, match: FactFilter, *, size: int, after: str) -> Page[Fact]:
        wanted = {"employee_id": match.employee_id, "indicator": match.indicator, "month": match.month}
        return self._store.page({field: value for field, value in wanted.items() if value}, size=size, after=after)

    def values(self, indicator: Indicator, *, month: str, employee_ids: Sequence[str]) -> Sequence[IndicatorValue]:
        sums = self._store.collection.aggregate(
            [
                {"$match": {"employee_id": {"$in": list(employee_ids)}, "indicator": indicator.key, "month": month}},
                {"$project": {"_id": 0, "employee_id": 1, "numerator": 1, "denominator": 1}},
                {
                    "$group": {
                        "_id": "$employee_id",
                        "numerator": {"$sum": "$numerator"},
                        "denominator": {"$sum": "$denominator"},
                    }
                },
            ]
        )
        found = {each.pop("_id"): each for each in sums}
        return [
            IndicatorValue(employee_id=each, indicator=indicator, month=month, **found.get(each, {}))
            for each in employee_ids
        ]


def _manager_on(day: date) -> dict[str, Any]:
    """The expression of `domain.reporting.manager_on`: assignments are stored in the order of their days."""
    begun = {"$filter": {"input": "$assignments", "as": "each", "cond": {"$lte": ["$$each.since", day.isoformat()]}}}
    return {"$let": {"vars": {"now": {"$last": begun}}, "in": "$$now.manager_id"}}
