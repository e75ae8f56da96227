"""Consent, own fields, preferences and notes on privacy as types of the schema."""

from enum import IntEnum

import strawberry

from gateway.graphql.care.core.enums import Channel, Purpose
from gateway.graphql.care.core.types import Member
from gateway.graphql.edges import MEMBERS
from gateway.graphql.joins import joined
from gateway.graphql.roots import result_of
from gateway.graphql.scalars import DateTime
from gateway.graphql.sources import message
from membercare.care.v1 import members_service_pb2 as pb


@strawberry.enum(description="The type of an own field of the company.")
class AttributeType(IntEnum):
    TEXT = 1
    NUMBER = 2
    FLAG = 3
    DATE = 4


@message(pb.AttributeDefinition, description="An own field of the company.")
class AttributeDefinition:
    name: str
    type: AttributeType
    label_en: str = strawberry.field(description="What people read in English.")
    label_zh: str = strawberry.field(description="What people read in Simplified Chinese.")


@message(pb.ListAttributesResponse, description="All own fields of the company, by name.")
class AttributeRegistry:
    attributes: list[AttributeDefinition]


@message(pb.PrivacyAct, description="Something that was done with all the data of a person.")
class PrivacyAct:
    id: strawberry.ID
    member_id: strawberry.ID
    act: str = strawberry.field(description="`exported`, `erased` or `merged`.")
    by: str = strawberry.field(description="Subject of the employee.")
    reason: str | None
    time: DateTime
    member: Member | None = joined(MEMBERS, key="member_id", description="What is left of the person, or all.")


@message(pb.Preference, description="What is allowed on one channel for one purpose.")
class Preference:
    channel: Channel
    purpose: Purpose
    granted: bool


@message(pb.ExportMemberResponse, description="Everything that is held of a person.")
class MemberExport:
    json: str = strawberry.field(
        description="A JSON object: `member`, `merged`, `consents`, `touches`, `visits` and whatever else is kept."
    )


@message(pb.GetImportProgressResponse, description="How far the newest slice of an imported file is.")
class MemberImportProgress:
    phase: str = strawberry.field(
        description="`checking`, `storing`, `finished` or `failed`: refused as a whole, ended by a fault, "
        "or silent for ten minutes, as when its process died; sending the slice again repeats nothing."
    )
    rows: int = strawberry.field(
        description="Rows of the slice; 0: they are still being checked, or it failed before all of them were."
    )
    done: int
    update_time: DateTime = strawberry.field(
        description="When that was told: after each thousand rows, while the import runs."
    )


@message(pb.RecordConsentResponse, pb.EraseMemberResponse, description="The member after the change.")
class MemberAfterwards:
    member: Member


@message(pb.DefineAttributeResponse, description="The definition as stored.")
class AttributePayload:
    attribute: AttributeDefinition


@message(pb.FormHouseholdResponse, description="The household and those who were named.")
class HouseholdPayload:
    household_id: strawberry.ID
    members: list[Member]


@message(pb.MergeMembersResponse, description="Both members after a merge.")
class MergeMembersPayload:
    member: Member = strawberry.field(description="The member that stays.")
    merged: Member = strawberry.field(description="The doublet.")


@message(pb.ChangePreferencesResponse, description="Every channel and purpose after the change.")
class PreferencesPayload:
    preferences: list[Preference]


@message(pb.ConfirmConsentResponse, description="What the person has allowed now.")
class ConfirmedConsentPayload:
    channel: Channel
    purpose: Purpose


AFTERWARDS = result_of(MemberAfterwards, "MemberAfterwardsResult")
