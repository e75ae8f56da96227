"""Claims the places under caps and budget before anything leaves: dispatchers at once never pass a cap together."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from services.care.domain.campaigns.budget import Budget
from services.care.domain.campaigns.campaign import Campaign, CampaignState
from services.care.domain.results.prices import Prices
from services.care.domain.sending.caps import Contact, Rival, over_cap, rival_of
from services.care.domain.sending.policy import LOOK_AGAIN
from services.care.domain.sending.reasons import Reason
from services.care.domain.sending.recipient import Recipient
from services.care.domain.sending.settings import SendingSettings
from services.care.domain.sending.spending import PRICE_PAUSE, cost_of
from services.care.domain.sending.touch import Touch
from services.care.domain.sending.windows import zone_of
from services.care.ports.contacts import Budgets, ContactRecord, Contacts
from services.care.ports.sending import Held
from services.chassis.errors import NotFound

_MOST_ROUNDS = 5
"""So often a member may be taken by another dispatcher meanwhile; then the touch waits a little."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """What the places are given by."""

    settings: SendingSettings
    recipients: Mapping[str, Recipient]
    now: datetime
    budget: Budget | None
    """The campaign sends no more than this; None: as much as it likes."""
    may_leave: Callable[[Touch, Campaign], bool]
    """Whether a waiting touch, of whatever campaign, would leave at all: only then a place is kept for it."""


@dataclass(frozen=True, slots=True)
class Claims:
    """Who got a place."""

    granted: list[Touch] = field(default_factory=list)
    refused: list[tuple[Touch, Reason]] = field(default_factory=list)
    overtaken: list[Held] = field(default_factory=list)
    made: bool = False
    """False: nothing is capped here, and nothing was read or written."""


@dataclass(frozen=True, slots=True)
class ClaimPlaces:
    """Reads and writes once for all the touches of a chunk, and only where there is a cap or a budget."""

    contacts: Contacts
    budgets: Budgets
    campaign: Callable[[str], Awaitable[Campaign]]
    prices: Prices

    async def __call__(self, touches: Sequence[Touch], contest: Contest) -> Claims:
        """Return the outcome for touches of one campaign and channel; what is granted is counted from now on."""
        budget = contest.budget
        if budget and touches and self._cost(touches[0], budget) is None:
            again = contest.now + PRICE_PAUSE
            return Claims(overtaken=[Held(each, again, Reason.PRICE_UNKNOWN) for each in touches], made=True)
        caps = contest.settings.caps
        capped = [each for each in touches if any(cap.counts(each.channel, each.purpose) for cap in caps)]
        if not capped and not budget:
            return Claims()
        counted = {touch.id for touch in capped}
        claims = Claims([each for each in touches if each.id not in counted], made=True)
        waiting = sorted(capped, key=lambda touch: rival_of(touch).rank)
        for _ in range(_MOST_ROUNDS):
            waiting = await self._round(waiting, contest, claims=claims) if waiting else []
        again = contest.now + LOOK_AGAIN
        claims.overtaken.extend(Held(touch, again, Reason.FREQUENCY_CAP) for touch in waiting)
        return await self._within_budget(claims, budget) if budget else claims

    async def give_back(self, touches: Sequence[Touch], *, budget: Budget | None) -> None:
        """Give back the places of touches of one campaign that did not leave."""
        if touches:
            await self.contacts.give_back(touches)
        if touches and budget:
            cost = self._cost(touches[0], budget) or 0
            await self.budgets.give_back(touches[0].campaign_id, len(touches), cost=cost, budget=budget)

    def _cost(self, touch: Touch, budget: Budget) -> int | None:
        return cost_of(touch.channel, budget, prices=self.prices)

    async def _round(self, waiting: Sequence[Touch], contest: Contest, *, claims: Claims) -> list[Touch]:
        """Return those whose member was taken by another dispatcher meanwhile."""
        since = contest.settings.capped_since or contest.now
        members = list({touch.member_id for touch in waiting})
        records = await self.contacts.read(members, capped_since=since, now=contest.now)
        rivals = await self._rivals(waiting, contest)
        claimed: dict[str, ContactRecord] = {}
        asking: list[Touch] = []
        for touch in waiting:
            record = claimed.get(touch.member_id) or records[touch.member_id]
            zone = zone_of(contest.recipients[touch.member_id].time_zone)
            if zone is None:
                continue  # the policy has refused it before
            reason = over_cap(
                touch,
                contest.settings.caps,
                contacts=record.contacts,
                rivals=rivals[touch.member_id],
                zone=zone,
                now=contest.now,
            )
            if reason:
                claims.refused.append((touch, reason))
                continue
            asking.append(touch)
            claimed[touch.member_id] = _with(record, touch, now=contest.now)
        overtaken = await self.contacts.claim(list(claimed.values()), capped_since=since)
        claims.granted.extend(touch for touch in asking if touch.member_id not in overtaken)
        return [touch for touch in asking if touch.member_id in overtaken]

    async def _rivals(self, waiting: Sequence[Touch], contest: Contest) -> Mapping[str, list[Rival]]:
        rivals: dict[str, list[Rival]] = defaultdict(list)
        campaigns: dict[str, Campaign | None] = {}
        for touch in await self.contacts.rivals(waiting, before=contest.now + timedelta(days=1)):
            if touch.campaign_id not in campaigns:
                campaigns[touch.campaign_id] = await self._running(touch.campaign_id)
            campaign = campaigns[touch.campaign_id]
            if campaign and contest.may_leave(touch, campaign):
                rivals[touch.member_id].append(rival_of(touch))
        return rivals

    async def _running(self, campaign_id: str) -> Campaign | None:
        try:
            campaign = await self.campaign(campaign_id)
        except NotFound:
            return None
        return None if campaign.state in {CampaignState.PAUSED, CampaignState.ARCHIVED} else campaign

    async def _within_budget(self, claims: Claims, budget: Budget) -> Claims:
        if not claims.granted:
            return claims
        first, wanted = claims.granted[0], len(claims.granted)
        cost = self._cost(first, budget) or 0
        places = await self.budgets.claim(first.campaign_id, wanted, cost=cost, budget=budget)
        granted, refused = claims.granted[: places.taken], claims.granted[places.taken :]
        if refused:
            await self.contacts.give_back(refused)
        spent = [(touch, places.reason) for touch in refused]
        return replace(claims, granted=granted, refused=[*claims.refused, *spent])


def _with(record: ContactRecord, touch: Touch, *, now: datetime) -> ContactRecord:
    others = tuple(each for each in record.contacts if each.touch_id != touch.id)
    return replace(record, contacts=(*others, Contact(touch.id, now, touch.channel, touch.purpose)))
