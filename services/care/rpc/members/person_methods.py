"""The company's own fields, households, and what is done with a person as a whole: merged, exported, erased."""

from dataclasses import dataclass

import grpc

from membercare.care.v1 import members_service_pb2 as pb
from services.care.domain.members.attributes import AttributeDefinition, AttributeType
from services.care.domain.members.masks import visible_to
from services.care.domain.members.privacy import PrivacyAct
from services.care.ports.members import AttributeRegistry
from services.care.ports.privacy import PrivacyActs
from services.care.rpc.enums import needed
from services.care.rpc.members.messages import member_to_pb
from services.care.usecases.members.attributes import DefineAttribute
from services.care.usecases.members.form_household import FormHousehold
from services.care.usecases.members.merge_members import MergeMembers
from services.care.usecases.members.personal_data import EraseMember, ExportMember
from services.chassis.checks import line, page_size
from services.chassis.clock import Clock
from services.chassis.identity import current_caller
from services.chassis.ids import optional_id
from services.chassis.import_progress import MOST_KEY, ImportProgress
from services.chassis.proto_enums import EnumTable
from services.chassis.timestamps import to_timestamp

TYPES = EnumTable(AttributeType, pb.AttributeType)


@dataclass(frozen=True, kw_only=True)
class PersonMethods:
    """Reads go to the store, everything else to the use cases."""

    registry: AttributeRegistry
    define_attribute: DefineAttribute
    form_household: FormHousehold
    merge_members: MergeMembers
    export_member: ExportMember
    erase_member: EraseMember
    privacy_acts: PrivacyActs
    import_progress: ImportProgress
    clock: Clock

    def DefineAttribute(
        self, request: pb.DefineAttributeRequest, context: grpc.ServicerContext
    ) -> pb.DefineAttributeResponse:
        told = request.attribute
        stored = self.define_attribute(
            AttributeDefinition(
                id=told.name,
                type=needed(TYPES, told.type, field="attribute.type"),
                label_en=told.label_en,
                label_zh=told.label_zh,
            )
        )
        return pb.DefineAttributeResponse(attribute=_attribute_to_pb(stored))

    def ListAttributes(
        self, request: pb.ListAttributesRequest, context: grpc.ServicerContext
    ) -> pb.ListAttributesResponse:
        return pb.ListAttributesResponse(attributes=map(_attribute_to_pb, self.registry.all()))

    def FormHousehold(
        self, request: pb.FormHouseholdRequest, context: grpc.ServicerContext
    ) -> pb.FormHouseholdResponse:
        caller = current_caller()
        household_id, members = self.form_household(request.member_ids)
        return pb.FormHouseholdResponse(
            household_id=household_id, members=(member_to_pb(visible_to(caller, member)) for member in members)
        )

    def MergeMembers(self, request: pb.MergeMembersRequest, context: grpc.ServicerContext) -> pb.MergeMembersResponse:
        caller = current_caller()
        doublet, survivor = self.merge_members(request.member_id, request.into_id, by=caller.subject, etag=request.etag)
        return pb.MergeMembersResponse(
            member=member_to_pb(visible_to(caller, survivor)), merged=member_to_pb(visible_to(caller, doublet))
        )

    def ExportMember(self, request: pb.ExportMemberRequest, context: grpc.ServicerContext) -> pb.ExportMemberResponse:
        return pb.ExportMemberResponse(json=self.export_member(request.member_id, by=current_caller().subject))

    def EraseMember(self, request: pb.EraseMemberRequest, context: grpc.ServicerContext) -> pb.EraseMemberResponse:
        caller = current_caller()
        left = self.erase_member(request.member_id, by=caller.subject, reason=request.reason)
        return pb.EraseMemberResponse(member=member_to_pb(visible_to(caller, left)))

    def ListPrivacyActs(
        self, request: pb.ListPrivacyActsRequest, context: grpc.ServicerContext
    ) -> pb.ListPrivacyActsResponse:
        page = self.privacy_acts.page(
            optional_id(request.member_id, "mem", field="member_id"),
            size=page_size(request.page_size),
            after=optional_id(request.page_token, "pva", field="page_token"),
        )
        return pb.ListPrivacyActsResponse(acts=map(_act_to_pb, page.items), next_page_token=page.next_token)

    def GetImportProgress(
        self, request: pb.GetImportProgressRequest, context: grpc.ServicerContext
    ) -> pb.GetImportProgressResponse:
        file_key = line(request.file_key, "file_key", most=MOST_KEY, least=1)
        progress = self.import_progress.get(file_key, now=self.clock.now())
        return pb.GetImportProgressResponse(
            phase=progress.phase.value,
            rows=progress.rows,
            done=progress.done,
            update_time=to_timestamp(progress.update_time),
        )


def _attribute_to_pb(definition: AttributeDefinition) -> pb.AttributeDefinition:
    return pb.AttributeDefinition(
        name=definition.id,
        type=TYPES.number(definition.type),
        label_en=definition.label_en,
        label_zh=definition.label_zh,
    )


def _act_to_pb(act: PrivacyAct) -> pb.PrivacyAct:
    return pb.PrivacyAct(
        id=act.id, member_id=act.member_id, act=act.act.value, by=act.by, reason=act.reason, time=to_timestamp(act.time)
    )
