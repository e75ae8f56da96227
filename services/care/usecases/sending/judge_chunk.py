"""Judges a chunk of touches that are due: policy and words first, then the places under caps and budget are claimed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from services.care.domain.calendars.day_book import DayBook
from services.care.domain.campaigns.budget import Budget
from services.care.domain.campaigns.campaign import Campaign
from services.care.domain.channels import Channel
from services.care.domain.sending.channel_choice import stand_in
from services.care.domain.sending.message import Message
from services.care.domain.sending.policy import Circumstances, judge
from services.care.domain.sending.reasons import Reason
from services.care.domain.sending.recipient import Recipient
from services.care.domain.sending.settings import SendingSettings
from services.care.domain.sending.terms import Terms, terms_of
from services.care.domain.sending.touch import Touch, TouchState, message_id
from services.care.domain.sending.verdict import HoldUntil, Skip, leaves_within_a_day
from services.care.domain.templates.liquid_engine import WordsFailed
from services.care.ports.sending import Held, Senders, Settled, Words
from services.care.usecases.sending.claim_places import ClaimPlaces, Contest


@dataclass(frozen=True, slots=True)
class Judged:
    """What is to be recorded, what waits, and what leaves."""

    settled: list[Settled] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)
    ready: list[tuple[Touch, Message]] = field(default_factory=list)
    claimed: bool = False
    """Whether places were claimed, that must be given back for what does not leave after all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What a chunk is judged by: read at once for all of it."""

    campaign: Campaign
    settings: SendingSettings
    recipients: Mapping[str, Recipient]
    days: DayBook
    now: datetime


@dataclass(frozen=True, slots=True)
class JudgeChunk:
    """Decides about many touches of one campaign and channel."""

    senders: Senders
    words: Words
    claim_places: ClaimPlaces
    message_domain: str

    async def __call__(self, chunk: Sequence[Touch], scene: Scene) -> Judged:
        """Return the outcome; only places are written, nothing else."""
        grounds = _Grounds(scene, self.senders.keys())
        judged = Judged()
        for touch in chunk:
            self._judge(touch, scene, ground=grounds.of(touch, scene.campaign), judged=judged)
        if not judged.ready:
            return judged
        contest = Contest(
            settings=scene.settings,
            recipients=scene.recipients,
            now=scene.now,
            budget=budget_of(scene.campaign),
            may_leave=lambda rival, campaign: _may_leave(rival, scene, ground=grounds.of(rival, campaign)),
        )
        claims = await self.claim_places([touch for touch, _ in judged.ready], contest)
        if not claims.made:
            return judged
        judged.settled.extend(Settled(touch, TouchState.SKIPPED, reason) for touch, reason in claims.refused)
        judged.held.extend(claims.overtaken)
        granted = {touch.id for touch in claims.granted}
        ready = [each for each in judged.ready if each[0].id in granted]
        return replace(judged, ready=ready, claimed=True)

    def _judge(self, touch: Touch, scene: Scene, *, ground: "_Ground", judged: Judged) -> None:
        recipient = scene.recipients.get(touch.member_id)
        campaign, terms = ground.campaign, ground.terms
        verdict = judge(touch, campaign, terms=terms, recipient=recipient, around=ground.around)
        if isinstance(verdict, HoldUntil):
            judged.held.append(Held(touch, verdict.moment, verdict.reason))
        elif isinstance(verdict, Skip):
            judged.settled.append(
                ended(touch, TouchState.SKIPPED, reason=verdict.reason, recipient=recipient, terms=terms)
            )
        elif recipient is not None:
            self._word(touch, recipient, campaign=campaign, judged=judged)

    def _word(self, touch: Touch, recipient: Recipient, *, campaign: Campaign, judged: Judged) -> None:
        try:
            words = self.words.render(campaign, recipient, touch=touch)
        except WordsFailed:
            judged.settled.append(Settled(touch, TouchState.FAILED, Reason.TEMPLATE_FAILED))
            return
        name = message_id(touch.id, touch.attempts + 1, domain=self.message_domain)
        to = recipient.address(Channel(touch.channel))
        message = Message(name, to, words.subject, words.body, words.headers, touch, recipient.owner_id)
        judged.ready.append((touch, message))


def _may_leave(rival: Touch, scene: Scene, *, ground: "_Ground") -> bool:
    """Say whether a waiting touch of any campaign would leave within a day: only then it keeps a place."""
    recipient = scene.recipients.get(rival.member_id)
    verdict = judge(rival, ground.campaign, terms=ground.terms, recipient=recipient, around=ground.around)
    return leaves_within_a_day(verdict, scene.now)


def budget_of(campaign: Campaign) -> Budget | None:
    """Return how much the campaign may send by the plan in force; None: as much as it likes."""
    return terms_of(campaign).budget


def ended(touch: Touch, state: TouchState, *, reason: Reason, recipient: Recipient | None, terms: Terms) -> Settled:
    """Return the end of a touch that did not reach the member, with the channel that takes over."""
    wish = recipient.preferred_channel if recipient else ""
    return Settled(touch, state, reason, stand_in(touch, reason, wish=wish, channels=terms.channels))


@dataclass(frozen=True, slots=True)
class _Ground:
    """What all touches of one version, step and purpose are judged by."""

    campaign: Campaign
    """With the plan of that version."""
    terms: Terms
    around: Circumstances


@dataclass(frozen=True, slots=True)
class _Grounds:
    """Made once for a chunk: a thousand touches are of a few kinds."""

    scene: Scene
    set_up: Collection[str]
    known: dict[tuple[str, int, str, str], _Ground] = field(default_factory=dict)

    def of(self, touch: Touch, campaign: Campaign) -> _Ground:
        key = (touch.campaign_id, touch.version, touch.step, touch.purpose)
        if key not in self.known:
            self.known[key] = self._made(touch, campaign.as_planned(touch.version))
        return self.known[key]

    def _made(self, touch: Touch, campaign: Campaign) -> _Ground:
        terms = terms_of(campaign, step=touch.step)
        around = Circumstances(
            now=self.scene.now,
            settings=self.scene.settings,
            set_up=self.set_up,
            blackout=self.scene.days.moves(purpose=touch.purpose, cheerful=terms.cheerful),
            workday=self.scene.days.kinds(terms.workdays),
        )
        return _Ground(campaign, terms, around)
