"""Answers calls about points, tiers and privileges."""

from dataclasses import dataclass
from typing import Any

import grpc

from membercare.care.v1 import loyalty_pb2
from membercare.care.v1 import loyalty_service_pb2 as pb
from membercare.care.v1.loyalty_service_pb2_grpc import LoyaltyServiceServicer
from services.care.domain.loyalty.account import Account
from services.care.domain.loyalty.entry import Entry
from services.care.ports.loyalty import PointsLedger, Programs
from services.care.rpc.loyalty.messages import account_to_pb, entry_to_pb, program_to_pb, to_terms
from services.care.usecases.loyalty.keep_program import ReadAccounts, SetTerms
from services.care.usecases.loyalty.post_points import Order, PostPoints
from services.chassis.checks import batch, civil_date, page_size
from services.chassis.errors import InvalidField
from services.chassis.identity import current_caller
from services.chassis.ids import check_id, optional_id

FULL_NAME = pb.DESCRIPTOR.services_by_name["LoyaltyService"].full_name


@dataclass(frozen=True, kw_only=True)
class LoyaltyServicer(LoyaltyServiceServicer):
    """Unpack, call, pack."""

    ledger: PointsLedger
    programs: Programs
    set_terms: SetTerms
    post: PostPoints
    read: ReadAccounts

    def GetLoyaltyProgram(
        self, request: pb.GetLoyaltyProgramRequest, context: grpc.ServicerContext
    ) -> pb.GetLoyaltyProgramResponse:
        return pb.GetLoyaltyProgramResponse(program=program_to_pb(self.programs.get()))

    def UpdateLoyaltyProgram(
        self, request: pb.UpdateLoyaltyProgramRequest, context: grpc.ServicerContext
    ) -> pb.UpdateLoyaltyProgramResponse:
        program = self.set_terms(
            to_terms(request.terms), by=current_caller().subject, etag=request.etag, request_id=request.request_id
        )
        return pb.UpdateLoyaltyProgramResponse(program=program_to_pb(program))

    def EarnPoints(self, request: pb.EarnPointsRequest, context: grpc.ServicerContext) -> pb.EarnPointsResponse:
        ends = civil_date(request.expires_on, "expires_on") if request.expires_on else None
        return pb.EarnPointsResponse(**self._outcome(self.post.earn(_order(request), request.points, expires_on=ends)))

    def RedeemPoints(self, request: pb.RedeemPointsRequest, context: grpc.ServicerContext) -> pb.RedeemPointsResponse:
        return pb.RedeemPointsResponse(**self._outcome(self.post.redeem(_order(request), request.points)))

    def AdjustPoints(self, request: pb.AdjustPointsRequest, context: grpc.ServicerContext) -> pb.AdjustPointsResponse:
        return pb.AdjustPointsResponse(**self._outcome(self.post.adjust(_order(request), request.points)))

    def ReturnPoints(self, request: pb.ReturnPointsRequest, context: grpc.ServicerContext) -> pb.ReturnPointsResponse:
        outcome = self.post.give_back(request.entry_id, request.reason, by=current_caller().subject)
        return pb.ReturnPointsResponse(**self._outcome(outcome))

    def UsePrivilege(self, request: pb.UsePrivilegeRequest, context: grpc.ServicerContext) -> pb.UsePrivilegeResponse:
        return pb.UsePrivilegeResponse(**self._outcome(self.post.use_privilege(_order(request), request.privilege)))

    def BatchGetPointsAccounts(
        self, request: pb.BatchGetPointsAccountsRequest, context: grpc.ServicerContext
    ) -> pb.BatchGetPointsAccountsResponse:
        found = self.ledger.accounts(batch(request.member_ids, "member_ids", prefix="mem"))
        terms, today = self.read.terms(), self.read.today()
        accounts = [account_to_pb(each, terms, today=today) for each in self.read.judged(found, terms)]
        return pb.BatchGetPointsAccountsResponse(accounts=accounts)

    def BatchGetPointsEntries(
        self, request: pb.BatchGetPointsEntriesRequest, context: grpc.ServicerContext
    ) -> pb.BatchGetPointsEntriesResponse:
        found = self.ledger.entries(batch(request.entry_ids, "entry_ids", prefix="pnt"))
        return pb.BatchGetPointsEntriesResponse(entries=map(entry_to_pb, found))

    def ListPointsEntries(
        self, request: pb.ListPointsEntriesRequest, context: grpc.ServicerContext
    ) -> pb.ListPointsEntriesResponse:
        member_id = check_id(request.member_id, "mem", field="member_id")
        page = self.ledger.page(member_id, size=page_size(request.page_size), before=self._before(request))
        return pb.ListPointsEntriesResponse(entries=map(entry_to_pb, page.items), next_page_token=page.next_token)

    def ExplainTier(self, request: pb.ExplainTierRequest, context: grpc.ServicerContext) -> pb.ExplainTierResponse:
        account, why = self.read.explain(request.member_id)
        return pb.ExplainTierResponse(
            account=self._pack(account),
            deserved_tier=why.deserved,
            next_tier=why.next_tier,
            points_to_next=why.points_to_next,
            text_en=why.text_en,
            text_zh=why.text_zh,
        )

    def _before(self, request: pb.ListPointsEntriesRequest) -> int:
        token = optional_id(request.page_token, "pnt", field="page_token")
        found = self.ledger.entries([token]) if token else ()
        if token and [entry.member_id for entry in found] != [request.member_id]:
            raise InvalidField("page_token", "page_token is not one that an earlier page returned.")
        return found[0].number if found else 0

    def _pack(self, account: Account) -> loyalty_pb2.PointsAccount:
        return account_to_pb(account, self.read.terms(), today=self.read.today())

    def _outcome(self, outcome: tuple[Account, Entry]) -> dict[str, Any]:
        account, entry = outcome
        return {"entry": entry_to_pb(entry), "account": self._pack(account)}


def _order(request: Any) -> Order:
    """Read what the requests that move points have in common."""
    return Order(
        member_id=request.member_id,
        key=request.key,
        reason=request.reason,
        reference=getattr(request, "reference", ""),
        by=current_caller().subject,
    )
