"""The rules of points and tiers: one document, made when the first rules are set."""

from collections.abc import Callable
from dataclasses import dataclass

from mongoengine import DateTimeField, DictField, ListField, StringField

from services.care.domain.loyalty.program import PROGRAM_ID, LoyaltyProgram
from services.chassis.aggregates import AggregateDocument, AggregateStore, aggregate_indexes
from services.chassis.clock import Clock


class LoyaltyProgramDocument(AggregateDocument):
    terms = ListField(DictField())
    updated_by = StringField()
    updated_at = DateTimeField()

    meta = {
        "db_alias": "care",
        "collection": "loyalty_programs",
        "auto_create_index": False,
        "indexes": aggregate_indexes(),
    }


@dataclass(frozen=True, slots=True)
class MongoPrograms:
    """The program as people read and change it."""

    store: AggregateStore[LoyaltyProgram]

    @classmethod
    def of(cls, clock: Clock) -> "MongoPrograms":
        return cls(
            AggregateStore.of(
                LoyaltyProgramDocument, LoyaltyProgram, noun="loyalty_program", source="care", clock=clock
            )
        )

    def get(self) -> LoyaltyProgram:
        return self.store.find({"_id": PROGRAM_ID}) or LoyaltyProgram()

    def change(
        self, step: Callable[[LoyaltyProgram], LoyaltyProgram], *, etag: str, request_key: str
    ) -> LoyaltyProgram:
        return self.store.change_only(LoyaltyProgram(), step, etag=etag, request_id=request_key)
