"""Root fields that read the people we care for: consent, merge, import, export, erasure."""

from collections.abc import Mapping

import strawberry

from gateway.graphql.care.core.types import Consent
from gateway.graphql.care.members.types import AttributeRegistry, MemberExport, MemberImportProgress, PrivacyAct
from gateway.graphql.connections import DEFAULT_FIRST, After, Connection, First, Page, page_of
from gateway.graphql.loaders import Loader
from gateway.graphql.roots import Info, query
from membercare.care.v1 import members_service_pb2 as pb

NODES: Mapping[str, Loader] = {}


@strawberry.type
class MembersQuery:
    @query(
        Connection[Consent],
        rpc="ListConsents",
        description="Every word on consent that was taken over, newest first, also those of merged doublets.",
    )
    async def consents(
        self, info: Info, member_id: strawberry.ID, first: First = DEFAULT_FIRST, after: After = None
    ) -> Page:
        request = pb.ListConsentsRequest(member_id=member_id, page_size=first, page_token=after or "")
        reply = await info.context.call(info.context.clients.care.ListConsents, request)
        return page_of(reply.consents, reply.next_page_token, after=after)

    @query(AttributeRegistry, rpc="ListAttributes", description="The company's own fields.")
    async def member_attributes(self, info: Info) -> pb.ListAttributesResponse:
        return await info.context.call(info.context.clients.care.ListAttributes, pb.ListAttributesRequest())

    @query(
        MemberExport,
        rpc="ExportMember",
        description="Everything that is held of a person as one JSON document; who asked is noted.",
    )
    async def export_member(self, info: Info, id: strawberry.ID) -> pb.ExportMemberResponse:
        request = pb.ExportMemberRequest(member_id=id)
        return await info.context.call(info.context.clients.care.ExportMember, request)

    @query(
        Connection[PrivacyAct],
        rpc="ListPrivacyActs",
        description="Who exported, erased or merged members, and when, newest first.",
    )
    async def privacy_acts(
        self,
        info: Info,
        member_id: strawberry.ID | None = None,
        first: First = DEFAULT_FIRST,
        after: After = None,
    ) -> Page:
        request = pb.ListPrivacyActsRequest(member_id=member_id or "", page_size=first, page_token=after or "")
        reply = await info.context.call(info.context.clients.care.ListPrivacyActs, request)
        return page_of(reply.acts, reply.next_page_token, after=after)

    @query(
        MemberImportProgress,
        rpc="GetImportProgress",
        description="How far an import is that was sent with a file key; kept for a week.",
    )
    async def member_import_progress(self, info: Info, file_key: str) -> pb.GetImportProgressResponse:
        request = pb.GetImportProgressRequest(file_key=file_key)
        return await info.context.call(info.context.clients.care.GetImportProgress, request)
