"""The rules of points and tiers, by the day from which they hold."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from services.care.domain.segments.rules import ValueTier
from services.chassis import checks
from services.chassis.errors import InvalidField

PROGRAM_ID = "loyalty"
MOST_TIERS, MOST_PRIVILEGES = 12, 30
MOST_POINTS = 100_000_000
_MOST_NAME, _MOST_WINDOW, _MOST_PROTECTION, _MOST_LIFE = 60, 36, 36, 120
_VALUE = "CUSTOMER_TIER_"
_SLUG = re.compile(r"[a-z][a-z0-9_]{0,29}")


@dataclass(frozen=True, slots=True)
class Privilege:
    """What somebody of a tier may use."""

    code: str
    name_en: str
    name_zh: str
    per_year: int = 0
    """0: without limit."""


@dataclass(frozen=True, slots=True)
class Tier:
    """Reached by points or by the value of the member's customer, whichever suffices."""

    code: str
    name_en: str
    name_zh: str
    least_points: int = 0
    value_tiers: tuple[str, ...] = ()
    privileges: tuple[Privilege, ...] = ()

    def deserved_by(self, points: int, value_tier: str) -> bool:
        """Say whether so many points, or this value, suffice."""
        if value_tier and value_tier in self.value_tiers:
            return True
        return points >= self.least_points and (self.least_points > 0 or not self.value_tiers)


@dataclass(frozen=True, slots=True)
class LoyaltyTerms:
    """The rules from one day on; tiers from the lowest to the highest."""

    effective_from: date
    window_months: int
    protection_months: int
    points_live_months: int
    tiers: tuple[Tier, ...]

    def rank(self, code: str) -> int:
        """Return the place of a tier, from 0; -1: these rules have none of that code."""
        return next((place for place, tier in enumerate(self.tiers) if tier.code == code), -1)

    def tier(self, code: str) -> Tier | None:
        """Return the tier of that code."""
        place = self.rank(code)
        return self.tiers[place] if place >= 0 else None

    def deserved(self, points: int, value_tier: str) -> Tier:
        """Return the highest tier that is deserved; the lowest one asks for nothing."""
        return next(tier for tier in reversed(self.tiers) if tier.deserved_by(points, value_tier))

    def checked(self, *, today: date) -> "LoyaltyTerms":
        """Return the rules, or refuse the field that is wrong."""
        if self.effective_from < today:
            raise InvalidField(
                "terms.effective_from", "terms.effective_from lies in the past: rules begin today at the earliest."
            )
        _within(self.window_months, least=1, most=_MOST_WINDOW, field="terms.window_months")
        _within(self.protection_months, least=0, most=_MOST_PROTECTION, field="terms.protection_months")
        _within(self.points_live_months, least=0, most=_MOST_LIFE, field="terms.points_live_months")
        _within(len(self.tiers), least=1, most=MOST_TIERS, field="terms.tiers")
        tiers = tuple(_checked_tier(tier, f"terms.tiers[{place}]") for place, tier in enumerate(self.tiers))
        _refuse_doubles([(f"terms.tiers[{place}].code", tier.code) for place, tier in enumerate(tiers)])
        _refuse_doubles(list(_privilege_codes(tiers)))
        if tiers[0].least_points or tiers[0].value_tiers:
            raise InvalidField("terms.tiers[0].least_points", "terms.tiers[0] is the lowest tier: it asks for nothing.")
        _check_order(tiers)
        return replace(self, tiers=tiers)


@dataclass(frozen=True, slots=True)
class LoyaltyProgram:
    """All rules there were and will be."""

    id: str = PROGRAM_ID
    version: int = 1
    terms: tuple[LoyaltyTerms, ...] = ()
    updated_by: str = ""
    updated_at: datetime | None = None
    events: tuple[object, ...] = ()

    def terms_at(self, day: date) -> LoyaltyTerms | None:
        """Return the rules that hold on a day; None: the program has not begun."""
        return next((each for each in reversed(self.terms) if each.effective_from <= day), None)

    def with_terms(self, terms: LoyaltyTerms, *, by: str, today: date, now: datetime) -> "LoyaltyProgram":
        """Set rules from a day on; what has begun before that day stays as it was."""
        checked = terms.checked(today=today)
        kept = tuple(each for each in self.terms if each.effective_from < checked.effective_from)
        return replace(self, terms=(*kept, checked), updated_by=by, updated_at=now)


def _value_tier(word: str, field: str) -> str:
    """Return the value as contracts says it; a word that it never says would leave everybody where they are."""
    plain = word.removeprefix(_VALUE)
    if plain not in ValueTier.__members__:
        raise InvalidField(
            field, f"{field}: {word!r} is no value; one of {', '.join(ValueTier.__members__)} is needed."
        )
    return f"{_VALUE}{plain}"


def _checked_tier(tier: Tier, field: str) -> Tier:
    _within(tier.least_points, least=0, most=MOST_POINTS, field=f"{field}.least_points")
    _within(len(tier.privileges), least=0, most=MOST_PRIVILEGES, field=f"{field}.privileges")
    return replace(
        tier,
        code=_slug(tier.code, f"{field}.code"),
        name_en=checks.line(tier.name_en, f"{field}.name_en", least=1, most=_MOST_NAME),
        name_zh=checks.line(tier.name_zh, f"{field}.name_zh", least=1, most=_MOST_NAME),
        value_tiers=tuple(sorted({_value_tier(each, f"{field}.value_tiers") for each in tier.value_tiers})),
        privileges=tuple(
            _checked_privilege(each, f"{field}.privileges[{place}]") for place, each in enumerate(tier.privileges)
        ),
    )


def _checked_privilege(privilege: Privilege, field: str) -> Privilege:
    _within(privilege.per_year, least=0, most=1_000, field=f"{field}.per_year")
    return replace(
        privilege,
        code=_slug(privilege.code, f"{field}.code"),
        name_en=checks.line(privilege.name_en, f"{field}.name_en", least=1, most=_MOST_NAME),
        name_zh=checks.line(privilege.name_zh, f"{field}.name_zh", least=1, most=_MOST_NAME),
    )


def _check_order(tiers: tuple[Tier, ...]) -> None:
    """A higher tier that asks for fewer points would make the one below it unreachable."""
    points = 0
    for place, tier in enumerate(tiers):
        if tier.least_points and tier.least_points <= points:
            field = f"terms.tiers[{place}].least_points"
            raise InvalidField(field, f"{field} must be more than the {points} of the tier below.")
        points = max(points, tier.least_points)


def _privilege_codes(tiers: tuple[Tier, ...]) -> Iterator[tuple[str, str]]:
    """Within one tier a code is used once; a higher tier may have the same privilege, more often."""
    for place, tier in enumerate(tiers):
        for number, privilege in enumerate(tier.privileges):
            yield f"terms.tiers[{place}].privileges[{number}].code", f"{tier.code}.{privilege.code}"


def _refuse_doubles(named: list[tuple[str, str]]) -> None:
    seen: set[str] = set()
    for field, code in named:
        if code in seen:
            raise InvalidField(field, f"{field} is used twice.")
        seen.add(code)


def _slug(value: str, field: str) -> str:
    if not _SLUG.fullmatch(value):
        raise InvalidField(field, f"{field} must be 1 to 30 small letters, digits and _, and begin with a letter.")
    return value


def _within(value: int, *, least: int, most: int, field: str) -> None:
    if not least <= value <= most:
        raise InvalidField(field, f"{field} must be {least} to {most}.")
