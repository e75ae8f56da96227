"""Members as messages, and requests as what the domain understands."""

from membercare.care.v1 import care_service_pb2 as pb
from membercare.care.v1 import member_pb2
from services.care.domain.calendars.birthday import Birthday, BirthdayCalendar
from services.care.domain.language import Language
from services.care.domain.members.member import MOST_NAME, MOST_REF, Gender, Member, MemberDetails
from services.care.ports.members import MemberFilter
from services.chassis.checks import line
from services.chassis.csv_rows import ImportMode, ImportReport, RowOutcome
from services.chassis.errors import InvalidField
from services.chassis.ids import optional_id
from services.chassis.proto_enums import EnumTable
from services.chassis.timestamps import to_timestamp

CALENDARS = EnumTable(BirthdayCalendar, member_pb2.BirthdayCalendar)
LANGUAGES = EnumTable(Language, member_pb2.Language)
GENDERS = EnumTable(Gender, member_pb2.Gender)
MODES = EnumTable(ImportMode, pb.ImportMode)
MOST_ERRORS_LISTED = 1_000


def member_to_pb(member: Member) -> member_pb2.Member:
    return member_pb2.Member(
        id=member.id,
        external_ref=member.external_ref,
        customer_id=member.customer_id,
        name=member.name,
        gender=GENDERS.number(member.gender) if member.gender else member_pb2.GENDER_UNSPECIFIED,
        language=LANGUAGES.number(member.language),
        time_zone=member.time_zone,
        birthday=birthday_to_pb(member.birthday) if member.birthday else None,
        email=member.email,
        phone=member.phone,
        email_consent=member.email_consent,
        do_not_contact=member.do_not_contact,
        etag=str(member.version),
        create_time=to_timestamp(member.create_time),
        update_time=to_timestamp(member.update_time),
    )


def birthday_to_pb(birthday: Birthday) -> member_pb2.Birthday:
    return member_pb2.Birthday(
        calendar=CALENDARS.number(birthday.calendar),
        month=birthday.month,
        day=birthday.day,
        leap_month=birthday.leap_month,
        year=birthday.year or 0,
    )


def to_details(told: member_pb2.Member) -> MemberDetails:
    return MemberDetails(
        name=told.name,
        external_ref=told.external_ref,
        customer_id=told.customer_id,
        gender=GENDERS.member(told.gender, "gender"),
        language=LANGUAGES.member(told.language, "language") or Language.ZH_HANS,
        time_zone=told.time_zone,
        birthday=to_birthday(told.birthday) if told.HasField("birthday") else None,
        email=told.email,
        phone=told.phone,
        email_consent=told.email_consent,
        do_not_contact=told.do_not_contact,
    )


def to_birthday(told: member_pb2.Birthday) -> Birthday | None:
    """A birthday message without any content means no birthday, as an unset one does."""
    calendar = CALENDARS.member(told.calendar, "birthday.calendar")
    if calendar is None:
        if told.ByteSize():
            raise InvalidField("birthday.calendar", "birthday.calendar is missing: is it a solar or a lunar birthday?")
        return None
    return Birthday(calendar, told.month, told.day, told.leap_month, told.year or None)


def to_filter(asked: pb.MemberFilter) -> MemberFilter:
    return MemberFilter(
        customer_id=optional_id(asked.customer_id, "cus", field="filter.customer_id"),
        name_prefix=line(asked.name_prefix, "filter.name_prefix", most=MOST_NAME),
        external_ref=line(asked.external_ref, "filter.external_ref", most=MOST_REF),
        birthday_calendar=CALENDARS.member(asked.birthday_calendar, "filter.birthday_calendar"),
    )


def report_to_pb(report: ImportReport) -> pb.ImportMembersResponse:
    return pb.ImportMembersResponse(
        rows=report.rows,
        created=report.outcomes.get(RowOutcome.CREATED, 0),
        updated=report.outcomes.get(RowOutcome.UPDATED, 0),
        unchanged=report.outcomes.get(RowOutcome.UNCHANGED, 0),
        errors=(
            pb.ImportRowError(line=error.line, column=error.column, code=error.code, message=error.message)
            for error in report.errors[:MOST_ERRORS_LISTED]
        ),
        failed=len(report.errors),
        stored=report.stored,
    )
