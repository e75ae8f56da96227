"""R4 for points: parallel redemptions of the last ones; an expiry of many accounts that is killed again and again."""

import random
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

from pymongo import MongoClient
from pymongo.database import Database

from deploy.local import keys
from deploy.local.mongod import Mongod
from services.care import app
from services.care.config import Settings
from services.care.domain.loyalty.refusals import PointsNotEnough
from services.care.store.loyalty.ledger import MongoPointsLedger
from services.care.store.loyalty.program import MongoPrograms
from services.care.usecases.loyalty.post_points import Order, PostPoints
from services.chassis import mongo
from services.chassis.clock import SystemClock
from services.chassis.ids import derived_id
from tests.integration.rpc_process import RpcProcess
from tests.integration.waiting import wait_until
from tests.soak.figures import Figure, show

ZONE = "Asia/Shanghai"
_AT_ONCE, _TRIES = 16, 50
_BATCH = 10_000
_ENDED, _KEPT = 30, 50
_PATIENCE = 7_200.0


def redeem(*, members: int) -> bool:
    """Let many redeem the last points of each member at once; return whether one of them won each time."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        server = Mongod(Path(folder) / "db").start()
        try:
            app.migrate(Settings(mongo_url=server.url, care_database="care"))
            clock = SystemClock()
            post = PostPoints(MongoPointsLedger(clock), MongoPrograms.of(clock), clock, ZONE)
            people = [derived_id("mem", str(number)) for number in range(members)]
            mongo.handle(app.ALIAS)["members"].insert_many([{"_id": member} for member in people])
            outcomes = [_outcomes(post, member) for member in people]
        finally:
            mongo.disconnect(app.ALIAS)
            server.kill9()
    figures = [
        Figure("members whose last points were redeemed once", members, sum(each["won"] == 1 for each in outcomes)),
        Figure("redemptions refused", members * (_TRIES - 1), sum(each["refused"] for each in outcomes)),
    ]
    told = f"{members} members, {_TRIES} redemptions each, {_AT_ONCE} at once, {time.monotonic() - began:.0f} s"
    return show("R4: parallel redemption of the last points", told, figures=figures)


def _outcomes(post: PostPoints, member: str) -> Counter[str]:
    post.earn(Order(member_id=member, key="order", reason="order", by="ops"), 100, expires_on=None)

    def try_it(number: int) -> str:
        try:
            post.redeem(Order(member_id=member, key=f"mug:{number}", reason="mug", by="ops"), 100)
        except PointsNotEnough:
            return "refused"
        return "won"

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return Counter(pool.map(try_it, range(_TRIES)))


def expire(*, accounts: int, kills: int, seed: int) -> bool:
    """Kill the job that strikes off ended points; return whether everybody lost what had ended, once."""
    began, chance = time.monotonic(), random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        server = Mongod(Path(folder) / "db").start()
        jobs = _jobs(Path(folder), server.url)
        try:
            with MongoClient[dict[str, Any]](server.url) as client:
                database = client[jobs.env["CARE_DATABASE"]]
                _fill(database, accounts)
                loaded = time.monotonic()
                _killed_and_ended(jobs, database, accounts=accounts, kills=kills, chance=chance)
                figures = _figures(database, accounts)
        finally:
            jobs.kill()
            server.kill9()
    told = f"{kills} kills, seed {seed}, loaded in {loaded - began:.0f} s, ended in {time.monotonic() - loaded:.0f} s"
    return show("R4: an expiry that is killed again and again", told, figures=figures)


def _jobs(folder: Path, mongo_url: str) -> RpcProcess:
    name = f"care_{uuid4().hex[:8]}"
    app.migrate(Settings(mongo_url=mongo_url, care_database=name))
    mongo.disconnect(app.ALIAS)
    made = keys.ensure(folder / "keys")
    return RpcProcess("care", mongo_url=mongo_url, keys=made, folder=folder, CARE_DATABASE=name)


def _fill(database: Database[dict[str, Any]], accounts: int) -> None:
    for first in range(0, accounts, _BATCH):
        ids = [derived_id("mem", str(number)) for number in range(first, min(accounts, first + _BATCH))]
        database["members"].insert_many([{"_id": each, "points": _ENDED + _KEPT} for each in ids], ordered=False)
        database["points_accounts"].insert_many([_account(each) for each in ids], ordered=False)


def _account(member: str) -> dict[str, Any]:
    """Somebody with points that have ended and points that never do."""
    return {
        "_id": member,
        "version": 2,
        "lots": [{"points": _ENDED, "expires_on": "2026-01-31"}, {"points": _KEPT, "expires_on": None}],
        "lifetime": _ENDED + _KEPT,
        "entries": 2,
        "next_expiry": "2026-02-01",
        "judged_by": None,
        "outbox": [],
        "request_ids": [],
    }


def _killed_and_ended(
    jobs: RpcProcess, database: Database[dict[str, Any]], *, accounts: int, kills: int, chance: random.Random
) -> None:
    entries, ends = database["points_entries"], time.monotonic() + _PATIENCE
    for number in range(kills):
        least = accounts * number // (kills + 1) + chance.randrange(max(1, accounts // (kills + 1)))
        process = jobs.start("jobs")
        wait_until(lambda least=least: entries.estimated_document_count() > least, ends - time.monotonic())  # type: ignore[misc]
        process.kill()
        process.wait()
    jobs.start("jobs")
    wait_until(lambda: entries.estimated_document_count() >= accounts, ends - time.monotonic())
    waiting = {"next_expiry": {"$gt": ""}}
    wait_until(lambda: database["points_accounts"].find_one(waiting) is None, ends - time.monotonic())
    wait_until(lambda: database["points_runs"].find_one({"uncopied": True}) is None, ends - time.monotonic())


def _figures(database: Database[dict[str, Any]], accounts: int) -> list[Figure]:
    entries, kept = database["points_entries"], [{"points": _KEPT, "expires_on": None}]
    struck_off = sum(run["points"] for run in database["points_runs"].find())
    return [
        Figure("entries in the ledger", accounts, entries.count_documents({})),
        Figure("entries that are right", accounts, entries.count_documents({"points": -_ENDED, "balance": _KEPT})),
        Figure("accounts that are right", accounts, database["points_accounts"].count_documents({"lots": kept})),
        Figure("members who see it", accounts, database["members"].count_documents({"points": _KEPT})),
        Figure("points struck off, as told", accounts * _ENDED, struck_off),
    ]
