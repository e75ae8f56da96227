"""S1 and S2: how many members a segment has, and a page of them, out of all."""

import statistics
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from pymongo.database import Database

from bench.measure import Figure, alternate
from services.care.domain.channels import Channel, Purpose
from services.care.domain.segments.evaluate import Asked
from services.care.domain.segments.rules import (
    ActRule,
    AllOf,
    ConsentRule,
    ContractRule,
    ContractState,
    NoneOf,
    NumberField,
    NumberRule,
    ProfileField,
    ProfileRule,
    Rule,
    TagRule,
    TierRule,
)
from services.care.domain.segments.windows import DateWindow, Today
from services.care.store.segments.segment_members import MongoSegmentMembers
from services.chassis.clock import SystemClock

_ZONE = "Asia/Shanghai"
_COUNTS, _PAGES, _PAGE = 10, 40, 50
_MOST_SECONDS, _MOST_PAGE_SECONDS = 2.0, 0.3

NARROW: Rule = AllOf(
    (
        TierRule(("gold",)),
        NumberRule(NumberField.POINTS, 500),
        ContractRule((ContractState.ACTIVE,), DateWindow(next_days=60)),
        NoneOf((ActRule("visit_completed", 1, days=90),)),
    )
)
"""Gold members whose contract ends soon and whom nobody visited: 1 in some hundreds, found by an index."""
BROAD: Rule = AllOf(
    (
        ConsentRule(Channel.EMAIL, Purpose.CARE),
        ProfileRule(ProfileField.TIME_ZONE, ("Asia/Shanghai",)),
        NoneOf((TagRule(("vip",)),)),
    )
)
"""Most members; no index can help, everybody is looked at."""


def count(database: Database[dict[str, Any]], pids: Sequence[int]) -> Figure:
    """Measure S1."""
    members, asked = MongoSegmentMembers(), _asked()
    query = _by_hand(asked.today.now)

    def ours() -> int:
        for _ in range(_COUNTS):
            members.count(NARROW, asked)
        return _COUNTS

    def reference() -> int:
        for _ in range(_COUNTS):
            database["members"].count_documents(query)
        return _COUNTS

    assert members.count(NARROW, asked) == database["members"].count_documents(query)
    ours_us, reference_us = alternate(ours, reference, pids=pids)
    narrow, broad = _seconds(lambda: members.count(NARROW, asked)), _seconds(lambda: members.count(BROAD, asked))
    total = database["members"].estimated_document_count()
    found = members.count(NARROW, asked), members.count(BROAD, asked)
    return Figure(
        "S1",
        f"count a segment of five tests out of {total:,} members",
        "pymongo count_documents of the query written by hand",
        "<= 1.5x; <= 2 s for any segment",
        ours_us,
        reference_us,
        notes=f"{found[0]:,} by an index in {narrow:.2f} s; {found[1]:,}, everybody looked at, in {broad:.2f} s",
        holds=statistics.median(ours_us) <= 1.5 * statistics.median(reference_us)
        and max(narrow, broad) <= _MOST_SECONDS,
    )


def page(database: Database[dict[str, Any]], pids: Sequence[int]) -> Figure:
    """Measure S2: pages of the broad and the narrow segment, from their beginnings and on."""
    members, asked = MongoSegmentMembers(), _asked()
    taken: list[float] = []

    def ours() -> int:
        for rule in (NARROW, BROAD):
            after = ""
            for _ in range(_PAGES // 2):
                begun = time.perf_counter()
                found = members.page(rule, asked, size=_PAGE, after=after)
                taken.append(time.perf_counter() - begun)
                after = found.next_token
        return _PAGES

    def reference() -> int:
        after = ""
        for _ in range(_PAGES):
            found = database["members"].find({"_id": {"$gt": after}}, {"_id": 1}).sort("_id", 1).limit(_PAGE + 1)
            after = list(found)[-1]["_id"]
        return _PAGES

    ours_us, reference_us = alternate(ours, reference, pids=pids)
    p95 = statistics.quantiles(taken, n=20)[-1]
    return Figure(
        "S2",
        f"a page of {_PAGE} members of a segment",
        "a page of all members, by id",
        "p95 <= 300 ms",
        ours_us,
        reference_us,
        notes=f"p95 {p95 * 1000:.0f} ms",
        holds=p95 <= _MOST_PAGE_SECONDS,
    )


def _asked() -> Asked:
    return Asked(Today(SystemClock().now(), _ZONE), {})


def _by_hand(now: datetime) -> dict[str, Any]:
    today = Today(now, _ZONE).day
    ends = {"$gte": today.isoformat(), "$lte": (today + timedelta(days=60)).isoformat()}
    return {
        "tier": "gold",
        "points": {"$gte": 500},
        "contracts": {"$elemMatch": {"state": "active", "end_date": ends}},
        "acts.visit_completed": {"$not": {"$gte": now - timedelta(days=90)}},
        "merged_into_id": {"$not": {"$gt": ""}},
        "erased_time": None,
    }


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
