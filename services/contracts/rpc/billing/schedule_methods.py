"""The methods of billing schedules and exports: unpack, call, pack."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import grpc

from membercare.contracts.v1 import billing_line_pb2
from membercare.contracts.v1 import billing_service_pb2 as pb
from membercare.contracts.v1.billing_service_pb2_grpc import BillingServiceServicer
from services.chassis.checks import batch, page_size
from services.chassis.clock import Clock
from services.chassis.errors import InvalidField
from services.chassis.identity import current_caller
from services.chassis.ids import check_id, optional_id
from services.contracts.domain.billing import billing_words
from services.contracts.domain.billing.billing_export import as_csv, as_json
from services.contracts.domain.billing.billing_line import BillingLine, BillingLineState
from services.contracts.ports.billing import BillingDeliveries, BillingLines, BillingSchedules
from services.contracts.rpc.billing.messages import delivery_to_pb, line_to_pb, parked_to_pb, to_filter
from services.contracts.usecases.billing.mark_billed import MarkBilled
from services.contracts.usecases.billing.plan_billing import PlanOne, RetryParked

_MOST_LINES = 500
_EXPORT_ROWS, _MOST_EXPORT_ROWS = 1000, 5000
_FORMATS: Mapping[int, tuple[str, str]] = {
    pb.BILLING_EXPORT_FORMAT_UNSPECIFIED: ("csv", "text/csv; charset=utf-8"),
    pb.BILLING_EXPORT_FORMAT_CSV: ("csv", "text/csv; charset=utf-8"),
    pb.BILLING_EXPORT_FORMAT_JSON: ("json", "application/json"),
}


@dataclass(frozen=True, kw_only=True)
class ScheduleMethods(BillingServiceServicer):
    """Reads go to the stores, writes to the use cases."""

    clock: Clock
    lines: BillingLines
    schedules: BillingSchedules
    deliveries: BillingDeliveries
    plan_one: PlanOne
    retry_parked: RetryParked
    mark_billed: MarkBilled

    def PlanBilling(self, request: pb.PlanBillingRequest, context: grpc.ServicerContext) -> pb.PlanBillingResponse:
        changes = self.plan_one(request.contract_id)
        return pb.PlanBillingResponse(changes=changes, billing_lines=self._of(request.contract_id))

    def RetryBilling(self, request: pb.RetryBillingRequest, context: grpc.ServicerContext) -> pb.RetryBillingResponse:
        changes = self.retry_parked(request.contract_id)
        return pb.RetryBillingResponse(changes=changes, billing_lines=self._of(request.contract_id))

    def BatchGetBillingLines(
        self, request: pb.BatchGetBillingLinesRequest, context: grpc.ServicerContext
    ) -> pb.BatchGetBillingLinesResponse:
        found = self.lines.batch_get(batch(request.billing_line_ids, "billing_line_ids", prefix="bil"))
        return pb.BatchGetBillingLinesResponse(billing_lines=self._packed(found))

    def BatchListBillingLinesByContract(
        self, request: pb.BatchListBillingLinesByContractRequest, context: grpc.ServicerContext
    ) -> pb.BatchListBillingLinesByContractResponse:
        ids = batch(request.contract_ids, "contract_ids", prefix="con")
        most = page_size(request.limit_per_contract, "limit_per_contract", most=_MOST_LINES)
        found = self.lines.first_of_contracts(ids, most=most)
        return pb.BatchListBillingLinesByContractResponse(
            results=(
                pb.ContractBillingLines(contract_id=key, billing_lines=self._packed(lines))
                for key, lines in found.items()
            )
        )

    def ListBillingLines(
        self, request: pb.ListBillingLinesRequest, context: grpc.ServicerContext
    ) -> pb.ListBillingLinesResponse:
        page = self.lines.page(
            to_filter(request.filter),
            now=self.clock.now(),
            size=page_size(request.page_size),
            after=request.page_token,
        )
        return pb.ListBillingLinesResponse(billing_lines=self._packed(page.items), next_page_token=page.next_token)

    def ExplainBillingLine(
        self, request: pb.ExplainBillingLineRequest, context: grpc.ServicerContext
    ) -> pb.ExplainBillingLineResponse:
        line, now = self.lines.get(check_id(request.billing_line_id, "bil", field="billing_line_id")), self.clock.now()
        return pb.ExplainBillingLineResponse(
            billing_line=line_to_pb(line, line.state_at(now)),
            explanation_en=billing_words.in_english(line, now=now),
            explanation_zh=billing_words.in_chinese(line, now=now),
        )

    def MarkBilled(self, request: pb.MarkBilledRequest, context: grpc.ServicerContext) -> pb.MarkBilledResponse:
        lines = self.mark_billed(request.billing_line_ids, invoice=request.invoice, by=current_caller().subject)
        return pb.MarkBilledResponse(billing_lines=self._packed(lines))

    def ExportBillingLines(
        self, request: pb.ExportBillingLinesRequest, context: grpc.ServicerContext
    ) -> pb.ExportBillingLinesResponse:
        if request.format not in _FORMATS:
            raise InvalidField("format", "format is none of its values.")
        form, media_type = _FORMATS[request.format]
        match, now = to_filter(request.filter), self.clock.now()
        page = self.lines.page(
            match if match.state else replace(match, state=BillingLineState.DUE),
            now=now,
            size=page_size(request.page_size, default=_EXPORT_ROWS, most=_MOST_EXPORT_ROWS),
            after=request.page_token,
        )
        write = as_csv if form == "csv" else as_json
        return pb.ExportBillingLinesResponse(
            content=write(page.items, now=now),
            media_type=media_type,
            rows=len(page.items),
            next_page_token=page.next_token,
        )

    def ListBillingDeliveries(
        self, request: pb.ListBillingDeliveriesRequest, context: grpc.ServicerContext
    ) -> pb.ListBillingDeliveriesResponse:
        page = self.deliveries.page(
            undelivered=request.undelivered,
            size=page_size(request.page_size),
            before=optional_id(request.page_token, "dlv", field="page_token"),
        )
        return pb.ListBillingDeliveriesResponse(
            billing_deliveries=map(delivery_to_pb, page.items), next_page_token=page.next_token
        )

    def ListParkedBilling(
        self, request: pb.ListParkedBillingRequest, context: grpc.ServicerContext
    ) -> pb.ListParkedBillingResponse:
        page = self.schedules.parked(
            size=page_size(request.page_size), after=optional_id(request.page_token, "con", field="page_token")
        )
        return pb.ListParkedBillingResponse(parked=map(parked_to_pb, page.items), next_page_token=page.next_token)

    def _of(self, contract_id: str) -> Iterator[billing_line_pb2.BillingLine]:
        return self._packed(self.lines.first_of_contracts([contract_id], most=_MOST_LINES).get(contract_id, ()))

    def _packed(self, lines: Iterable[BillingLine]) -> Iterator[billing_line_pb2.BillingLine]:
        now = self.clock.now()
        return (line_to_pb(line, line.state_at(now)) for line in lines)
