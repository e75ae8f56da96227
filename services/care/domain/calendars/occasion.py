"""Occasions: days worth a greeting, each with its rule and its names in two languages."""

from dataclasses import dataclass, replace
from datetime import datetime

from services.care.domain.calendars.occasion_rule import OccasionKind, OccasionRule
from services.care.domain.calendars.solar_terms import SolarTerm
from services.chassis import checks
from services.chassis.errors import DomainError, InvalidField, Kind
from services.chassis.ids import derived_id

MOST_NAME = 60
BUILT_IN_SINCE = datetime.fromisoformat("2026-01-01T00:00:00+00:00")


class OccasionIsBuiltIn(DomainError):
    kind, reason = Kind.PRECONDITION, "OCCASION_IS_BUILT_IN"

    def __init__(self, occasion_id: str) -> None:
        """Name the occasion that nobody can change."""
        super().__init__("A built-in occasion cannot be changed: write one of your own.", occasion_id=occasion_id)


class OccasionRetired(DomainError):
    kind, reason = Kind.PRECONDITION, "OCCASION_RETIRED"

    def __init__(self, occasion_id: str) -> None:
        """Name the occasion that is out of use."""
        super().__init__(f"Occasion {occasion_id} is out of use.", occasion_id=occasion_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """An occasion; one that is retired still resolves, so that what was planned by it can be explained."""

    id: str
    version: int = 1
    name_en: str
    name_zh: str
    rule: OccasionRule
    built_in: bool = False
    retired: bool = False
    create_time: datetime
    update_time: datetime
    events: tuple[object, ...] = ()

    @classmethod
    def write(cls, occasion_id: str, name_en: str, *, name_zh: str, rule: OccasionRule, now: datetime) -> "Occasion":
        """Return an occasion of the company's own, or refuse the field that is wrong."""
        return cls(
            id=occasion_id,
            name_en=checks.line(name_en, "name_en", least=1, most=MOST_NAME),
            name_zh=checks.line(name_zh, "name_zh", least=1, most=MOST_NAME),
            rule=rule.checked(),
            create_time=now,
            update_time=now,
        )

    def rewrite(self, name_en: str, name_zh: str, *, rule: OccasionRule, now: datetime) -> "Occasion":
        """Return it with other names and another rule; what is built in or retired stays as it is."""
        self._refuse_fixed()
        wanted = Occasion.write(self.id, name_en, name_zh=name_zh, rule=rule, now=now)
        return replace(self, name_en=wanted.name_en, name_zh=wanted.name_zh, rule=wanted.rule, update_time=now)

    def retire(self, now: datetime) -> "Occasion":
        """Return it out of use."""
        self._refuse_fixed()
        return replace(self, retired=True, update_time=now)

    def _refuse_fixed(self) -> None:
        if self.built_in:
            raise OccasionIsBuiltIn(self.id)
        if self.retired:
            raise OccasionRetired(self.id)


def refuse_chain(rule: OccasionRule, base: Occasion | None) -> None:
    """Refuse a relative rule whose base does not exist, is out of use, or is relative itself."""
    if rule.kind is not OccasionKind.RELATIVE:
        return
    if base is None:
        raise InvalidField("rule.base_id", f"There is no occasion {rule.base_id}.")
    if base.rule.kind is OccasionKind.RELATIVE:
        raise InvalidField("rule.base_id", f"{base.name_en} is counted from another occasion: name that one.")
    if base.retired:
        raise OccasionRetired(base.id)


def built_in_id(code: str) -> str:
    """Return the id of a built-in occasion, the same in every installation."""
    return derived_id("occ", "built-in", code)


def _built_in(code: str, names: tuple[str, str], **rule: object) -> Occasion:
    return Occasion(
        id=built_in_id(code),
        name_en=names[0],
        name_zh=names[1],
        rule=OccasionRule(**rule),  # type: ignore[arg-type]  # each row of the table below names fields of the rule
        built_in=True,
        create_time=BUILT_IN_SINCE,
        update_time=BUILT_IN_SINCE,
    )


_SOLAR, _LUNAR, _NTH = OccasionKind.SOLAR_DATE, OccasionKind.LUNAR_DATE, OccasionKind.NTH_WEEKDAY
_TERM, _RELATIVE = OccasionKind.SOLAR_TERM, OccasionKind.RELATIVE
_SUNDAY, _THURSDAY = 7, 4

_TABLE: dict[str, Occasion] = {
    "new_year": _built_in("new_year", ("New Year's Day", "元旦"), kind=_SOLAR, month=1, day=1),
    "laba": _built_in("laba", ("Laba Festival", "腊八节"), kind=_LUNAR, month=12, day=8),
    "new_years_eve": _built_in(
        "new_years_eve",
        ("Lunar New Year's Eve", "除夕"),
        kind=_RELATIVE,
        base_id=built_in_id("spring_festival"),
        offset_days=-1,
    ),
    "spring_festival": _built_in("spring_festival", ("Spring Festival", "春节"), kind=_LUNAR, month=1, day=1),
    "lantern": _built_in("lantern", ("Lantern Festival", "元宵节"), kind=_LUNAR, month=1, day=15),
    "valentine": _built_in("valentine", ("Valentine's Day", "情人节"), kind=_SOLAR, month=2, day=14),
    "women": _built_in("women", ("International Women's Day", "妇女节"), kind=_SOLAR, month=3, day=8),
    "consumer": _built_in("consumer", ("Consumer Rights Day", "消费者权益日"), kind=_SOLAR, month=3, day=15),
    "qingming": _built_in("qingming", ("Qingming Festival", "清明节"), kind=_TERM, term=SolarTerm.QINGMING),
    "labour": _built_in("labour", ("Labour Day", "劳动节"), kind=_SOLAR, month=5, day=1),
    "youth": _built_in("youth", ("Youth Day", "青年节"), kind=_SOLAR, month=5, day=4),
    "mother": _built_in("mother", ("Mother's Day", "母亲节"), kind=_NTH, month=5, weekday=_SUNDAY, nth=2),
    "children": _built_in("children", ("Children's Day", "儿童节"), kind=_SOLAR, month=6, day=1),
    "dragon_boat": _built_in("dragon_boat", ("Dragon Boat Festival", "端午节"), kind=_LUNAR, month=5, day=5),
    "father": _built_in("father", ("Father's Day", "父亲节"), kind=_NTH, month=6, weekday=_SUNDAY, nth=3),
    "army": _built_in("army", ("Army Day", "建军节"), kind=_SOLAR, month=8, day=1),
    "qixi": _built_in("qixi", ("Qixi Festival", "七夕节"), kind=_LUNAR, month=7, day=7),
    "ghost": _built_in("ghost", ("Ghost Festival", "中元节"), kind=_LUNAR, month=7, day=15),
    "teacher": _built_in("teacher", ("Teachers' Day", "教师节"), kind=_SOLAR, month=9, day=10),
    "mid_autumn": _built_in("mid_autumn", ("Mid-Autumn Festival", "中秋节"), kind=_LUNAR, month=8, day=15),
    "national": _built_in("national", ("National Day", "国庆节"), kind=_SOLAR, month=10, day=1),
    "double_ninth": _built_in("double_ninth", ("Double Ninth Festival", "重阳节"), kind=_LUNAR, month=9, day=9),
    "thanksgiving": _built_in(
        "thanksgiving", ("Thanksgiving", "感恩节"), kind=_NTH, month=11, weekday=_THURSDAY, nth=4
    ),
    "winter_solstice": _built_in(
        "winter_solstice", ("Winter Solstice", "冬至"), kind=_TERM, term=SolarTerm.WINTER_SOLSTICE
    ),
    "christmas": _built_in("christmas", ("Christmas", "圣诞节"), kind=_SOLAR, month=12, day=25),
}

BUILT_IN: dict[str, Occasion] = {occasion.id: occasion for occasion in _TABLE.values()}
"""By id."""
