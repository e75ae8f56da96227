"""Foresees a day of a campaign: who would get a message, who would not, and why; nothing is written down."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from heapq import nsmallest
from itertools import groupby
from zoneinfo import ZoneInfo

from services.care.domain.campaigns.budget import Budget
from services.care.domain.campaigns.campaign import Campaign
from services.care.domain.campaigns.due.lines import Line, touch_of
from services.care.domain.campaigns.explanation import ALREADY_PLANNED, IN_JOURNEY, WILL_BE_SENT
from services.care.domain.campaigns.planning import first_open_day
from services.care.domain.channels import Channel
from services.care.domain.results.prices import Prices
from services.care.domain.sending.channel_choice import stand_in
from services.care.domain.sending.policy import judge
from services.care.domain.sending.reasons import Reason
from services.care.domain.sending.recipient import Recipient
from services.care.domain.sending.spending import PRICE_PAUSE, cost_of
from services.care.domain.sending.terms import Terms, terms_of
from services.care.domain.sending.touch import Touch, TouchState, stand_in_for
from services.care.domain.sending.verdict import HoldUntil, Skip
from services.care.ports.calendars import Calendars
from services.care.ports.campaigns import Campaigns
from services.care.ports.sending_settings import Settings
from services.care.usecases.campaigns.due_lines import DueLines
from services.care.usecases.campaigns.foresee_budget import Place, Rationed, ration
from services.care.usecases.campaigns.foresee_places import ForeseePlaces, Judging, Leaving
from services.chassis.clock import Clock
from services.chassis.errors import InvalidField
from services.chassis.ids import check_id

_AT_ONCE = 500
_BETWEEN = " "
_EVER = datetime.min.replace(tzinfo=UTC)
_FIRST_YEAR, _LAST_YEAR = 1901, 2100  # the years for which every lunar birthday is known


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What would become of one member's message."""

    touch: Touch
    verdict: str
    state: TouchState
    """SENT, HELD, SKIPPED; PLANNED stands in the ledger already."""
    at: datetime | None
    """When it would leave, or be judged again; None: never."""

    @property
    def key(self) -> str:
        """Where it stands in the order of pages."""
        return f"{self.touch.member_id}{_BETWEEN}{self.touch.occurrence}"


@dataclass(frozen=True, slots=True)
class Run:
    """One page of a day."""

    day: date
    plan_version: int
    page: tuple[Foreseen, ...]
    next_token: str
    counts: tuple[tuple[tuple[str, TouchState], int], ...] = ()
    """Over all pages, the most frequent first; on the first page only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunAsked:
    """Which part of which day; an empty verdict means all."""

    campaign_id: str
    day: date | None
    verdict: str
    size: int
    after: str


@dataclass(frozen=True, slots=True)
class _Scene:
    """What all messages of the day are judged by."""

    stored: Campaign
    campaign: Campaign
    """With the plan that counts for the day."""
    day: date
    terms: Terms
    judging: Judging
    now: datetime
    earliest: datetime
    """Before it nothing leaves; of a day that is over nowhere on earth any more: now, else the day's own hours."""
    rationed: Rationed = field(default_factory=Rationed)
    """Where the budget ends."""


@dataclass(frozen=True, slots=True)
class PreviewRun:
    """Asks the planner who is due and the policy what becomes of it, and stores the answer of neither.

    What is planned later for the same day, by other campaigns, is not foreseen. A stop of all sending counts as lifted.
    """

    campaigns: Campaigns
    due_lines: DueLines
    calendars: Calendars
    rules: Settings
    places: ForeseePlaces
    set_up: Callable[[], frozenset[str]]
    """Returns the channels that messages can leave by."""
    prices: Prices
    clock: Clock
    company_zone: str

    def __call__(self, asked: RunAsked) -> Run:
        """Return one page, with the counts if it is the first one."""
        scene = self._scene(asked)
        if scene.terms.budget:
            scene = replace(scene, rationed=self._rationed(scene, scene.terms.budget))
        lines: Iterator[Line] = (line for line in self._lines(scene) if _key(line) > asked.after)
        if asked.after and not asked.verdict:
            lines = iter(nsmallest(asked.size + 1, lines, key=_key))
        seen = _Seen(asked.verdict)
        first = nsmallest(asked.size + 1, seen.matching(self._foresee(scene, lines)), key=lambda each: each.key)
        page = tuple(first[: asked.size])
        return Run(
            day=scene.day,
            plan_version=scene.campaign.plan_version,
            page=page,
            next_token=page[-1].key if len(first) > asked.size else "",
            counts=() if asked.after else tuple(seen.counts.most_common()),
        )

    def _scene(self, asked: RunAsked) -> _Scene:
        stored = self.campaigns.get(check_id(asked.campaign_id, "cmp", field="campaign_id"))
        now = self.clock.now()
        if asked.day and not _FIRST_YEAR <= asked.day.year <= _LAST_YEAR:
            raise InvalidField("date", f"date must be a day of {_FIRST_YEAR} to {_LAST_YEAR}.")
        day = asked.day or now.astimezone(ZoneInfo(self.company_zone)).date()
        campaign = stored.on(day)
        return _Scene(
            stored=stored,
            campaign=campaign,
            day=day,
            terms=terms_of(campaign),
            judging=Judging(replace(self.rules.get(), stop=None), self.calendars.read(), self.set_up()),
            now=now,
            earliest=now if day >= first_open_day(now) else _EVER,
        )

    def _lines(self, scene: _Scene) -> Iterator[Line]:
        return self.due_lines(scene.stored, scene.day, book=scene.judging.book, now=scene.now)

    def _rationed(self, scene: _Scene, budget: Budget) -> Rationed:
        """Return where the budget ends; what waits until later takes its place then."""
        spent = self.places.looks.spent(scene.campaign.id, budget)
        foreseen = self._foresee(scene, self._lines(scene))
        leaving = ((_place(each), each.touch.channel) for each in foreseen if each.at)
        return ration(leaving, spent, budget=budget, prices=self.prices)

    def _foresee(self, scene: _Scene, lines: Iterator[Line]) -> Iterator[Foreseen]:
        for some in _chunks(lines):
            touches = [touch_of(line, scene.campaign, batch_id="", now=line.due_at) for line in some]
            known = self._known(touches, scene.campaign)
            recipients = self.due_lines.members.recipients([touch.member_id for touch in touches])
            judged = [
                _told(touch, scene, recipient=recipients.get(touch.member_id), known=known.get(touch.id, ""))
                for touch in touches
            ]
            priced = [self._priced(each, scene.terms.budget) for each in judged]
            yield from self._with_places(priced, scene, recipients=recipients)

    def _known(self, touches: Sequence[Touch], campaign: Campaign) -> Mapping[str, str]:
        """Return the verdict on each of these for which something stands in the ledger; a journey leaves runs there."""
        before = self.due_lines.before
        if not campaign.plan.steps:
            return dict.fromkeys(before.known([touch.id for touch in touches]), ALREADY_PLANNED)
        had = before.occurrences(campaign.id, list({touch.member_id for touch in touches}))
        begun = (touch.id for touch in touches if touch.occurrence in had.get(touch.member_id, ()))
        return dict.fromkeys(begun, IN_JOURNEY)

    def _priced(self, each: Foreseen, budget: Budget | None) -> Foreseen:
        """Hold, as the dispatcher does, what must be paid from a budget while nobody knows its price."""
        if budget is None or each.state is not TouchState.SENT or each.at is None:
            return each
        if cost_of(each.touch.channel, budget, prices=self.prices) is not None:
            return each
        return Foreseen(each.touch, Reason.PRICE_UNKNOWN, TouchState.HELD, each.at + PRICE_PAUSE)

    def _with_places(
        self, judged: Sequence[Foreseen], scene: _Scene, *, recipients: Mapping[str, Recipient]
    ) -> Iterator[Foreseen]:
        leaving = [
            Leaving(each.touch, recipients[each.touch.member_id], each.at)
            for each in judged
            if each.state is TouchState.SENT and each.at
        ]
        refused = self.places(leaving, scene.judging)
        for each in judged:
            reason = refused.get(each.touch.id)
            if reason is None and each.state is TouchState.SENT:
                reason = scene.rationed.refused(_place(each), each.touch.channel)
            yield _skipped(each.touch, reason) if reason else each


@dataclass(frozen=True, slots=True)
class _Seen:
    """Counts everything that passes, and lets through what was asked for."""

    verdict: str
    counts: Counter[tuple[str, TouchState]] = field(default_factory=Counter)

    def matching(self, messages: Iterator[Foreseen]) -> Iterator[Foreseen]:
        for each in messages:
            self.counts[each.verdict, each.state] += 1
            if self.verdict in {"", each.verdict}:
                yield each


def checked_token(token: str) -> str:
    """Return the token of a page, or refuse what is none."""
    member_id, between, occurrence = token.partition(_BETWEEN)
    if token and not (between and occurrence):
        raise InvalidField("page_token", "page_token is none: use next_page_token of the page before.")
    return f"{check_id(member_id, 'mem', field='page_token')}{between}{occurrence}" if token else ""


def _key(line: Line) -> str:
    return f"{line.member_id}{_BETWEEN}{line.occurrence}"


def _place(each: Foreseen) -> Place:
    return each.at or _EVER, each.touch.id


def _chunks(lines: Iterator[Line]) -> Iterator[list[Line]]:
    """Yield some at once, never a part of one member's: they compete for the same places."""
    some: list[Line] = []
    for _, of_member in groupby(lines, key=lambda line: line.member_id):
        some.extend(of_member)
        if len(some) >= _AT_ONCE:
            yield some
            some = []
    if some:
        yield some


def _told(touch: Touch, scene: _Scene, *, recipient: Recipient | None, known: str) -> Foreseen:
    if known:
        return Foreseen(touch, known, TouchState.PLANNED, None)
    return _skipped(touch, touch.reason) if touch.reason else _judged(touch, scene, recipient=recipient)


def _judged(touch: Touch, scene: _Scene, *, recipient: Recipient | None) -> Foreseen:
    """Go through the channels as the dispatcher does: the next one takes over where one cannot be used."""
    first: Foreseen | None = None
    wish = recipient.preferred_channel if recipient else ""
    for _ in Channel:
        around = scene.judging.around(scene.terms, now=max(touch.due_at, scene.earliest))
        verdict = judge(touch, scene.campaign, terms=scene.terms, recipient=recipient, around=around)
        if isinstance(verdict, HoldUntil):
            return Foreseen(touch, verdict.reason, TouchState.HELD, verdict.moment)
        if not isinstance(verdict, Skip):
            return Foreseen(touch, WILL_BE_SENT, TouchState.SENT, around.now)
        first = first or _skipped(touch, verdict.reason)
        other = stand_in(touch, verdict.reason, wish=wish, channels=scene.terms.channels)
        if other is None:
            break
        touch = stand_in_for(replace(touch, fallback_channel=other.value), batch_id="", now=touch.due_at)
    return first or _skipped(touch, touch.reason)


def _skipped(touch: Touch, reason: str) -> Foreseen:
    return Foreseen(touch, str(reason), TouchState.SKIPPED, None)
