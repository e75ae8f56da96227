"""Days as messages, and requests as what the domain understands."""

from datetime import date

from membercare.care.v1 import calendars_service_pb2 as pb
from membercare.care.v1 import campaign_pb2, campaign_plan_pb2, occasion_pb2, statutory_pb2
from services.care.domain.calendars.birthday_rules import LeapDayPolicy, LunarDay30Policy
from services.care.domain.calendars.blackout import Blackout, BlackoutDays, BlackoutMove, BlackoutSpan
from services.care.domain.calendars.care_days import CareDay
from services.care.domain.calendars.lunar import LunarDay
from services.care.domain.calendars.lunar_words import in_chinese, in_english
from services.care.domain.calendars.occasion import BUILT_IN_SINCE, Occasion
from services.care.domain.calendars.occasion_rule import OccasionDate, OccasionKind, OccasionRule
from services.care.domain.calendars.solar_terms import CHINESE_NAMES, ENGLISH_NAMES, SolarTerm
from services.care.domain.calendars.statutory import DayKind, StatutoryDay, StatutoryTable, TableStatus
from services.care.domain.calendars.statutory_year import StatutoryYear
from services.care.rpc.enums import PURPOSES
from services.care.usecases.calendars.import_statutory import StatutoryReport, YearOutcome
from services.chassis.checks import civil_date
from services.chassis.errors import InvalidField
from services.chassis.proto_enums import EnumTable
from services.chassis.timestamps import to_timestamp

DAY_KINDS = EnumTable(DayKind, statutory_pb2.DayKind)
STATUSES = EnumTable(TableStatus, statutory_pb2.StatutoryStatus)
_OCCASION_KINDS = EnumTable(OccasionKind, occasion_pb2.OccasionKind)
_TERMS = EnumTable(SolarTerm, occasion_pb2.SolarTerm)
_SPANS = EnumTable(BlackoutSpan, occasion_pb2.BlackoutSpan)
_BEHAVIOURS = EnumTable(BlackoutMove, campaign_plan_pb2.BlackoutMove)
_LEAP_DAYS = EnumTable(LeapDayPolicy, campaign_pb2.LeapDayPolicy)
_LUNAR_DAYS_30 = EnumTable(LunarDay30Policy, campaign_pb2.LunarDay30Policy)
_MOST_LISTED = 1_000


def occasion_to_pb(occasion: Occasion) -> occasion_pb2.Occasion:
    return occasion_pb2.Occasion(
        id=occasion.id,
        name_en=occasion.name_en,
        name_zh=occasion.name_zh,
        rule=_rule_to_pb(occasion.rule),
        built_in=occasion.built_in,
        retired=occasion.retired,
        etag=str(occasion.version),
        create_time=to_timestamp(occasion.create_time),
        update_time=to_timestamp(occasion.update_time),
    )


def _rule_to_pb(rule: OccasionRule) -> occasion_pb2.OccasionRule:
    packed = occasion_pb2.OccasionRule(
        kind=_OCCASION_KINDS.number(rule.kind),
        month=rule.month,
        day=rule.day,
        weekday=rule.weekday,
        nth=rule.nth,
        base_id=rule.base_id,
        offset_days=rule.offset_days,
    )
    if rule.term:
        packed.term = _TERMS.number(rule.term)
    if rule.kind is OccasionKind.SOLAR_DATE:
        packed.leap_day_policy = _LEAP_DAYS.number(rule.leap_day)
    if rule.kind is OccasionKind.LUNAR_DATE:
        packed.lunar_day30_policy = _LUNAR_DAYS_30.number(rule.lunar_day30)
    return packed


def to_rule(rule: occasion_pb2.OccasionRule) -> OccasionRule:
    kind = _OCCASION_KINDS.member(rule.kind, "rule.kind")
    if kind is None:
        raise InvalidField("rule.kind", "rule.kind is missing: how is the day found?")
    leap_day = _LEAP_DAYS.member(rule.leap_day_policy, "rule.leap_day_policy")
    day30 = _LUNAR_DAYS_30.member(rule.lunar_day30_policy, "rule.lunar_day30_policy")
    return OccasionRule(
        kind=kind,
        month=rule.month,
        day=rule.day,
        weekday=rule.weekday,
        nth=rule.nth,
        term=_TERMS.member(rule.term, "rule.term"),
        base_id=rule.base_id,
        offset_days=rule.offset_days,
        leap_day=leap_day or LeapDayPolicy.FEB_28,
        lunar_day30=day30 or LunarDay30Policy.DAY_29,
    )


def date_to_pb(found: OccasionDate) -> occasion_pb2.OccasionDate:
    return occasion_pb2.OccasionDate(date=found.day.isoformat(), occurrence=found.occurrence)


def blackout_to_pb(blackout: Blackout) -> occasion_pb2.Blackout:
    days = blackout.days
    return occasion_pb2.Blackout(
        id=blackout.id,
        name_en=blackout.name_en,
        name_zh=blackout.name_zh,
        days=occasion_pb2.BlackoutDays(
            span=_SPANS.number(days.span),
            first_date=days.first_date.isoformat() if days.first_date else "",
            last_date=days.last_date.isoformat() if days.last_date else "",
            first_month=days.first_month,
            first_day=days.first_day,
            last_month=days.last_month,
            last_day=days.last_day,
            occasion_id=days.occasion_id,
            days_before=days.days_before,
            days_after=days.days_after,
        ),
        purposes=[PURPOSES.number(each) for each in blackout.purposes],
        cheerful_only=blackout.cheerful_only,
        behaviour=_BEHAVIOURS.number(blackout.behaviour),
        etag=str(blackout.version),
        create_time=to_timestamp(blackout.create_time),
        update_time=to_timestamp(blackout.update_time),
    )


def to_blackout(told: occasion_pb2.Blackout) -> Blackout:
    """Return what the caller wants; the times are those of the store."""
    behaviour = _BEHAVIOURS.member(told.behaviour, "behaviour")
    if behaviour is None:
        raise InvalidField("behaviour", "behaviour is missing: what becomes of a message on such a day?")
    purposes = [PURPOSES.member(each, "purposes") for each in told.purposes]
    return Blackout(
        id=told.id,
        name_en=told.name_en,
        name_zh=told.name_zh,
        days=_to_days(told.days),
        purposes=tuple(each for each in purposes if each),
        cheerful_only=told.cheerful_only,
        behaviour=behaviour,
        create_time=BUILT_IN_SINCE,
        update_time=BUILT_IN_SINCE,
    )


def _to_days(days: occasion_pb2.BlackoutDays) -> BlackoutDays:
    span = _SPANS.member(days.span, "days.span")
    if span is None:
        raise InvalidField("days.span", "days.span is missing: how are the days told?")
    return BlackoutDays(
        span=span,
        first_date=_optional_date(days.first_date, "days.first_date"),
        last_date=_optional_date(days.last_date, "days.last_date"),
        first_month=days.first_month,
        first_day=days.first_day,
        last_month=days.last_month,
        last_day=days.last_day,
        occasion_id=days.occasion_id,
        days_before=days.days_before,
        days_after=days.days_after,
    )


def _optional_date(value: str, field: str) -> date | None:
    return civil_date(value, field) if value else None


def year_to_pb(year: StatutoryYear, table: StatutoryTable, *, number: int) -> statutory_pb2.StatutoryYear:
    return statutory_pb2.StatutoryYear(
        country=year.country,
        year=year.year,
        number=number,
        in_force=year.in_force,
        status=STATUSES.number(table.status),
        days=map(_statutory_to_pb, table.days),
        off_weekdays=table.off_weekdays,
        worked_weekends=table.worked_weekends,
        versions=[
            statutory_pb2.StatutoryVersion(
                number=each.number,
                status=STATUSES.number(each.status),
                imported_by=each.imported_by,
                imported_time=to_timestamp(each.imported_time),
            )
            for each in year.versions
        ],
        etag=str(year.version),
    )


def _statutory_to_pb(day: StatutoryDay) -> statutory_pb2.StatutoryDay:
    return statutory_pb2.StatutoryDay(
        date=day.day.isoformat(), kind=DAY_KINDS.number(day.kind), name_en=day.name_en, name_zh=day.name_zh
    )


def report_to_pb(report: StatutoryReport) -> pb.ImportStatutoryDaysResponse:
    return pb.ImportStatutoryDaysResponse(
        rows=report.rows,
        years=map(_outcome_to_pb, report.years),
        errors=[
            pb.StatutoryRowError(line=each.line, column=each.column, code=each.code, message=each.message)
            for each in report.errors[:_MOST_LISTED]
        ],
        failed=len(report.errors),
        stored=report.stored,
    )


def _outcome_to_pb(outcome: YearOutcome) -> pb.ImportedYear:
    return pb.ImportedYear(
        year=outcome.year.year,
        in_force=outcome.year.in_force,
        changed=outcome.changed,
        status_before=STATUSES.number(outcome.before.status),
        off_weekdays=outcome.after.off_weekdays,
        worked_weekends=outcome.after.worked_weekends,
        differences=[
            pb.StatutoryDifference(
                date=each.day.isoformat(), before=DAY_KINDS.number(each.before), after=DAY_KINDS.number(each.after)
            )
            for each in outcome.differences
        ],
    )


def day_to_pb(day: CareDay) -> statutory_pb2.CareDay:
    return statutory_pb2.CareDay(
        date=day.day.isoformat(),
        weekday=day.day.isoweekday(),
        kind=DAY_KINDS.number(day.kind),
        statutory=_statutory_to_pb(day.statutory) if day.statutory else None,
        lunar=_lunar_to_pb(day.lunar) if day.lunar else None,
        term=_term_to_pb(day.term) if day.term else None,
        occasions=[
            statutory_pb2.CareDayOccasion(occasion=occasion_to_pb(occasion), occurrence=occurrence)
            for occasion, occurrence in day.occasions
        ],
        blackouts=map(blackout_to_pb, day.blackouts),
    )


def _lunar_to_pb(place: LunarDay) -> statutory_pb2.LunarDate:
    return statutory_pb2.LunarDate(
        year=place.month.year,
        month=place.month.number,
        day=place.day,
        leap_month=place.month.leap,
        text_en=in_english(place),
        text_zh=in_chinese(place),
    )


def _term_to_pb(term: SolarTerm) -> statutory_pb2.CareDayTerm:
    return statutory_pb2.CareDayTerm(term=_TERMS.number(term), name_en=ENGLISH_NAMES[term], name_zh=CHINESE_NAMES[term])
