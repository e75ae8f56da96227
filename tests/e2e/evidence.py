"""What really happened, read behind the product's back: the databases and the mail sink of one suite."""

import time
from collections import Counter
from typing import Any, Self

from pymongo import MongoClient

from deploy.local.sink_client import SinkClient
from deploy.local.suite import Suite


class Evidence:
    """Counts what a run of the kill test left behind; other tests of the same suite do not count."""

    def __init__(self, suite: Suite, run: str) -> None:
        self._client: MongoClient[dict[str, Any]] = MongoClient(suite.places.mongo_url, tz_aware=True)
        self._sink = SinkClient(suite.places.sink_url)
        self._run = run

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def database(self, service: str) -> Any:
        return self._client[f"membercare_{service}"]

    def touches(self, campaign: str, **wanted: str) -> int:
        of_run = {"$gte": f"{self._run}-", "$lt": f"{self._run}."}
        members = self.database("care")["members"].distinct("_id", {"external_ref": of_run})
        match = {"campaign_id": campaign, "member_id": {"$in": members}, **wanted}
        count: int = self.database("care")["touches"].count_documents(match)
        return count

    def sent(self, campaign: str) -> int:
        return self.touches(campaign, state="TOUCH_STATE_SENT")

    def visits(self, contracts: list[str]) -> list[str]:
        found = self.database("care")["visits"].find({"contract_id": {"$in": contracts}}, {"_id": 1})
        return sorted(each["_id"] for each in found)

    def cases(self, visits: list[str]) -> list[str]:
        found = self.database("feedback")["cases"].find({"source_id": {"$in": visits}}, {"_id": 1})
        return sorted(each["_id"] for each in found)

    def facts(self, employee: str) -> list[str]:
        found = self.database("kpi")["facts"].find(
            {"employee_id": employee, "indicator": "cases_closed_on_time"}, {"evidence_id": 1}
        )
        return [each["evidence_id"] for each in found]

    def recipients(self) -> list[str]:
        found: list[str] = []
        after = 0
        while page := self._sink.messages(after=after, limit=1000):
            found += [each["to"] for each in page if each["to"].startswith(f"{self._run}-")]
            after = page[-1]["id"]
        return found

    def figures(self, campaign: str, *, contracts: list[str], visits: list[str], employee: str) -> dict[str, int]:
        """Return every count that a loss or a double would show in."""
        time.sleep(1.0)  # a doubled effect would come late: give it the time
        owed = self.database("care")["visits"].find({"contract_id": {"$in": contracts}})
        opened = self.database("feedback")["cases"].find({"source_id": {"$in": visits}})
        parked = [self.database(name)["parked"].count_documents({}) for name in ("care", "feedback", "kpi")]
        return {
            "touches sent": self.sent(campaign),
            "touches unknown": self.touches(campaign, state="TOUCH_STATE_UNKNOWN"),
            "mails doubled": _doubled(self.recipients()),
            "mails": len(set(self.recipients())),
            "visits": len(set(contracts) & {each["contract_id"] for each in owed.clone()}),
            "visits doubled": _doubled([each["contract_id"] for each in owed]),
            "cases": len(set(visits) & {each["source_id"] for each in opened.clone()}),
            "cases doubled": _doubled([each["source_id"] for each in opened]),
            "facts": len(set(self.facts(employee))),
            "facts doubled": _doubled(self.facts(employee)),
            "events parked": sum(parked),
        }


def _doubled(keys: list[str]) -> int:
    counts = Counter(keys)
    return counts.total() - len(counts)
