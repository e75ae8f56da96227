"""What holds back visits that are due: who must not be contacted, and campaigns that are stopped."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from services.care.domain.campaigns.campaign import CampaignState
from services.care.domain.sending.reasons import Reason
from services.care.domain.visits.kinds import VisitState
from services.care.domain.visits.visit import Visit
from services.care.store.campaigns.campaigns import CampaignDocument
from services.care.store.members.members import MemberDocument
from services.care.store.sending.settings import MongoSendingSettings
from services.care.store.visits.callees import MOST_MERGES
from services.chassis.clock import Clock
from services.chassis.mongo import collection_of

_CLOSING = dict.fromkeys(("do_not_contact", "merged_into_id", "erased_time"), 1)
_STOPPED = {
    CampaignState.PAUSED.value: Reason.CAMPAIGN_PAUSED,
    CampaignState.ARCHIVED.value: Reason.CAMPAIGN_ARCHIVED,
}


@dataclass(frozen=True, slots=True)
class MongoHolds:
    """Reads once for all the visits it is asked about: members, and for calls of campaigns what stops those."""

    rules: MongoSendingSettings

    @classmethod
    def of(cls, clock: Clock) -> "MongoHolds":
        return cls(MongoSendingSettings.of(clock))

    def on(self, visits: Collection[Visit]) -> Mapping[str, Reason]:
        due = [each for each in visits if each.state is VisitState.DUE]
        closed = _closed({each.member_id for each in due if each.member_id})
        stopped = self._stopped({each.campaign_id for each in due if each.campaign_id})
        reasons = {each.id: closed.get(each.member_id) or stopped.get(each.campaign_id) for each in due}
        return {key: reason for key, reason in reasons.items() if reason}

    def _stopped(self, campaign_ids: Collection[str]) -> Mapping[str, Reason]:
        """Return which of these campaigns are stopped, and why."""
        if not campaign_ids:
            return {}
        if self.rules.get().stop:
            return dict.fromkeys(campaign_ids, Reason.SENDING_STOPPED)
        which = {"_id": {"$in": sorted(campaign_ids)}, "state": {"$in": sorted(_STOPPED)}}
        found = collection_of(CampaignDocument).find(which, {"state": 1})
        return {each["_id"]: _STOPPED[each["state"]] for each in found}


def _closed(member_ids: Collection[str]) -> Mapping[str, Reason]:
    """Return who must not be spoken with, and why; a doublet is judged by the member it was merged into."""
    now = {key: key for key in member_ids}
    known: dict[str, dict[str, Any]] = {}
    for _ in range(MOST_MERGES):
        fresh = set(now.values()) - known.keys()
        if not fresh:
            break
        found = collection_of(MemberDocument).find({"_id": {"$in": sorted(fresh)}}, _CLOSING)
        known |= {key: {} for key in fresh} | {each["_id"]: each for each in found}
        now = {key: known[current].get("merged_into_id") or current for key, current in now.items()}
    reasons = {key: _why_closed(known.get(current) or {}) for key, current in now.items()}
    return {key: reason for key, reason in reasons.items() if reason}


def _why_closed(member: Mapping[str, Any]) -> Reason | None:
    if not member or member.get("erased_time"):
        return Reason.MEMBER_GONE
    return Reason.DO_NOT_CONTACT if member.get("do_not_contact") else None
