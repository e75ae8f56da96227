"""What came of a campaign, counted from the ledger; all counts of a report are of the same moment.

Messages are found by the campaign and the day of the occasion, words of providers and of members by the message, what a
member did by the member's id: a block at a time, for a campaign may have a million of them.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from pymongo.client_session import ClientSession

from services.care.domain.campaigns.plan import Goal
from services.care.domain.results.funnel import Cell
from services.care.domain.results.lift import Outcome
from services.care.domain.sending.reasons import Reason
from services.care.domain.sending.receipts import ReceiptKind
from services.care.domain.sending.touch import TouchState
from services.care.ports.results import CampaignCounts, ResultsQuestion
from services.care.store.members.consents import ConsentDocument
from services.care.store.results.followed import AT_ONCE, followed
from services.care.store.sending.receipts import ReceiptsDocument
from services.care.store.sending.touches import OF_CAMPAIGN, touches
from services.chassis.mongo import collection_of

_ARRIVED = frozenset({TouchState.SENT.value, TouchState.DELIVERED.value})
_FAILED = TouchState.FAILED.value
_HEARD_OF = frozenset({TouchState.DELIVERED.value, _FAILED})
"""Whatever a provider says of a message makes it delivered or failed: only of these anything was told."""
_CELL = ("channel", "variant", "version", "date", "state", "reason", "fallback_of")
_KEY: Mapping[str, Any] = {
    "channel": "$channel",
    "variant": {"$ifNull": ["$variant", ""]},
    "version": {"$ifNull": ["$version", 1]},
    "date": "$date",
    "state": "$state",
    "reason": {"$ifNull": ["$reason", ""]},
    "stand_in": {"$gt": ["$fallback_of", ""]},
}
_TOLD = {
    ReceiptKind.OPENED.value: "opened",
    ReceiptKind.CLICKED.value: "clicked",
    ReceiptKind.REPLIED.value: "replied",
    ReceiptKind.COMPLAINED.value: "complained",
}
_Stage = dict[str, Any]
_Answers = defaultdict[Cell, Counter[str]]
"""How many messages that are alike were answered in which way."""


class MongoCampaignOutcomes:
    """Reads from a snapshot, so that messages which leave meanwhile are in all counts or in none."""

    def count(self, question: ResultsQuestion) -> CampaignCounts:
        answers: _Answers = defaultdict(Counter)
        with touches().database.client.start_session(snapshot=True) as session:
            cells = _cells(question, session)
            _count_words(question, answers, session=session)
            treated, control = _count_goals(question, answers, session=session)
        return CampaignCounts([_answered(each, answers) for each in cells], treated, control)

    def skips(self, question: ResultsQuestion) -> Mapping[str, int]:
        skipped = {**of_campaign(question), "state": TouchState.SKIPPED.value}
        found = touches().aggregate(
            [
                {"$match": skipped},
                {"$group": {"_id": "$reason", "count": {"$sum": 1}}},
                {"$sort": {"count": -1, "_id": 1}},
            ]
        )
        return {each["_id"]: each["count"] for each in found}


def of_campaign(question: ResultsQuestion) -> _Stage:
    """Return what finds the messages, by the index of a campaign's messages."""
    days = {}
    if question.first_date:
        days["$gte"] = question.first_date.isoformat()
    if question.last_date:
        days["$lte"] = question.last_date.isoformat()
    return {"campaign_id": question.campaign_id, **({"date": days} if days else {})}


def _cells(question: ResultsQuestion, session: ClientSession) -> list[Cell]:
    found = touches().aggregate(
        [{"$match": of_campaign(question)}, {"$group": {"_id": _KEY, "count": {"$sum": 1}}}], session=session
    )
    return [Cell(**{**each["_id"], "state": TouchState(each["_id"]["state"])}, count=each["count"]) for each in found]


def _cell(found: Mapping[str, Any]) -> Cell:
    """Return the cell that a message is counted in."""
    return Cell(
        channel=found["channel"],
        variant=found.get("variant") or "",
        version=found.get("version") or 1,
        date=found["date"],
        state=TouchState(found["state"]),
        reason=found.get("reason") or "",
        stand_in=bool(found.get("fallback_of")),
        count=0,
    )


def _answered(cell: Cell, answers: _Answers) -> Cell:
    counts: Mapping[str, Any] = answers.get(replace(cell, count=0), {})
    return replace(cell, **counts)


def _count_words(question: ResultsQuestion, answers: _Answers, *, session: ClientSession) -> None:
    """Count what was said of messages; for those of which nothing was said no more than the index is read."""
    left = {**of_campaign(question), "state": {"$in": sorted({*_ARRIVED, _FAILED})}}
    found = touches().find(left, {"state": 1}, hint=OF_CAMPAIGN, batch_size=AT_ONCE, session=session)
    while some := list(islice(found, AT_ONCE)):
        told: defaultdict[str, set[str]] = defaultdict(set)
        for touch_id, answer in _told(some, question, session=session):
            told[touch_id].add(answer)
        if told:
            wanted = {"_id": {"$in": list(told)}}
            for each in touches().find(wanted, dict.fromkeys(_CELL, 1), session=session):
                answers[_cell(each)].update(told[each["_id"]])


def _told(
    some: Collection[Mapping[str, Any]], question: ResultsQuestion, *, session: ClientSession
) -> Iterator[tuple[str, str]]:
    """Yield message and answer, as often as it was said."""
    heard_of = {each["_id"] for each in some if each["state"] in _HEARD_OF}
    by_now = {"$lte": question.as_of}
    word = {"touch_id": {"$in": list(heard_of)}, "kind": {"$in": list(_TOLD)}, "at": by_now}
    receipts = collection_of(ReceiptsDocument).find({"words": {"$elemMatch": word}}, {"words": 1}, session=session)
    for each in (word for receipt in receipts for word in receipt["words"]):
        if each["touch_id"] in heard_of and each["kind"] in _TOLD and each["at"] <= question.as_of:
            yield each["touch_id"], _TOLD[each["kind"]]
    withdrawn = {"touch_id": {"$in": [each["_id"] for each in some]}, "granted": False, "recorded_time": by_now}
    for each in collection_of(ConsentDocument).find(withdrawn, {"touch_id": 1}, session=session):
        yield each["touch_id"], "unsubscribed"


def _count_goals(question: ResultsQuestion, answers: _Answers, *, session: ClientSession) -> tuple[Outcome, Outcome]:
    """Count the messages that the goal followed; return the members who were due and those of the control group."""
    goal, groups = question.goal, {True: Counter[str](), False: Counter[str]()}
    if goal is None:
        return Outcome(), Outcome()
    for messages, acts in followed(of_campaign(question), act=goal.act, fields=_CELL, session=session):
        known = [act for act in acts if act <= question.as_of]
        for each in messages if known else ():
            if each["state"] in _ARRIVED and goal.is_reached(known, after=[each["due_at"]]):
                answers[_cell(each)]["goal_reached"] += 1
        # A message that stands in for another is no new one.
        if due := [each for each in messages if each["due_at"] <= question.as_of and not each.get("fallback_of")]:
            held_out = all(each.get("reason") == Reason.HOLDOUT for each in due)
            groups[held_out].update(_member(due, known, goal=goal, question=question))
    return Outcome(**groups[False]), Outcome(**groups[True])


def _member(
    due: Sequence[Mapping[str, Any]], acts: Sequence[datetime], *, goal: Goal, question: ResultsQuestion
) -> Mapping[str, int]:
    moments = [each["due_at"] for each in due]
    window = timedelta(days=goal.window_days)
    return {
        "members": 1,
        "converted": int(goal.is_reached(acts, after=moments)),
        "open_windows": int(max(moments) + window > question.as_of),
    }
