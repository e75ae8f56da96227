"""What came of a campaign, counted in the database; all counts of a report are of the same moment.

Messages are found by the campaign and the day of the occasion, words of providers and of members by the message, what a
member did by the member's id.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pymongo.client_session import ClientSession

from services.care.domain.campaigns.plan import Goal
from services.care.domain.results.funnel import Cell
from services.care.domain.results.lift import Outcome
from services.care.domain.sending.reasons import Reason
from services.care.domain.sending.receipts import ReceiptKind
from services.care.domain.sending.touch import TouchState
from services.care.ports.results import CampaignCounts, ResultsQuestion
from services.care.store.sending.touches import touches

_ARRIVED = [TouchState.SENT.value, TouchState.DELIVERED.value]
_DAY_MS = 86_400_000
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
    "opened": ReceiptKind.OPENED,
    "clicked": ReceiptKind.CLICKED,
    "replied": ReceiptKind.REPLIED,
    "complained": ReceiptKind.COMPLAINED,
}
_Stage = dict[str, Any]


class MongoCampaignOutcomes:
    """Reads from a snapshot, so that messages which leave meanwhile are in all counts or in none."""

    def count(self, question: ResultsQuestion) -> CampaignCounts:
        with touches().database.client.start_session(snapshot=True) as session:
            cells = _cells(question, session)
            answers: dict[Cell, dict[str, Any]] = {}
            for pipeline in _answer_pipelines(question):
                for found in touches().aggregate(pipeline, session=session):
                    answers.setdefault(_cell(found["_id"]), {}).update(found["counts"])
            treated, control = _groups(question, session)
        counted = [replace(each, **answers.get(replace(each, count=0), {})) for each in cells]
        return CampaignCounts(counted, treated, control)

    def cells(self, question: ResultsQuestion) -> Sequence[Cell]:
        return _cells(question, None)


def of_campaign(question: ResultsQuestion) -> _Stage:
    """Return what finds the messages, by the index of a campaign's messages."""
    days = {}
    if question.first_date:
        days["$gte"] = question.first_date.isoformat()
    if question.last_date:
        days["$lte"] = question.last_date.isoformat()
    return {"campaign_id": question.campaign_id, **({"date": days} if days else {})}


def _cells(question: ResultsQuestion, session: ClientSession | None) -> list[Cell]:
    found = touches().aggregate(
        [{"$match": of_campaign(question)}, {"$group": {"_id": _KEY, "count": {"$sum": 1}}}], session=session
    )
    return [replace(_cell(each["_id"]), count=each["count"]) for each in found]


def _cell(key: Mapping[str, Any]) -> Cell:
    return Cell(**{**key, "state": TouchState(key["state"])}, count=0)


def _answer_pipelines(question: ResultsQuestion) -> list[list[_Stage]]:
    """Return what counts words of providers, words of members, and goals, each by cell."""
    asked, as_of = of_campaign(question), question.as_of
    # Whatever a provider says of a message makes it delivered or failed: only of these anything was told.
    told = {"$in": [TouchState.DELIVERED.value, TouchState.FAILED.value]}
    word = {"$and": [{"$eq": ["$$word.touch_id", "$_id"]}, {"$lte": ["$$word.at", as_of]}]}
    spoken = {"$reduce": {"input": "$told.words", "initialValue": [], "in": {"$concatArrays": ["$$value", "$$this"]}}}
    kinds = {
        "$map": {"input": {"$filter": {"input": spoken, "as": "word", "cond": word}}, "as": "word", "in": "$$word.kind"}
    }
    receipts: list[_Stage] = [
        {"$match": {**asked, "state": told}},
        _lookup("receipts", local="_id", foreign="words.touch_id"),
        {"$match": {"told.0": {"$exists": True}}},
        {"$set": {"kinds": kinds}},
        _group({name: {"$in": [kind.value, "$kinds"]} for name, kind in _TOLD.items()}),
        _nested(_TOLD),
    ]
    withdrawn = {"$match": {"granted": False, "recorded_time": {"$lte": as_of}}}
    unsubscribed: list[_Stage] = [
        {"$match": {**asked, "state": {"$in": [*_ARRIVED, TouchState.FAILED.value]}}},
        _lookup(
            "consents", local="_id", foreign="touch_id", pipeline=[withdrawn, {"$limit": 1}, {"$project": {"_id": 1}}]
        ),
        {"$match": {"told.0": {"$exists": True}}},
        _group({"unsubscribed": True}),
        _nested({"unsubscribed": None}),
    ]
    return [receipts, unsubscribed, *([_goals(question, question.goal)] if question.goal else [])]


def _goals(question: ResultsQuestion, goal: Goal) -> list[_Stage]:
    return [
        {"$match": {**of_campaign(question), "state": {"$in": _ARRIVED}}},
        _acts("member_id", goal),
        {"$match": {"told.0.acts.0": {"$exists": True}}},
        {"$set": {"moments": ["$due_at"]}},
        _group({"goal_reached": _reached(goal, question)}),
        _nested({"goal_reached": None}),
    ]


def _groups(question: ResultsQuestion, session: ClientSession) -> tuple[Outcome, Outcome]:
    """Return the members who were due and those of the control group; a message that stands in is no new one."""
    if question.goal is None:
        return Outcome(), Outcome()
    window = question.goal.window_days * _DAY_MS
    held = {"$cond": [{"$eq": ["$reason", Reason.HOLDOUT.value]}, 1, 0]}
    open_window = {"$gt": [{"$add": [{"$max": "$moments"}, window]}, question.as_of]}
    due = {**of_campaign(question), "due_at": {"$lte": question.as_of}, "fallback_of": {"$in": ["", None]}}
    found = touches().aggregate(
        [
            {"$match": due},
            {"$group": {"_id": "$member_id", "held": {"$min": held}, "moments": {"$push": "$due_at"}}},
            _acts("_id", question.goal),
            {
                "$group": {
                    "_id": "$held",
                    "members": {"$sum": 1},
                    "converted": {"$sum": {"$cond": [_reached(question.goal, question), 1, 0]}},
                    "open_windows": {"$sum": {"$cond": [open_window, 1, 0]}},
                }
            },
        ],
        session=session,
    )
    of = {each["_id"]: Outcome(each["members"], each["converted"], each["open_windows"]) for each in found}
    return of.get(0, Outcome()), of.get(1, Outcome())


def _lookup(source: str, *, local: str, foreign: str, pipeline: Sequence[_Stage] = ()) -> _Stage:
    return {
        "$lookup": {
            "from": source,
            "localField": local,
            "foreignField": foreign,
            "pipeline": list(pipeline),
            "as": "told",
        }
    }


def _acts(local: str, goal: Goal) -> _Stage:
    return _lookup(
        "members", local=local, foreign="_id", pipeline=[{"$project": {"_id": 0, "acts": f"$acts.{goal.act}"}}]
    )


def _reached(goal: Goal, question: ResultsQuestion) -> _Stage:
    """Return whether an act until now follows one of the moments within the window of the goal."""
    since = {"$subtract": ["$$act", "$$moment"]}
    within = {"$and": [{"$gte": [since, 0]}, {"$lte": [since, goal.window_days * _DAY_MS]}]}
    known = {"$lte": ["$$act", question.as_of]}
    soon = {"$anyElementTrue": [{"$map": {"input": "$moments", "as": "moment", "in": within}}]}
    acts = {"$ifNull": [{"$first": "$told.acts"}, []]}
    return {"$anyElementTrue": [{"$map": {"input": acts, "as": "act", "in": {"$and": [known, soon]}}}]}


def _group(counts: Mapping[str, Any]) -> _Stage:
    sums = {name: {"$sum": {"$cond": [condition, 1, 0]}} for name, condition in counts.items()}
    return {"$group": {"_id": _KEY, **sums}}


def _nested(names: Mapping[str, Any]) -> _Stage:
    return {"$project": {"counts": {name: f"${name}" for name in names}}}
