"""Providers in MongoDB."""

from collections.abc import Callable, Sequence

from mongoengine import BooleanField, DateTimeField, DictField, IntField, ListField, StringField

from services.care.domain.channels import Channel
from services.care.domain.providers.provider import Provider
from services.chassis.aggregates import AggregateDocument, AggregateStore, DuplicateKey, aggregate_indexes
from services.chassis.clock import Clock
from services.chassis.errors import InvalidField
from services.chassis.paging import Page


class ProviderDocument(AggregateDocument):
    """A provider, without its secrets."""

    channel = StringField()
    kind = StringField()
    name = StringField()
    settings = DictField()
    secrets = DictField()
    priority = IntField()
    per_second = IntField()
    per_minute = IntField()
    per_day = IntField()
    number_limits = ListField(DictField())
    enabled = BooleanField()
    pause = DictField()
    created_at = DateTimeField()
    updated_at = DateTimeField()
    updated_by = StringField()

    meta = {
        "db_alias": "care",
        "collection": "providers",
        "auto_create_index": False,
        "indexes": [*aggregate_indexes()],
    }


class MongoProviders:
    """The providers on record: a handful."""

    def __init__(self, clock: Clock) -> None:
        self._store = AggregateStore.of(ProviderDocument, Provider, noun="provider", source="care", clock=clock)

    def add(self, provider: Provider, *, request_key: str) -> Provider:
        return self._store.add(provider, request_key)

    def change(
        self, provider_id: str, step: Callable[[Provider], Provider], *, etag: str, request_key: str
    ) -> Provider:
        try:
            return self._store.change(provider_id, step, etag=etag, request_id=request_key)
        except DuplicateKey as error:
            raise InvalidField("request_id", "request_id was used for another provider.") from error

    def batch_get(self, provider_ids: Sequence[str]) -> Sequence[Provider]:
        return self._store.batch_get(provider_ids)

    def page(self, channel: Channel | None, *, size: int, after: str) -> Page[Provider]:
        return self._store.page({"channel": channel.value} if channel else {}, size=size, after=after)

    def carried(self) -> frozenset[str]:
        return frozenset(self._store.collection.distinct("channel", {"enabled": True}))
