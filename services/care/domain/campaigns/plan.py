"""What a campaign does: whom it reaches, when, through which channels, with which words, and within which limits."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from services.care.domain.calendars.birthday_rules import BirthdayRules
from services.care.domain.calendars.blackout import BlackoutMove
from services.care.domain.calendars.workdays import WorkdayRule
from services.care.domain.campaigns.budget import Budget
from services.care.domain.campaigns.triggers import BirthdayTrigger, CampaignKind, Trigger, moment_of
from services.care.domain.channels import Channel, Purpose
from services.care.domain.journeys.steps import SendStep, Step, checked_steps
from services.care.domain.language import Language
from services.care.domain.names import checked_act
from services.care.domain.wall_time import checked_wall_time
from services.chassis import checks
from services.chassis.errors import InvalidField
from services.chassis.ids import check_id, optional_id

MOST_CATCH_UP_DAYS = 30
MOST_EXCLUSIONS = 20
MOST_PRIORITY, USUAL_PRIORITY = 100, 50
MOST_HELD_OUT = 5_000
"""In basis points: half of all."""
MOST_VARIANTS, MOST_WEIGHT = 5, 100
MOST_WINDOW_DAYS = 365
_VARIANT = re.compile(r"[A-Za-z0-9_-]{1,20}")


RULE_FIELDS = {"leap_day": "leap_day_policy", "leap_month": "leap_month_policy", "lunar_day30": "lunar_day30_policy"}
"""By a field of `BirthdayRules`: the field of the plan in which people write it."""


class QuietHours(StrEnum):
    """What becomes of a message that falls into the quiet hours of the member."""

    HOLD = "hold"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class MessageTemplate:
    """The words of one language, in Liquid; for one channel, one variant and one step, or for all variants or steps."""

    language: Language
    subject: str
    """Of an e-mail, the title of a call; may be empty where the channel has none."""
    body: str
    channel: Channel = Channel.EMAIL
    variant: str = ""
    """Empty: for every variant that has no words of its own."""
    step: str = ""
    """Empty: for every step that has no words of its own."""
    words_id: str = ""
    """The words of the library that these are a copy of, as of when approval was asked for; empty: written here."""

    def checked(self, field: str) -> "MessageTemplate":
        """Return the template, or refuse the field that is wrong."""
        return replace(
            self,
            subject=checks.line(
                self.subject, f"{field}.subject", least=1 if self.channel is Channel.EMAIL else 0, most=200
            ),
            body=checks.text(self.body, f"{field}.body", least=1, most=20_000),
            words_id=optional_id(self.words_id, "wrd", field=f"{field}.words_id"),
        )


@dataclass(frozen=True, slots=True)
class Audience:
    """Who may be reached at all."""

    segment_id: str = ""
    """Empty: every member."""
    exclude_segment_ids: tuple[str, ...] = ()

    def checked(self, field: str) -> "Audience":
        """Return the audience, or refuse the field that is wrong."""
        optional_id(self.segment_id, "seg", field=f"{field}.segment_id")
        path = f"{field}.exclude_segment_ids"
        if len(self.exclude_segment_ids) > MOST_EXCLUSIONS:
            raise InvalidField(path, f"{path} holds more than {MOST_EXCLUSIONS} segments.")
        for place, segment_id in enumerate(self.exclude_segment_ids):
            check_id(segment_id, "seg", field=f"{path}[{place}]")
        if self.segment_id and self.segment_id in self.exclude_segment_ids:
            raise InvalidField(path, f"{path} excludes the audience's own segment: nobody would be left.")
        return replace(self, exclude_segment_ids=tuple(dict.fromkeys(self.exclude_segment_ids)))


@dataclass(frozen=True, slots=True)
class Holdout:
    """Members who hear nothing, so that the others can be compared with them."""

    basis_points: int = 0
    """Share of all, 1/10000; at most half."""
    salt: str = ""
    """Campaigns with the same salt hold the same members out; empty: the campaign has a draw of its own."""

    def checked(self, field: str) -> "Holdout":
        """Return the holdout, or refuse the field that is wrong."""
        if not 0 <= self.basis_points <= MOST_HELD_OUT:
            raise InvalidField(f"{field}.basis_points", f"{field}.basis_points must be 0 to {MOST_HELD_OUT}.")
        return replace(self, salt=checks.line(self.salt, f"{field}.salt", most=50))


@dataclass(frozen=True, slots=True)
class Variant:
    """One of the ways that are compared."""

    name: str
    weight: int = 1
    """Its share is its weight over the sum of all weights."""


@dataclass(frozen=True, slots=True)
class Goal:
    """What a member is hoped to do after a message."""

    act: str
    window_days: int
    """Whole days of 24 hours after the message; what is done later does not count."""

    def checked(self, field: str) -> "Goal":
        """Return the goal, or refuse the field that is wrong."""
        checked_act(self.act, f"{field}.act")
        if not 1 <= self.window_days <= MOST_WINDOW_DAYS:
            raise InvalidField(f"{field}.window_days", f"{field}.window_days must be 1 to {MOST_WINDOW_DAYS}.")
        return self

    def is_reached(self, acts: Iterable[datetime], *, after: Iterable[datetime]) -> bool:
        """Say whether one of the acts follows one of the moments within the window, both ends included."""
        window, moments = timedelta(days=self.window_days), tuple(after)
        return any(timedelta() <= act - moment <= window for act in acts for moment in moments)


@dataclass(frozen=True, slots=True)
class CampaignPlan:
    """What a campaign does. What is not said means a greeting by e-mail on the birthday, to every member."""

    send_at: str
    """Local wall time of the member, `HH:MM`; empty only where an event triggers, at once, or a moment."""
    catch_up_days: int
    rules: BirthdayRules
    templates: tuple[MessageTemplate, ...]
    trigger: Trigger = BirthdayTrigger()  # noqa: RUF009  # frozen
    audience: Audience = Audience()  # frozen
    purpose: Purpose = Purpose.CARE
    channels: tuple[Channel, ...] = (Channel.EMAIL,)
    """First the preferred one, then the fallbacks in their order."""
    holdout: Holdout = Holdout()  # frozen
    variants: tuple[Variant, ...] = ()
    goal: Goal | None = None
    priority: int = USUAL_PRIORITY
    """0 to 100; where campaigns compete for a cap the higher one wins."""
    budget: Budget | None = None
    quiet_hours: QuietHours = QuietHours.HOLD
    blackout: BlackoutMove | None = None
    """None: as each blackout says itself."""
    workdays: WorkdayRule | None = None
    """None: messages leave on any day."""
    cheerful: bool = True
    """Not for members in mourning."""
    steps: tuple[Step, ...] = ()
    """A journey; empty: one message."""

    @property
    def kind(self) -> CampaignKind:
        """What makes members due."""
        return CampaignKind(self.trigger.kind)

    def checked(self) -> "CampaignPlan":
        """Return the plan, or refuse the field that is wrong, with its path."""
        if moment_of(self.trigger):
            if self.send_at:
                raise InvalidField("plan.send_at", "plan.send_at goes with a day: the trigger names the moment itself.")
        elif self.send_at or self.kind is not CampaignKind.EVENT_TRIGGERED:
            checked_wall_time(self.send_at, "plan.send_at")
        if not 0 <= self.catch_up_days <= MOST_CATCH_UP_DAYS:
            raise InvalidField("plan.catch_up_days", f"plan.catch_up_days must be 0 to {MOST_CATCH_UP_DAYS}.")
        if not 0 <= self.priority <= MOST_PRIORITY:
            raise InvalidField("plan.priority", f"plan.priority must be 0 to {MOST_PRIORITY}.")
        if not self.channels or len(set(self.channels)) != len(self.channels):
            raise InvalidField("plan.channels", "plan.channels needs one channel or more, each once.")
        _check_variants(self.variants)
        checked = replace(
            self,
            trigger=self.trigger.checked(f"plan.trigger.{self.trigger.kind}"),
            audience=self.audience.checked("plan.audience"),
            holdout=self.holdout.checked("plan.holdout"),
            goal=self.goal and self.goal.checked("plan.goal"),
            budget=self.budget and self.budget.checked("plan.budget"),
            workdays=self.workdays and self.workdays.checked("plan.workdays"),
            steps=checked_steps(self.steps, "plan.steps"),
            templates=tuple(each.checked(f"plan.templates[{place}]") for place, each in enumerate(self.templates)),
        )
        _check_completeness(checked)
        return checked

    def template(
        self, language: Language, *, channel: Channel = Channel.EMAIL, variant: str = "", step: str = ""
    ) -> MessageTemplate:
        """Return the words: those of the step before those of all steps, then those of the variant before all.

        A KeyError says that there are none; a checked plan has them for whatever it sends.
        """
        words = {(each.step, each.variant): each for each in self._of(language, channel)}
        for key in ((step, variant), (step, ""), ("", variant), ("", "")):
            if key in words:
                return words[key]
        raise KeyError((language, channel, variant, step))

    def sends(self) -> Iterator[tuple[str, Channel]]:
        """Yield the step and channel of every message that the plan can send; the step of a plan without is empty."""
        sending = [step for step in self.steps if isinstance(step, SendStep)]
        if not self.steps:
            yield from (("", channel) for channel in self.channels)
        for step in sending:
            yield from ((step.name, channel) for channel in step.channels or self.channels)

    def _of(self, language: Language, channel: Channel) -> Iterator[MessageTemplate]:
        return (each for each in self.templates if each.language is language and each.channel is channel)


def _check_variants(variants: tuple[Variant, ...]) -> None:
    if len(variants) == 1 or len(variants) > MOST_VARIANTS:
        raise InvalidField("plan.variants", f"plan.variants needs 2 to {MOST_VARIANTS} variants, or none.")
    seen: set[str] = set()
    for place, variant in enumerate(variants):
        path = f"plan.variants[{place}]"
        if not _VARIANT.fullmatch(variant.name) or variant.name in seen:
            raise InvalidField(f"{path}.name", f"{path}.name must be letters and digits, at most 20, and not yet used.")
        if not 1 <= variant.weight <= MOST_WEIGHT:
            raise InvalidField(f"{path}.weight", f"{path}.weight must be 1 to {MOST_WEIGHT}.")
        seen.add(variant.name)


def _check_completeness(plan: CampaignPlan) -> None:
    """Refuse words that nobody would get, words told twice, and messages without words."""
    sends = list(plan.sends())
    channels = {channel for _, channel in sends}
    known = {"variant": {each.name for each in plan.variants}, "step": {step for step, _ in sends}}
    seen: set[tuple[object, ...]] = set()
    for place, each in enumerate(plan.templates):
        path = f"plan.templates[{place}]"
        if each.channel not in channels:
            raise InvalidField(f"{path}.channel", f"{path}.channel: the plan sends nothing by {each.channel.value}.")
        for name, names in known.items():
            if (value := getattr(each, name)) and value not in names:
                raise InvalidField(f"{path}.{name}", f"{path}.{name}: the plan has no {name} {value}.")
        key = (each.language, each.channel, each.variant, each.step)
        if key in seen:
            raise InvalidField("plan.templates", f"plan.templates tells the same words twice: see {path}.")
        seen.add(key)
    for step, channel in sends:
        for variant in [each.name for each in plan.variants] or [""]:
            _check_languages(plan, step, channel=channel, variant=variant)


def _check_languages(plan: CampaignPlan, step: str, *, channel: Channel, variant: str) -> None:
    for language in Language:
        try:
            plan.template(language, channel=channel, variant=variant, step=step)
        except KeyError as error:
            asked = [f"by {channel.value}", variant and f"for variant {variant}", step and f"in step {step}"]
            raise InvalidField(
                "plan.templates",
                "plan.templates needs the words in English and in Simplified Chinese; missing are those in "
                f"{'English' if language is Language.EN else 'Simplified Chinese'} {' '.join(filter(None, asked))}.",
            ) from error
