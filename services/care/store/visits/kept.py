"""Things that are kept under a name of their own: the first change of a thing that came with the product makes it."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Generic, Self, TypeVar

from mongoengine import BooleanField, DateTimeField, DictField, IntField, ListField, StringField

from services.care.domain.visits.agents import CallAgent
from services.care.domain.visits.rules import VisitRule, VisitRuleUnknown
from services.care.domain.visits.scripts import BUILT_IN, CallScript
from services.chassis.aggregates import (
    AggregateDocument,
    AggregateRoot,
    AggregateStore,
    DuplicateKey,
    aggregate_indexes,
)
from services.chassis.clock import Clock
from services.chassis.errors import InvalidField, NotFound, StaleVersion

Thing = TypeVar("Thing", bound=AggregateRoot)


class VisitRuleDocument(AggregateDocument):
    """A rule that was changed."""

    kind = StringField()
    days = IntField()
    enabled = BooleanField()
    means = StringField()
    script_code = StringField()
    skill = StringField()
    window_from = StringField()
    window_to = StringField()
    attempt_rule = DictField()
    update_time = DateTimeField()

    meta = {
        "db_alias": "care",
        "collection": "visit_rules",
        "auto_create_index": False,
        "indexes": [*aggregate_indexes()],
    }


class CallScriptDocument(AggregateDocument):
    """A script of the company's own."""

    title_en = StringField()
    title_zh = StringField()
    text_en = StringField()
    text_zh = StringField()
    update_time = DateTimeField()

    meta = {
        "db_alias": "care",
        "collection": "call_scripts",
        "auto_create_index": False,
        "indexes": [*aggregate_indexes()],
    }


class CallAgentDocument(AggregateDocument):
    """An employee who makes calls."""

    skills = ListField(StringField())
    share = IntField()
    away_from = StringField()
    away_through = StringField()
    active = BooleanField()
    update_time = DateTimeField()

    meta = {
        "db_alias": "care",
        "collection": "call_agents",
        "auto_create_index": False,
        "indexes": [*aggregate_indexes()],
    }


@dataclass(frozen=True, slots=True)
class Kept(Generic[Thing]):
    """The things on record, over those that came with the product."""

    store: AggregateStore[Thing]
    came_with: Mapping[str, Thing]

    def all(self) -> Sequence[Thing]:
        """Return every one, in the order of names."""
        stored = {each["_id"]: self.store.codec.to_aggregate(each) for each in self.store.collection.find()}
        return [thing for _, thing in sorted({**self.came_with, **stored}.items())]

    def find(self, key: str) -> Thing | None:
        """Return it, or None."""
        return self.store.find({"_id": key}) or self.came_with.get(key)

    def put(self, key: str, step: Callable[[Thing | None], Thing], *, etag: str, request_key: str) -> Thing:
        """Store what the step makes of what is there, or of None.

        A repeated request takes no second step. The version of what came with the product is 0. Refuses with
        STALE_VERSION, and with INVALID_FIELD a request id that was used for another key.
        """
        try:
            if self.store.find({"_id": key}) is None:
                if etag and etag != "0":
                    raise StaleVersion(self.store.noun, key)
                first: Any = step(self.came_with.get(key))
                with suppress(DuplicateKey):  # somebody else's came first: ours is the next
                    return self._own(key, self.store.add(replace(first, version=1), request_key))
            return self.store.change(key, step, etag=etag, request_id=request_key)
        except DuplicateKey as error:
            raise self._used_elsewhere() from error

    def _own(self, key: str, stored: Thing) -> Thing:
        if stored.id != key:
            raise self._used_elsewhere()
        return stored

    def _used_elsewhere(self) -> InvalidField:
        return InvalidField("request_id", f"request_id was used for another {self.store.noun}.")

    @classmethod
    def of(
        cls,
        document: type[AggregateDocument],
        thing: type[Thing],
        *,
        noun: str,
        clock: Clock,
        came_with: Mapping[str, Thing],
    ) -> Self:
        return cls(AggregateStore.of(document, thing, noun=noun, source="care", clock=clock), came_with)


class MongoVisitRules(Kept[VisitRule]):
    """Rules by event."""

    def get(self, event: str) -> VisitRule:
        found = self.find(event)
        if found is None:
            raise VisitRuleUnknown(event)
        return found


class MongoCallScripts(Kept[CallScript]):
    """Scripts by code."""

    def get(self, code: str) -> CallScript:
        found = self.find(code)
        if found is None:
            raise NotFound.of("call_script", code)
        return found


class MongoCallAgents(Kept[CallAgent]):
    """Agents by the employee's id."""

    def get(self, agent_id: str) -> CallAgent:
        """Return the agent; of whom nothing was said can do whatever needs no skill."""
        return self.find(agent_id) or CallAgent(id=agent_id)


def call_scripts(clock: Clock) -> MongoCallScripts:
    return MongoCallScripts.of(CallScriptDocument, CallScript, noun="call_script", clock=clock, came_with=BUILT_IN)


def call_agents(clock: Clock) -> MongoCallAgents:
    return MongoCallAgents.of(CallAgentDocument, CallAgent, noun="call_agent", clock=clock, came_with={})


def visit_rules(clock: Clock, came_with: Mapping[str, VisitRule]) -> MongoVisitRules:
    return MongoVisitRules.of(VisitRuleDocument, VisitRule, noun="visit_rule", clock=clock, came_with=came_with)
