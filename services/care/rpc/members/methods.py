"""The methods of CareService that deal with members: unpack, call, pack."""

from dataclasses import dataclass

import grpc

from membercare.care.v1 import care_service_pb2 as pb
from services.care.domain.members.masks import refuse_search, visible_to
from services.care.ports.members import Members
from services.care.rpc.members.messages import MODES, member_to_pb, report_to_pb, to_details, to_filter, to_names
from services.care.usecases.members.change_member import ChangeMember
from services.care.usecases.members.import_members import ImportMembers, MemberFile
from services.care.usecases.members.register_member import RegisterMember
from services.chassis.checks import batch, page_size
from services.chassis.csv_rows import ImportMode, checked_offset
from services.chassis.identity import current_caller
from services.chassis.ids import check_id, optional_id

_MOST_PER_CUSTOMER = 100


@dataclass(frozen=True, kw_only=True)
class MemberMethods:
    """Reads go to the store, writes to the use cases; every member that leaves is masked for its reader."""

    members: Members
    register_member: RegisterMember
    change_member: ChangeMember
    import_members: ImportMembers

    def CreateMember(self, request: pb.CreateMemberRequest, context: grpc.ServicerContext) -> pb.CreateMemberResponse:
        member = self.register_member(to_details(request.member), request_id=request.request_id)
        return pb.CreateMemberResponse(member=member_to_pb(visible_to(current_caller(), member)))

    def UpdateMember(self, request: pb.UpdateMemberRequest, context: grpc.ServicerContext) -> pb.UpdateMemberResponse:
        member = self.change_member(
            request.member.id,
            to_details(request.member),
            mask=request.update_mask.paths,
            etag=request.member.etag,
            request_id=request.request_id,
        )
        return pb.UpdateMemberResponse(member=member_to_pb(visible_to(current_caller(), member)))

    def GetMember(self, request: pb.GetMemberRequest, context: grpc.ServicerContext) -> pb.GetMemberResponse:
        member = self.members.get(check_id(request.member_id, "mem", field="member_id"))
        return pb.GetMemberResponse(member=member_to_pb(visible_to(current_caller(), member)))

    def BatchGetMembers(
        self, request: pb.BatchGetMembersRequest, context: grpc.ServicerContext
    ) -> pb.BatchGetMembersResponse:
        caller = current_caller()
        found = self.members.batch_get(batch(request.member_ids, "member_ids", prefix="mem"))
        return pb.BatchGetMembersResponse(members=(member_to_pb(visible_to(caller, member)) for member in found))

    def ListMembers(self, request: pb.ListMembersRequest, context: grpc.ServicerContext) -> pb.ListMembersResponse:
        caller, match = current_caller(), to_filter(request.filter)
        for value, field in ((match.name_prefix, "name_prefix"), (match.email, "email"), (match.phone, "phone")):
            if value:
                refuse_search(caller, f"filter.{field}")
        page = self.members.page(
            match, size=page_size(request.page_size), after=optional_id(request.page_token, "mem", field="page_token")
        )
        return pb.ListMembersResponse(
            members=(member_to_pb(visible_to(caller, member)) for member in page.items),
            next_page_token=page.next_token,
        )

    def BatchListMembersByCustomer(
        self, request: pb.BatchListMembersByCustomerRequest, context: grpc.ServicerContext
    ) -> pb.BatchListMembersByCustomerResponse:
        caller = current_caller()
        customer_ids = batch(request.customer_ids, "customer_ids", prefix="cus")
        most = page_size(request.limit_per_customer, "limit_per_customer", most=_MOST_PER_CUSTOMER)
        found = self.members.of_customers(customer_ids, most=most)
        return pb.BatchListMembersByCustomerResponse(
            results=(
                pb.CustomerMembers(
                    customer_id=customer_id, members=(member_to_pb(visible_to(caller, member)) for member in members)
                )
                for customer_id, members in found.items()
            )
        )

    def ImportMembers(
        self, request: pb.ImportMembersRequest, context: grpc.ServicerContext
    ) -> pb.ImportMembersResponse:
        taken = self.import_members(
            MemberFile(
                content=request.content,
                dry_run=request.dry_run,
                mode=MODES.member(request.mode, "mode") or ImportMode.GOOD_ROWS,
                line_offset=checked_offset(request.line_offset),
                names=to_names(request.columns),
                file_key=request.file_key,
                confirm=request.confirm_consents,
            )
        )
        return report_to_pb(taken)
