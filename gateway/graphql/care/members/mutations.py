"""Root fields that change the people we care for: consent, merge, import, export, erasure."""

import strawberry

from gateway.graphql.care.core.enums import Channel, ConsentSource, Purpose
from gateway.graphql.care.members.types import (
    AFTERWARDS,
    AttributePayload,
    AttributeType,
    ConfirmedConsentPayload,
    HouseholdPayload,
    MergeMembersPayload,
    PreferencesPayload,
)
from gateway.graphql.roots import ETag, Info, RequestId, mutation, result_of
from gateway.graphql.scalars import DateTime
from gateway.graphql.sources import packed
from membercare.care.v1 import members_service_pb2 as pb


@strawberry.input(description="What a member allows, or does not allow any more.")
class ConsentInput:
    channel: Channel
    purpose: Purpose = strawberry.field(description="Care or marketing: service needs no consent.")
    granted: bool = strawberry.field(description="True: agreed; false: withdrawn.")
    source: ConsentSource | None = strawberry.field(default=None, description="Absent: an employee's word.")
    time: DateTime | None = strawberry.field(default=None, description="When the word was given; absent: now.")
    proof: str | None = strawberry.field(
        default=None, description="What proves it, at most 500 characters; a grant of the person needs it."
    )
    confirm: bool = strawberry.field(
        default=False,
        description="With a grant by e-mail or SMS: pending until the person confirms it by the link in a message.",
    )


@strawberry.input(description="An own field of the company to define.")
class AttributeDefinitionInput:
    name: str = strawberry.field(description="1 to 50 of a-z, 0-9 and `_`, beginning with a letter.")
    type: AttributeType = strawberry.field(description="Fixed once it is defined.")
    label_en: str
    label_zh: str


@strawberry.input(description="What to allow on one channel for one purpose.")
class PreferenceInput:
    channel: Channel
    purpose: Purpose
    granted: bool


@strawberry.type
class MembersMutation:
    @mutation(AFTERWARDS, rpc="RecordConsent", description="Records what a member allows, or does not allow any more.")
    async def record_consent(
        self,
        info: Info,
        id: strawberry.ID,
        input: ConsentInput,
        etag: ETag = None,
        request_id: RequestId = None,
    ) -> pb.RecordConsentResponse:
        request = packed(input, pb.RecordConsentRequest, member_id=id, etag=etag or "", request_id=request_id or "")
        return await info.context.call(info.context.clients.care.RecordConsent, request)

    @mutation(
        result_of(AttributePayload, "AttributeResult"),
        rpc="DefineAttribute",
        description="Defines an own field of the company, or changes its labels.",
    )
    async def define_attribute(self, info: Info, input: AttributeDefinitionInput) -> pb.DefineAttributeResponse:
        request = pb.DefineAttributeRequest(attribute=packed(input, pb.AttributeDefinition))
        return await info.context.call(info.context.clients.care.DefineAttribute, request)

    @mutation(
        result_of(HouseholdPayload, "HouseholdResult"),
        rpc="FormHousehold",
        description="Puts members into one household: that of the first who has one, else a new one.",
    )
    async def form_household(self, info: Info, member_ids: list[strawberry.ID]) -> pb.FormHouseholdResponse:
        request = pb.FormHouseholdRequest(member_ids=member_ids)
        return await info.context.call(info.context.clients.care.FormHousehold, request)

    @mutation(
        result_of(MergeMembersPayload, "MergeMembersResult"),
        rpc="MergeMembers",
        description="Merges a doublet (`id`) into the member that stays; what either has had is found through it.",
    )
    async def merge_members(
        self, info: Info, id: strawberry.ID, into_id: strawberry.ID, etag: ETag = None
    ) -> pb.MergeMembersResponse:
        request = pb.MergeMembersRequest(member_id=id, into_id=into_id, etag=etag or "")
        return await info.context.call(info.context.clients.care.MergeMembers, request)

    @mutation(
        AFTERWARDS,
        rpc="EraseMember",
        description="Forgets a person: all personal data go, ids and the ledger stay. It cannot be undone.",
    )
    async def erase_member(self, info: Info, id: strawberry.ID, reason: str) -> pb.EraseMemberResponse:
        request = pb.EraseMemberRequest(member_id=id, reason=reason)
        return await info.context.call(info.context.clients.care.EraseMember, request)

    @mutation(
        result_of(PreferencesPayload, "PreferencesResult"),
        rpc="ChangePreferences",
        description="Takes over what the holder of a link in a message says, at once.",
    )
    async def change_preferences(
        self,
        info: Info,
        token: str,
        preferences: list[PreferenceInput] | None = None,
        unsubscribe_from_all: bool = False,
    ) -> pb.ChangePreferencesResponse:
        request = pb.ChangePreferencesRequest(
            token=token,
            preferences=[packed(each, pb.Preference) for each in preferences or ()],
            unsubscribe_from_all=unsubscribe_from_all,
        )
        return await info.context.call(info.context.clients.care.ChangePreferences, request)

    @mutation(
        result_of(ConfirmedConsentPayload, "ConfirmedConsentResult"),
        rpc="ConfirmConsent",
        description="Grants what the link in a message asks for, on the person's word.",
    )
    async def confirm_consent(self, info: Info, token: str) -> pb.ConfirmConsentResponse:
        request = pb.ConfirmConsentRequest(token=token)
        return await info.context.call(info.context.clients.care.ConfirmConsent, request)
