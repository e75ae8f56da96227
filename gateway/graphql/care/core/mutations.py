"""Root fields that change members, touches and visits."""

from typing import Annotated

import strawberry
from strawberry import UNSET

from gateway.graphql.care.core.enums import BirthdayCalendar, Channel, Gender, Language, TouchResolution, VisitOutcome
from gateway.graphql.care.core.types import Member, Touch
from gateway.graphql.care.visits.types import Visit
from gateway.graphql.imports import Csv, DryRun, ImportMode, LineOffset, Mode, file_content
from gateway.graphql.patches import named
from gateway.graphql.roots import ETag, Info, RequestId, mutation, result_of
from gateway.graphql.scalars import Date
from gateway.graphql.sources import message, packed
from membercare.care.v1 import care_service_pb2 as pb
from membercare.care.v1 import member_pb2, visit_pb2


@strawberry.input(description="A birthday; the year may be unknown.")
class BirthdayInput:
    calendar: BirthdayCalendar
    month: int
    day: int
    leap_month: bool = strawberry.field(default=False, description="Lunar only: born in the leap month.")
    year: int | None = strawberry.field(default=None, description="For a lunar birthday the lunar year.")


@strawberry.input(description="An own field of the company: exactly one of the three holds the value.")
class MemberAttributeInput:
    name: str
    text: str | None = strawberry.field(default=None, description="A text, or a civil date as `YYYY-MM-DD`.")
    number: float | None = None
    flag: bool | None = None


@strawberry.input(description="A member to register.")
class MemberInput:
    name: str = strawberry.field(description="1 to 100 characters.")
    external_ref: str | None = strawberry.field(default=None, description="Key in the company's own system; unique.")
    customer_id: strawberry.ID | None = None
    gender: Gender | None = None
    language: Language | None = strawberry.field(default=None, description="Absent: Simplified Chinese.")
    time_zone: str | None = strawberry.field(default=None, description="IANA name, for example `Asia/Shanghai`.")
    birthday: BirthdayInput | None = None
    email: str | None = None
    phone: str | None = None
    email_consent: bool | None = strawberry.field(default=None, description="May we send greetings by e-mail?")
    do_not_contact: bool | None = None
    tags: list[str] | None = strawberry.field(default=None, description="At most 50.")
    household_id: strawberry.ID | None = None
    owner_id: strawberry.ID | None = None
    wecom_id: str | None = strawberry.field(default=None, description="External user id of WeCom.")
    wechat_id: str | None = strawberry.field(default=None, description="Openid of the company's WeChat account.")
    preferred_channel: Channel | None = None
    cheerless_until: Date | None = strawberry.field(
        default=None, description="No cheerful message up to and including this day."
    )
    attributes: list[MemberAttributeInput] | None = strawberry.field(
        default=None, description="The company's own fields, defined before by `defineAttribute`."
    )


@strawberry.input(description="What to change of a member: fields left out stay as they are, null empties a field.")
class MemberPatch:
    name: str | None = UNSET
    external_ref: str | None = UNSET
    customer_id: strawberry.ID | None = UNSET
    gender: Gender | None = UNSET
    language: Language | None = UNSET
    time_zone: str | None = UNSET
    birthday: BirthdayInput | None = UNSET
    email: str | None = UNSET
    phone: str | None = UNSET
    email_consent: bool | None = UNSET
    do_not_contact: bool | None = UNSET
    tags: list[str] | None = UNSET
    household_id: strawberry.ID | None = UNSET
    owner_id: strawberry.ID | None = UNSET
    wecom_id: str | None = UNSET
    wechat_id: str | None = UNSET
    preferred_channel: Channel | None = UNSET
    cheerless_until: Date | None = UNSET
    attributes: list[MemberAttributeInput] | None = strawberry.field(
        default=UNSET, description="All of them: what is not named is emptied."
    )


@message(pb.CreateMemberResponse, pb.UpdateMemberResponse, description="The member after the change.")
class MemberPayload:
    member: Member


@strawberry.input(description="How the file calls one column.")
class ImportColumn:
    column: str = strawberry.field(description="Our name of it, for example `external_ref`.")
    header: str = strawberry.field(description="What stands in the header of the file.")


@strawberry.input(description="How a file calls its columns, and how the file itself is called.")
class ImportNaming:
    columns: list[ImportColumn] | None = strawberry.field(
        default=None, description="With any, columns of the file that nobody named are passed over."
    )
    file_key: str | None = strawberry.field(
        default=None,
        description="The same for all slices of one file: doublets are found over all of them, and "
        "`memberImportProgress` tells how far it is.",
    )


ConfirmConsents = Annotated[
    bool,
    strawberry.argument(
        description="Consent by e-mail and SMS that the file grants is pending until the person confirms it by a link."
    ),
]


@message(pb.ImportRowError, description="One row that cannot be imported.")
class MemberRowError:
    line: int = strawberry.field(description="Line in the file; the header is line 1.")
    column: str | None = strawberry.field(description="The column; null: the row as a whole.")
    code: str = strawberry.field(description="A stable code such as `INVALID_FIELD`.")
    message: str = strawberry.field(description="What is wrong and what to do.")
    message_zh: str = strawberry.field(description="The same in Simplified Chinese.")


@message(pb.ImportMembersResponse, description="What became of the file; importing it again changes nothing.")
class ImportMembersPayload:
    rows: int = strawberry.field(description="Rows read, without the header.")
    created: int
    updated: int
    unchanged: int
    failed: int = strawberry.field(description="How many rows were refused in all.")
    stored: bool = strawberry.field(description="False after a dry run, or if all-or-nothing found a bad row.")
    consents_kept: int = strawberry.field(
        description="Rows whose word on consent gave way to a later one, or to a withdrawal by the person."
    )
    errors: list[MemberRowError] = strawberry.field(description="Rows that were refused; at most 1000 are listed.")


@message(pb.ResolveTouchResponse, description="The touch after the change.")
class TouchPayload:
    touch: Touch


@message(pb.CompleteVisitResponse, description="The visit after the change.")
class VisitPayload:
    visit: Visit


_FileBase64 = Annotated[
    str | None,
    strawberry.argument(
        description="The bytes of the file in base64, in place of `csv`: an XLSX workbook, or CSV in UTF-8."
    ),
]
_MEMBER = result_of(MemberPayload, "MemberResult")


@strawberry.type
class CoreMembersMutation:
    @mutation(_MEMBER, rpc="CreateMember", description="Registers a member.")
    async def create_member(
        self, info: Info, input: MemberInput, request_id: RequestId = None
    ) -> pb.CreateMemberResponse:
        request = pb.CreateMemberRequest(member=packed(input, member_pb2.Member), request_id=request_id or "")
        return await info.context.call(info.context.clients.care.CreateMember, request)

    @mutation(_MEMBER, rpc="UpdateMember", description="Changes the fields that the input names.")
    async def update_member(
        self, info: Info, id: strawberry.ID, input: MemberPatch, etag: ETag = None, request_id: RequestId = None
    ) -> pb.UpdateMemberResponse:
        request = pb.UpdateMemberRequest(
            member=packed(input, member_pb2.Member, id=id, etag=etag or ""),
            update_mask=named(input),
            request_id=request_id or "",
        )
        return await info.context.call(info.context.clients.care.UpdateMember, request)

    @mutation(
        result_of(ImportMembersPayload, "ImportMembersResult"),
        rpc="ImportMembers",
        description="Imports members from CSV or XLSX (as `csvBase64`), idempotent by `external_ref`.",
    )
    async def import_members(
        self,
        info: Info,
        csv: Csv = None,
        csv_base64: _FileBase64 = None,
        dry_run: DryRun = False,
        mode: Mode = ImportMode.GOOD_ROWS,
        line_offset: LineOffset = 0,
        naming: ImportNaming | None = None,
        confirm_consents: ConfirmConsents = False,
    ) -> pb.ImportMembersResponse:
        request = pb.ImportMembersRequest(
            content=file_content(csv, csv_base64),
            dry_run=dry_run,
            mode=pb.ImportMode.ValueType(mode),
            line_offset=line_offset,
            columns=[packed(each, pb.ImportColumn) for each in (naming and naming.columns) or ()],
            file_key=(naming and naming.file_key) or "",
            confirm_consents=confirm_consents,
        )
        return await info.context.call(info.context.clients.care.ImportMembers, request, patient=True)

    @mutation(
        result_of(TouchPayload, "TouchResult"),
        rpc="ResolveTouch",
        description="Settles an unknown touch after a look at the provider.",
    )
    async def resolve_touch(
        self, info: Info, id: strawberry.ID, resolution: TouchResolution, request_id: RequestId = None
    ) -> pb.ResolveTouchResponse:
        request = pb.ResolveTouchRequest(
            touch_id=id, resolution=pb.TouchResolution.ValueType(resolution), request_id=request_id or ""
        )
        return await info.context.call(info.context.clients.care.ResolveTouch, request)

    @mutation(result_of(VisitPayload, "VisitResult"), rpc="CompleteVisit", description="Records what a visit came to.")
    async def complete_visit(
        self,
        info: Info,
        id: strawberry.ID,
        outcome: VisitOutcome,
        satisfaction: int | None = None,
        words: str | None = None,
        next_step: str | None = None,
        etag: ETag = None,
        request_id: RequestId = None,
    ) -> pb.CompleteVisitResponse:
        request = pb.CompleteVisitRequest(
            visit_id=id,
            outcome=visit_pb2.VisitOutcome.ValueType(outcome),
            satisfaction=satisfaction or 0,
            words=words or "",
            next_step=next_step or "",
            etag=etag or "",
            request_id=request_id or "",
        )
        return await info.context.call(info.context.clients.care.CompleteVisit, request)
