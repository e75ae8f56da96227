"""The methods that read renewals."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import grpc

from membercare.contracts.v1 import renewal_pb2
from membercare.contracts.v1 import renewals_service_pb2 as pb
from membercare.contracts.v1.renewals_service_pb2_grpc import RenewalsServiceServicer
from services.chassis.checks import batch, page_size
from services.chassis.clock import Clock
from services.chassis.ids import check_id, optional_id
from services.contracts.domain.renewals.notice_policies import POLICIES
from services.contracts.domain.renewals.renewal import Renewal
from services.contracts.domain.terms.periods import local_day
from services.contracts.ports.renewals import Renewals, Signals, StuckRenewals
from services.contracts.rpc.renewals.messages import policy_to_pb, renewal_to_pb, signal_to_pb, stuck_to_pb, to_filter

_MOST_PER_OWNER, _MOST_SIGNALS = 100, 500
_SIGNALS_SINCE = timedelta(days=730)


@dataclass(frozen=True, kw_only=True)
class RenewalReads(RenewalsServiceServicer):
    """Reads go to the stores."""

    renewals: Renewals
    signals: Signals
    stuck: StuckRenewals
    clock: Clock
    zone: str
    """IANA name: the company's, in which people count days."""

    def today(self) -> date:
        """Return the company's day."""
        return local_day(self.clock.now(), self.zone)

    def shown(self, renewals: Iterable[Renewal]) -> list[renewal_pb2.Renewal]:
        """Return them as messages."""
        today = self.today()
        return [renewal_to_pb(renewal, today) for renewal in renewals]

    def GetRenewal(self, request: pb.GetRenewalRequest, context: grpc.ServicerContext) -> pb.GetRenewalResponse:
        renewal = self.renewals.get(check_id(request.renewal_id, "ren", field="renewal_id"))
        return pb.GetRenewalResponse(renewal=renewal_to_pb(renewal, self.today()))

    def BatchGetRenewals(
        self, request: pb.BatchGetRenewalsRequest, context: grpc.ServicerContext
    ) -> pb.BatchGetRenewalsResponse:
        found = self.renewals.batch_get(batch(request.renewal_ids, "renewal_ids", prefix="ren"))
        return pb.BatchGetRenewalsResponse(renewals=self.shown(found))

    def ListRenewals(self, request: pb.ListRenewalsRequest, context: grpc.ServicerContext) -> pb.ListRenewalsResponse:
        today = self.today()
        page = self.renewals.page(
            to_filter(request.filter, today),
            size=page_size(request.page_size),
            after=optional_id(request.page_token, "ren", field="page_token"),
        )
        shown = [renewal_to_pb(renewal, today) for renewal in page.items]
        return pb.ListRenewalsResponse(renewals=shown, next_page_token=page.next_token)

    def BatchListRenewalsByContract(
        self, request: pb.BatchListRenewalsByContractRequest, context: grpc.ServicerContext
    ) -> pb.BatchListRenewalsByContractResponse:
        ids = batch(request.contract_ids, "contract_ids", prefix="con")
        most = page_size(request.limit_per_contract, "limit_per_contract", most=_MOST_PER_OWNER)
        found = self.renewals.of_contracts(ids, most=most)
        return pb.BatchListRenewalsByContractResponse(
            results=(pb.ContractRenewals(contract_id=key, renewals=self.shown(each)) for key, each in found.items())
        )

    def BatchListRenewalsByCustomer(
        self, request: pb.BatchListRenewalsByCustomerRequest, context: grpc.ServicerContext
    ) -> pb.BatchListRenewalsByCustomerResponse:
        ids = batch(request.customer_ids, "customer_ids", prefix="cus")
        most = page_size(request.limit_per_customer, "limit_per_customer", most=_MOST_PER_OWNER)
        found = self.renewals.of_customers(ids, most=most)
        return pb.BatchListRenewalsByCustomerResponse(
            results=(pb.CustomerRenewals(customer_id=key, renewals=self.shown(each)) for key, each in found.items())
        )

    def ListRenewalSignals(
        self, request: pb.ListRenewalSignalsRequest, context: grpc.ServicerContext
    ) -> pb.ListRenewalSignalsResponse:
        customer_id = check_id(request.customer_id, "cus", field="customer_id")
        heard = self.signals.latest(customer_id, since=self.clock.now() - _SIGNALS_SINCE, most=_MOST_SIGNALS)
        return pb.ListRenewalSignalsResponse(signals=map(signal_to_pb, heard))

    def ListNoticePolicies(
        self, request: pb.ListNoticePoliciesRequest, context: grpc.ServicerContext
    ) -> pb.ListNoticePoliciesResponse:
        return pb.ListNoticePoliciesResponse(policies=map(policy_to_pb, POLICIES))

    def ListStuckRenewals(
        self, request: pb.ListStuckRenewalsRequest, context: grpc.ServicerContext
    ) -> pb.ListStuckRenewalsResponse:
        page = self.stuck.page(
            size=page_size(request.page_size), after=optional_id(request.page_token, "con", field="page_token")
        )
        return pb.ListStuckRenewalsResponse(stuck=map(stuck_to_pb, page.items), next_page_token=page.next_token)
