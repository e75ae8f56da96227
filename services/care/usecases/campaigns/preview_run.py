"""Foresees a day of a campaign: who would get a message, who would not, and why; nothing is written down."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from heapq import nsmallest
from itertools import islice
from zoneinfo import ZoneInfo

from services.care.domain.calendars.day_book import DayBook
from services.care.domain.campaigns.campaign import Campaign
from services.care.domain.campaigns.due.lines import Line, touch_of
from services.care.domain.campaigns.explanation import ALREADY_PLANNED, WILL_BE_SENT
from services.care.domain.channels import Channel
from services.care.domain.sending.channel_choice import stand_in
from services.care.domain.sending.policy import Circumstances, judge
from services.care.domain.sending.recipient import Recipient
from services.care.domain.sending.settings import SendingSettings
from services.care.domain.sending.terms import Terms, terms_of
from services.care.domain.sending.touch import Touch
from services.care.domain.sending.verdict import SendNow, Skip
from services.care.ports.calendars import Calendars
from services.care.ports.campaigns import Campaigns
from services.care.ports.sending_settings import Settings
from services.care.usecases.campaigns.due_lines import DueLines
from services.chassis.clock import Clock
from services.chassis.errors import InvalidField
from services.chassis.ids import check_id

_AT_ONCE = 500
_BETWEEN = " "


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What would become of one member's message."""

    member_id: str
    occurrence: str
    verdict: str
    due_at: datetime | None
    """When it would leave; None: never."""
    channel: Channel
    variant: str

    @property
    def key(self) -> str:
        """Where it stands in the order of pages."""
        return f"{self.member_id}{_BETWEEN}{self.occurrence}"


@dataclass(frozen=True, slots=True)
class Run:
    """One page of a day."""

    day: date
    plan_version: int
    page: tuple[Foreseen, ...]
    next_token: str
    counts: tuple[tuple[str, int], ...] = ()
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

    campaign: Campaign
    terms: Terms
    book: DayBook
    settings: SendingSettings
    now: datetime
    """Earlier than this nothing leaves; on a day that is over: the day's own hours."""


@dataclass(frozen=True, slots=True)
class PreviewRun:
    """Asks the planner who is due and the policy what becomes of it, and stores the answer of neither.

    Whether a cap or the budget leaves a place is decided at the moment of send, against all other campaigns; it is not
    foreseen. Every channel counts as set up, and a stop of all sending as lifted.
    """

    campaigns: Campaigns
    due_lines: DueLines
    calendars: Calendars
    rules: Settings
    clock: Clock
    company_zone: str

    def __call__(self, asked: RunAsked) -> Run:
        """Return one page, with the counts if it is the first one."""
        stored = self.campaigns.get(check_id(asked.campaign_id, "cmp", field="campaign_id"))
        now = self.clock.now()
        today = now.astimezone(ZoneInfo(self.company_zone)).date()
        day = asked.day or today
        scene = self._scene(stored.on(day), now=now if day >= today else datetime.min.replace(tzinfo=now.tzinfo))
        due = self.due_lines(stored, day, book=scene.book, now=now)
        lines: Iterator[Line] = (line for line in due if _key(line) > asked.after)
        if asked.after and not asked.verdict:
            lines = iter(nsmallest(asked.size + 1, lines, key=_key))
        seen = _Seen(asked.verdict)
        first = nsmallest(asked.size + 1, seen.matching(self._foresee(scene, lines)), key=lambda each: each.key)
        page = tuple(first[: asked.size])
        return Run(
            day=day,
            plan_version=scene.campaign.plan_version,
            page=page,
            next_token=page[-1].key if len(first) > asked.size else "",
            counts=() if asked.after else tuple(seen.counts.most_common()),
        )

    def _scene(self, campaign: Campaign, *, now: datetime) -> _Scene:
        settings = replace(self.rules.get(), stop=None)
        return _Scene(campaign, terms_of(campaign), self.calendars.read(), settings, now)

    def _foresee(self, scene: _Scene, lines: Iterator[Line]) -> Iterator[Foreseen]:
        while some := list(islice(lines, _AT_ONCE)):
            touches = [touch_of(line, scene.campaign, batch_id="", now=line.due_at) for line in some]
            known = self.due_lines.before.known([touch.id for touch in touches])
            recipients = self.due_lines.members.recipients([touch.member_id for touch in touches])
            for touch in touches:
                if touch.id in known:
                    yield _foreseen(touch, ALREADY_PLANNED, at=None)
                elif touch.reason:
                    yield _foreseen(touch, touch.reason, at=None)
                else:
                    yield _judged(touch, scene, recipient=recipients.get(touch.member_id))


@dataclass(frozen=True, slots=True)
class _Seen:
    """Counts everything that passes, and lets through what was asked for."""

    verdict: str
    counts: Counter[str] = field(default_factory=Counter)

    def matching(self, messages: Iterator[Foreseen]) -> Iterator[Foreseen]:
        for each in messages:
            self.counts[each.verdict] += 1
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


def _judged(touch: Touch, scene: _Scene, *, recipient: Recipient | None) -> Foreseen:
    """Go through the channels as the dispatcher does: the next one takes over where one cannot be used."""
    first: Foreseen | None = None
    for _ in Channel:
        around = Circumstances(
            now=max(touch.due_at, scene.now),
            settings=scene.settings,
            blackout=scene.book.moves(purpose=scene.terms.purpose, cheerful=scene.terms.cheerful),
        )
        verdict = judge(touch, scene.campaign, terms=scene.terms, recipient=recipient, around=around)
        if not isinstance(verdict, Skip):
            return _foreseen(touch, WILL_BE_SENT, at=around.now if isinstance(verdict, SendNow) else verdict.moment)
        first = first or _foreseen(touch, verdict.reason, at=None)
        other = stand_in(touch, verdict.reason, recipient=recipient, channels=scene.terms.channels)
        if other is None:
            break
        touch = replace(touch, channel=other.value, fallback_of=touch.fallback_of or touch.id)
    return first or _foreseen(touch, touch.reason, at=None)


def _foreseen(touch: Touch, verdict: str, *, at: datetime | None) -> Foreseen:
    return Foreseen(touch.member_id, touch.occurrence, str(verdict), at, Channel(touch.channel), touch.variant)
