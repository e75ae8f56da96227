"""Members as messages, and requests as what the domain understands."""

from collections.abc import Iterable

from membercare.care.v1 import care_service_pb2 as pb
from membercare.care.v1 import channel_pb2, member_pb2
from services.care.domain.calendars.birthday import Birthday, BirthdayCalendar
from services.care.domain.channels import Channel
from services.care.domain.language import Language
from services.care.domain.members.addresses import email_address, phone_number
from services.care.domain.members.asking import OPEN_FOR
from services.care.domain.members.consents import Consent, ConsentSource
from services.care.domain.members.details import MOST_NAME, MOST_REF, MOST_TAG, MOST_WECHAT, Gender, MemberDetails
from services.care.domain.members.member import Member
from services.care.domain.members.row_words import in_chinese
from services.care.ports.members import MemberFilter
from services.care.rpc.enums import CHANNELS, LANGUAGES, PURPOSES
from services.care.usecases.members.import_members import MemberImport
from services.chassis.checks import line
from services.chassis.csv_rows import ImportMode, RowOutcome
from services.chassis.errors import InvalidField
from services.chassis.ids import optional_id
from services.chassis.proto_enums import EnumTable
from services.chassis.timestamps import to_timestamp

CALENDARS = EnumTable(BirthdayCalendar, member_pb2.BirthdayCalendar)
GENDERS = EnumTable(Gender, member_pb2.Gender)
SOURCES = EnumTable(ConsentSource, member_pb2.ConsentSource)
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
        tags=member.tags,
        attributes=(attribute_to_pb(name, value) for name, value in sorted(member.attributes.items())),
        household_id=member.household_id,
        owner_id=member.owner_id,
        wecom_id=member.wecom_id,
        wechat_id=member.wechat_id,
        preferred_channel=(
            CHANNELS.number(member.preferred_channel) if member.preferred_channel else channel_pb2.CHANNEL_UNSPECIFIED
        ),
        cheerless_until=member.cheerless_until.isoformat() if member.cheerless_until else "",
        consents=(consent_to_pb(member.id, each) for each in member.consent_facts),
        suppressed=(
            member_pb2.Suppression(channel=CHANNELS.number(Channel(channel)), reason=why)
            for channel, why in sorted(member.suppressed.items())
        ),
        complaint_ids=member.complaints,
        merged_into_id=member.merged_into_id,
        merged_ids=member.merged_ids,
        erased_time=to_timestamp(member.erased_time) if member.erased_time else None,
    )


def consent_to_pb(member_id: str, consent: Consent) -> member_pb2.Consent:
    return member_pb2.Consent(
        id=consent.id,
        channel=CHANNELS.number(consent.channel),
        purpose=PURPOSES.number(consent.purpose),
        granted=consent.granted,
        time=to_timestamp(consent.time),
        source=SOURCES.number(consent.source),
        proof=consent.proof,
        recorded_time=to_timestamp(consent.recorded_time),
        recorded_by=consent.recorded_by,
        member_id=member_id,
        touch_id=consent.touch_id,
        pending=consent.pending,
        asked_touch_id=consent.asked_touch_id,
        confirm_by_time=to_timestamp(consent.recorded_time + OPEN_FOR) if consent.pending else None,
    )


def attribute_to_pb(name: str, value: str | float) -> member_pb2.MemberAttribute:
    if isinstance(value, bool):
        return member_pb2.MemberAttribute(name=name, flag=value)
    if isinstance(value, str):
        return member_pb2.MemberAttribute(name=name, text=value)
    return member_pb2.MemberAttribute(name=name, number=value)


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
        tags=told.tags,
        household_id=told.household_id,
        owner_id=told.owner_id,
        wecom_id=told.wecom_id,
        wechat_id=told.wechat_id,
        preferred_channel=CHANNELS.member(told.preferred_channel, "preferred_channel"),
        cheerless_until=told.cheerless_until,
        attributes=[(each.name, attribute_value(each)) for each in told.attributes],
    )


def attribute_value(told: member_pb2.MemberAttribute) -> str | float | bool | None:
    """Return the value, None where none of the three is set."""
    kind = told.WhichOneof("value")
    value: str | float | bool | None = getattr(told, kind) if kind else None
    return value


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
        tag=line(asked.tag, "filter.tag", most=MOST_TAG),
        owner_id=optional_id(asked.owner_id, "emp", field="filter.owner_id"),
        household_id=optional_id(asked.household_id, "hsh", field="filter.household_id"),
        wecom_id=line(asked.wecom_id, "filter.wecom_id", most=MOST_WECHAT),
        wechat_id=line(asked.wechat_id, "filter.wechat_id", most=MOST_WECHAT),
        email=email_address(asked.email, "filter.email"),
        phone=phone_number(asked.phone, "filter.phone"),
        include_ended=asked.include_ended,
    )


def to_names(columns: Iterable[pb.ImportColumn]) -> dict[str, str]:
    """Return the file's word by ours, or refuse a column that is told twice or without a word."""
    names: dict[str, str] = {}
    for each in columns:
        if each.column in names or not each.header.strip():
            raise InvalidField("columns", f"{each.column or 'A column'} needs exactly one header.")
        names[each.column] = each.header
    return names


def report_to_pb(taken: MemberImport) -> pb.ImportMembersResponse:
    report = taken.report
    return pb.ImportMembersResponse(
        rows=report.rows,
        created=report.outcomes.get(RowOutcome.CREATED, 0),
        updated=report.outcomes.get(RowOutcome.UPDATED, 0),
        unchanged=report.outcomes.get(RowOutcome.UNCHANGED, 0),
        errors=(
            pb.ImportRowError(
                line=error.line,
                column=taken.names.get(error.column, error.column),
                code=error.code,
                message=error.message,
                message_zh=in_chinese(error),
            )
            for error in report.errors[:MOST_ERRORS_LISTED]
        ),
        failed=len(report.errors),
        stored=report.stored,
        consents_kept=taken.consents_kept,
    )
