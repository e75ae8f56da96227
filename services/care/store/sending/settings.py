"""The company's rules for sending: one document, made when the first rule is set."""

from collections.abc import Callable
from dataclasses import dataclass

from mongoengine import DateTimeField, DictField, ListField, StringField

from services.care.domain.sending.settings import SETTINGS_ID, SendingSettings
from services.chassis.aggregates import AggregateDocument, AggregateStore, aggregate_indexes
from services.chassis.clock import Clock


class SendingSettingsDocument(AggregateDocument):
    quiet = ListField(DictField())
    caps = ListField(DictField())
    capped_since = DateTimeField()
    stop = DictField()
    updated_at = DateTimeField()
    updated_by = StringField()

    meta = {
        "db_alias": "care",
        "collection": "sending_settings",
        "auto_create_index": False,
        "indexes": aggregate_indexes(),
    }


@dataclass(frozen=True, slots=True)
class MongoSendingSettings:
    """The rules as people read and change them."""

    store: AggregateStore[SendingSettings]

    @classmethod
    def of(cls, clock: Clock) -> "MongoSendingSettings":
        store = AggregateStore.of(
            SendingSettingsDocument, SendingSettings, noun="sending_settings", source="care", clock=clock
        )
        return cls(store)

    def get(self) -> SendingSettings:
        return self.store.find({"_id": SETTINGS_ID}) or SendingSettings()

    def change(
        self, step: Callable[[SendingSettings], SendingSettings], *, etag: str, request_key: str
    ) -> SendingSettings:
        return self.store.change_only(SendingSettings(), step, etag=etag, request_id=request_key)
