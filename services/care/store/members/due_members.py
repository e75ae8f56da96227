"""Members as the planner reads them: one query by the index of what makes them due, a few fields each."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, assert_never

from pymongo.collection import Collection
from pymongo.database import Database

from services.care.domain.campaigns.due.who import LISTS, Acted, Born, Dated, Everybody, LastActed, Moments, Who
from services.care.domain.campaigns.triggers import DateKind
from services.care.domain.segments.evaluate import Facts
from services.care.domain.sending.recipient import Recipient
from services.care.ports.planning import DueMember, Reach
from services.care.store.members.members import MemberDocument
from services.care.store.sending.recipients import RECIPIENT_FIELDS, doublets_of, had_by, recipients_of
from services.care.store.sending.touches import touches
from services.chassis.migrations import Step
from services.chassis.mongo import collection_of

_PAGE = 1_000
_LIVING: Mapping[str, Any] = {"merged_into_id": {"$not": {"$gt": ""}}, "erased_time": None}
BY_BIRTHDAY, BY_ANCHOR = "by_birthday", "by_anchor"
BY_ACT, BY_ATTRIBUTE = "segments_acts", "segments_attributes"
"""Indexes that the rules of segments ask as well."""


class MongoDueMembers:
    """Reads nobody who is not due."""

    def due(self, who: Who, reach: Reach, *, changed_since: datetime | None) -> Iterator[DueMember]:
        """Yield who is due; with `changed_since` only those of whom something was changed or heard after it."""
        query, index = due_query(who, reach, changed_since=changed_since)
        found = self._members.find(query, _fields(who), batch_size=_PAGE, hint=index)
        comings_of = who.comings
        for each in found:
            if comings := tuple(comings_of(each)):
                yield DueMember(each["_id"], each.get("time_zone") or "", comings)

    def record(self, member_id: str, reach: Reach) -> Facts | None:
        """Return what is stored of one member; None: the campaign does not reach them."""
        return self._members.find_one({"$and": [{"_id": member_id}, *_reached(reach)]})

    def recipients(self, member_ids: Sequence[str]) -> Mapping[str, Recipient]:
        """Return the members that exist, by id, as the policy judges them."""
        members = list(self._members.find({"_id": {"$in": list(member_ids)}}, RECIPIENT_FIELDS))
        doublets = doublets_of(members)
        had = touches().find(*had_by(doublets)) if doublets else ()
        return recipients_of(members, doublets=doublets, had=had)

    @property
    def _members(self) -> Collection[dict[str, Any]]:
        return collection_of(MemberDocument)


def heard_acts(acts: Iterable[str]) -> frozenset[str]:
    """Return which of these acts anybody has done: a look into the index for each."""
    members = collection_of(MemberDocument)
    return frozenset(
        act for act in acts if members.find_one({f"acts.{act}": {"$exists": True}}, {"_id": 1}, hint=BY_ACT)
    )


def due_query(who: Who, reach: Reach, *, changed_since: datetime | None) -> tuple[dict[str, Any], str | None]:
    """Return the query, and the index that leads to those who are due and nobody else; None: the database's choice."""
    query, index = _due(who)
    parts: list[Mapping[str, Any]] = [query, *_reached(reach)]
    if changed_since is not None and index == BY_BIRTHDAY:
        parts.append({"update_time": {"$gt": changed_since}})
    elif changed_since is not None:
        index = None
        parts.append({"$or": [{"update_time": {"$gt": changed_since}}, {"heard_time": {"$gt": changed_since}}]})
    return {"$and": parts}, index


def _reached(reach: Reach) -> Iterator[Mapping[str, Any]]:
    yield _LIVING
    if reach.within is not None:
        yield reach.within
    if reach.without:
        yield {"$nor": list(reach.without)}


def _due(who: Who) -> tuple[dict[str, Any], str | None]:
    match who:
        case Born():
            return {"birthday_key": {"$in": list(who.comings_by_key)}}, BY_BIRTHDAY
        case Everybody():
            return {}, None
        case Acted():
            return _any_of(f"acts.{who.act}", who.spans), BY_ACT
        case LastActed():
            return _any_of(who.path, who.spans), BY_ANCHOR
        case Dated() if who.kind in LISTS:
            path, states = LISTS[who.kind]
            wanted: dict[str, Any] = {"end_date": {"$in": list(who.days)}}
            return {path: {"$elemMatch": wanted | ({"state": {"$in": list(states)}} if states else {})}}, BY_ANCHOR
        case Dated():
            index = BY_ATTRIBUTE if who.kind is DateKind.ATTRIBUTE else BY_ANCHOR
            return {who.path: {"$in": list(who.days)}}, index
        case _:
            assert_never(who)


def _any_of(path: str, spans: Sequence[Moments]) -> dict[str, Any]:
    """One element within one span: a plain range would also find a list with one moment before and one after it."""
    within = [{"$gte": first, "$lt": end} for first, end in spans]
    if path.startswith("acts."):
        tests: list[dict[str, Any]] = [{path: {"$elemMatch": each}} for each in within]
    else:
        tests = [{path: each} for each in within]
    return tests[0] if len(tests) == 1 else {"$or": tests}


def _fields(who: Who) -> dict[str, int]:
    match who:
        case Born():
            return {"time_zone": 1, "birthday_key": 1}
        case Everybody():
            return {"time_zone": 1}
        case Acted():
            return {"time_zone": 1, f"acts.{who.act}": 1}
        case Dated() if who.kind in LISTS:
            return {"time_zone": 1, LISTS[who.kind][0]: 1}
        case Dated() | LastActed():
            return {"time_zone": 1, who.path: 1}
        case _:
            assert_never(who)


def _build_indexes(database: Database[dict[str, Any]]) -> None:
    """Build what mongoengine cannot declare: one index over all else that members can be due by."""
    paths = ("last_acts", "last_act_time", "contracts.end_date", "warranties.end_date", "points_expiry_date")
    members = database["members"]
    members.create_index([("$**", 1)], name=BY_ANCHOR, wildcardProjection=dict.fromkeys(paths, 1))
    members.create_index("heard_time", name="by_heard_time", sparse=True)


STEPS: Sequence[Step] = (("index_what_members_are_due_by", _build_indexes),)
