"""The methods about ending warranties."""

from dataclasses import dataclass

import grpc

from membercare.contracts.v1 import renewal_pb2
from membercare.contracts.v1 import renewals_service_pb2 as pb
from membercare.contracts.v1.renewals_service_pb2_grpc import RenewalsServiceServicer
from services.chassis.checks import batch, month, page_size
from services.chassis.ids import optional_id
from services.chassis.timestamps import moment, to_timestamp
from services.contracts.domain.renewals.warranty_expiry import WarrantyExpiry
from services.contracts.ports.warranties import WarrantyExpiries, WarrantyExpiryFilter
from services.contracts.usecases.figures.reports import CountAttached, MonthQuestion


@dataclass(frozen=True, kw_only=True)
class WarrantyReads(RenewalsServiceServicer):
    """Reads go to the stores."""

    expiries: WarrantyExpiries
    count_attached: CountAttached

    def BatchGetWarrantyExpiries(
        self, request: pb.BatchGetWarrantyExpiriesRequest, context: grpc.ServicerContext
    ) -> pb.BatchGetWarrantyExpiriesResponse:
        found = self.expiries.batch_get(batch(request.warranty_expiry_ids, "warranty_expiry_ids", prefix="wty"))
        return pb.BatchGetWarrantyExpiriesResponse(warranty_expiries=map(_expiry, found))

    def ListWarrantyExpiries(
        self, request: pb.ListWarrantyExpiriesRequest, context: grpc.ServicerContext
    ) -> pb.ListWarrantyExpiriesResponse:
        asked = request.filter
        page = self.expiries.page(
            WarrantyExpiryFilter(
                customer_id=optional_id(asked.customer_id, "cus", field="filter.customer_id"),
                owner_id=optional_id(asked.owner_id, "emp", field="filter.owner_id"),
                month=month(asked.month, "filter.month") if asked.month else "",
            ),
            size=page_size(request.page_size),
            after=optional_id(request.page_token, "wty", field="page_token"),
        )
        return pb.ListWarrantyExpiriesResponse(
            warranty_expiries=map(_expiry, page.items), next_page_token=page.next_token
        )

    def ReportAttachRate(
        self, request: pb.ReportAttachRateRequest, context: grpc.ServicerContext
    ) -> pb.ReportAttachRateResponse:
        known_at = moment(request.known_at, "known_at") if request.HasField("known_at") else None
        counted = self.count_attached(MonthQuestion(month=request.month, known_at=known_at))
        return pb.ReportAttachRateResponse(
            ended=counted.ended,
            attached=counted.attached,
            rate=counted.attached / counted.ended if counted.ended else None,
        )


def _expiry(expiry: WarrantyExpiry) -> renewal_pb2.WarrantyExpiry:
    return renewal_pb2.WarrantyExpiry(
        id=expiry.id,
        customer_id=expiry.customer_id,
        owner_id=expiry.owner_id,
        product_id=expiry.product_id,
        month=expiry.month,
        warranty_end=expiry.warranty_end.isoformat(),
        asset_ids=expiry.asset_ids,
        opportunity_id=expiry.opportunity_id,
        create_time=to_timestamp(expiry.create_time),
    )
