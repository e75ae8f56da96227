"""Service plans in MongoDB."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from mongoengine import DateTimeField, DictField, IntField, ListField, StringField

from services.care.domain.results.service_plan import PlanExists, ServicePlan
from services.care.ports.service_plans import PlanFilter
from services.chassis.aggregates import AggregateDocument, AggregateStore, DuplicateKey, aggregate_indexes
from services.chassis.clock import Clock
from services.chassis.codec import readable
from services.chassis.errors import InvalidField
from services.chassis.paging import Page


class ServicePlanDocument(AggregateDocument):
    """A plan."""

    customer_id = StringField(required=True)
    year = IntField(required=True)
    title = StringField()
    start = StringField()
    items = ListField(DictField())
    managers = ListField(DictField())
    ended_at = DateTimeField()
    copied_from = StringField()
    create_time = DateTimeField()

    meta = {
        "db_alias": "care",
        "collection": "service_plans",
        "auto_create_index": False,
        "indexes": [
            *aggregate_indexes(),
            {"fields": ["customer_id", "id"], "name": "by_customer", "cls": False},
            {"fields": ["year", "id"], "name": "by_year", "cls": False},
        ],
    }


class MongoServicePlans:
    """The plans on record."""

    def __init__(self, clock: Clock) -> None:
        self._store = AggregateStore.of(
            ServicePlanDocument, ServicePlan, noun="service_plan", source="care", clock=clock
        )

    def add(self, plan: ServicePlan, *, request_key: str) -> ServicePlan:
        come = {"customer_id": plan.customer_id, "year": plan.year, "_id": {"$ne": plan.id}}
        if there := self._store.collection.find_one(come, {"_id": 1}):
            raise PlanExists(there["_id"])
        try:
            return self._store.add(plan, request_key)
        except DuplicateKey as error:
            raise PlanExists(plan.id) from error

    def get(self, plan_id: str) -> ServicePlan:
        return self._store.get(plan_id)

    def batch_get(self, plan_ids: Sequence[str]) -> list[ServicePlan]:
        return self._store.batch_get(plan_ids)

    def page(self, match: PlanFilter, *, size: int, after: str) -> Page[ServicePlan]:
        query: dict[str, Any] = {}
        if match.customer_id:
            query["customer_id"] = match.customer_id
        if match.year:
            query["year"] = match.year
        if match.manager_id:
            last = {"$arrayElemAt": ["$managers.manager_id", -1]}
            query["$expr"] = {"$eq": [last, match.manager_id]}
        return self._store.page(query, size=size, after=after)

    def linked_to(self, customer_id: str, *, most: int) -> Sequence[str]:
        found = self._store.collection.find({"customer_id": customer_id}, {"_id": 1}, limit=most)
        return [each["_id"] for each in found]

    def of_years(self, years: Sequence[int]) -> Iterator[ServicePlan]:
        found = self._store.collection.find({"year": {"$in": list(years)}})
        return readable(found, self._store.codec.to_aggregate, collection="service_plans")

    def change(
        self, plan_id: str, step: Callable[[ServicePlan], ServicePlan], *, etag: str, request_key: str
    ) -> ServicePlan:
        try:
            return self._store.change(plan_id, step, etag=etag, request_id=request_key)
        except DuplicateKey as error:
            raise InvalidField("request_id", "request_id was used for another service plan.") from error
