"""The ledger as the planner looks back into it: what is known already, and whether anything is still open."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from services.care.domain.journeys.run import RunState
from services.care.domain.sending.touch import TouchState
from services.care.store.journeys.runs import journey_runs
from services.care.store.members.families import families
from services.care.store.sending.batches import FILLING, FILLING_SINCE, READY, READY_BY_DUE, batches
from services.care.store.sending.touches import touches

_WITHOUT_END = [TouchState.PLANNED.value, TouchState.HELD.value, TouchState.UNKNOWN.value]


class MongoPlannedBefore:
    """Reads `touches`, `batches` and `journey_runs`."""

    def known(self, touch_ids: Sequence[str]) -> frozenset[str]:
        """Return which of these touches exist."""
        return frozenset(each["_id"] for each in touches().find({"_id": {"$in": list(touch_ids)}}, {"_id": 1}))

    def occurrences(self, campaign_id: str, member_ids: Sequence[str]) -> Mapping[str, Sequence[str]]:
        """Return by member the occurrences for which the campaign has planned something, under a doublet's id too."""
        persons = {key: member for member, family in families(member_ids).items() for key in family}
        wanted = {"member_id": {"$in": list(persons)}, "campaign_id": campaign_id}
        found: dict[str, list[str]] = defaultdict(list)
        for collection in (touches(), journey_runs()):
            for each in collection.find(wanted, {"member_id": 1, "occurrence": 1, "_id": 0}):
                found[persons[each["member_id"]]].append(each["occurrence"])
        return found

    def is_settled(self, campaign_id: str) -> bool:
        """Say whether every touch has an end; what takes over from one is planned before its batch is done.

        Nobody is on the way through a journey any more, or waits there for a person's decision.
        """
        of_it = {"campaign_id": campaign_id}
        under_way = {"state": {"$in": [RunState.UNDER_WAY.value, RunState.PARKED.value]}}
        if journey_runs().find_one(of_it | under_way, {"_id": 1}):
            return False
        if touches().find_one(of_it | {"state": {"$in": _WITHOUT_END}}, {"_id": 1}):
            return False
        # Each of these indexes holds work that is still to do and nothing else; of those that are done there is no end.
        still_to_do = ((FILLING, FILLING_SINCE), (READY, READY_BY_DUE))
        return not any(
            batches().find_one(of_it | {"state": state}, {"_id": 1}, hint=index) for state, index in still_to_do
        )
