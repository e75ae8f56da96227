"""Campaigns, and the cursor that says how far each is planned."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from mongoengine import DateTimeField, DictField, Document, IntField, ListField, LongField, StringField
from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from services.care.domain.campaigns.campaign import Campaign, CampaignState
from services.care.ports.campaigns import PlanCursor
from services.chassis.aggregates import AggregateDocument, AggregateStore, DuplicateKey, aggregate_indexes
from services.chassis.clock import Clock
from services.chassis.codec import readable
from services.chassis.errors import InvalidField
from services.chassis.mongo import collection_of
from services.chassis.paging import Page


class CampaignDocument(AggregateDocument):
    name = StringField()
    plan = DictField()
    author = StringField()
    approver = StringField()
    state = StringField()
    created_at = DateTimeField()
    updated_at = DateTimeField()
    started_at = DateTimeField()
    plan_version = IntField()
    submitted_by = StringField()
    submitted_at = DateTimeField()
    versions = ListField(DictField())
    revision = DictField(null=True)
    notes = ListField(DictField())
    cloned_from = StringField()
    winner = StringField()
    finished_at = DateTimeField()

    meta = {
        "db_alias": "care",
        "collection": "campaigns",
        "auto_create_index": False,
        "indexes": [{"fields": ["state", "id"], "cls": False}, *aggregate_indexes()],
    }


class PlanCursorDocument(Document):
    id = StringField(primary_key=True)
    planned_through = StringField()
    swept_at = DateTimeField()
    token = LongField()

    meta = {"db_alias": "care", "collection": "plan_cursors", "auto_create_index": False}


@dataclass(frozen=True, slots=True)
class MongoCampaigns:
    """Campaigns as aggregates."""

    store: AggregateStore[Campaign]

    @classmethod
    def of(cls, clock: Clock) -> "MongoCampaigns":
        return cls(AggregateStore.of(CampaignDocument, Campaign, noun="campaign", source="care", clock=clock))

    def add(self, campaign: Campaign, request_id: str) -> Campaign:
        return self.store.add(campaign, request_id)

    def get(self, campaign_id: str) -> Campaign:
        return self.store.get(campaign_id)

    def batch_get(self, campaign_ids: Sequence[str]) -> list[Campaign]:
        return self.store.batch_get(campaign_ids)

    def page(self, state: CampaignState | None, *, size: int, after: str) -> Page[Campaign]:
        return self.store.page({"state": state.value} if state else {}, size=size, after=after)

    def change(self, campaign_id: str, step: Callable[[Campaign], Campaign], *, etag: str, request_id: str) -> Campaign:
        try:
            return self.store.change(campaign_id, step, etag=etag, request_id=request_id)
        except DuplicateKey as error:
            raise InvalidField("request_id", "request_id was used for another campaign.") from error

    def running(self) -> list[Campaign]:
        found = self.store.collection.find({"state": CampaignState.RUNNING.value}).sort("_id", 1)
        return list(readable(found, self.store.codec.to_aggregate, collection="campaigns"))


class MongoPlanCursors:
    """One document a campaign, beside the aggregate: a person's change and the planner's never meet."""

    def get(self, campaign_id: str) -> PlanCursor:
        return _cursor(self._collection.find_one({"_id": campaign_id}))

    def through(self, campaign_ids: Sequence[str]) -> dict[str, str]:
        """Return how far each campaign is planned; one that never was is left out."""
        found = self._collection.find({"_id": {"$in": list(campaign_ids)}}, {"planned_through": 1})
        return {each["_id"]: each["planned_through"] for each in found}

    def advance(self, campaign_id: str, through: date, *, swept_at: datetime, token: int) -> bool:
        fence = {"_id": campaign_id, "token": {"$lte": token}, "planned_through": {"$lte": through.isoformat()}}
        update = {"$set": {"token": token, "planned_through": through.isoformat(), "swept_at": swept_at}}
        try:
            # An upsert that finds no cursor at all makes the first; one that finds a newer cursor collides with it.
            self._collection.update_one(fence, update, upsert=True)
        except DuplicateKeyError:
            return False
        return True

    @property
    def _collection(self) -> Collection[dict[str, Any]]:
        return collection_of(PlanCursorDocument)


def _cursor(found: dict[str, Any] | None) -> PlanCursor:
    if found is None:
        return PlanCursor(None, None)
    return PlanCursor(date.fromisoformat(found["planned_through"]), found["swept_at"])
