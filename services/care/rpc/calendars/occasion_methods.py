"""The methods about occasions and blackouts: unpack, call, pack."""

from dataclasses import dataclass
from datetime import date

import grpc

from membercare.care.v1 import calendars_service_pb2 as pb
from services.care.ports.calendars import Blackouts, Calendars, Occasions
from services.care.rpc.calendars.messages import (
    blackout_to_pb,
    date_to_pb,
    occasion_to_pb,
    to_blackout,
    to_rule,
)
from services.care.rpc.calendars.statutory_methods import FIRST_YEAR, LAST_YEAR
from services.care.usecases.calendars.keep_blackouts import ChangeBlackout, ForgetBlackout, WriteBlackout
from services.care.usecases.calendars.keep_occasions import (
    ChangeOccasion,
    OccasionOrder,
    OccasionWords,
    RetireOccasion,
    WriteOccasion,
)
from services.chassis.checks import batch, page_size
from services.chassis.errors import InvalidField, NotFound
from services.chassis.ids import check_id, optional_id

_MOST_YEARS = 50


@dataclass(frozen=True, kw_only=True)
class OccasionMethods:
    """Reads go to the stores, writes to the use cases."""

    calendars: Calendars
    occasions: Occasions
    blackouts: Blackouts
    write_occasion: WriteOccasion
    change_occasion: ChangeOccasion
    retire_occasion: RetireOccasion
    write_blackout: WriteBlackout
    change_blackout: ChangeBlackout
    forget_blackout: ForgetBlackout

    def CreateOccasion(
        self, request: pb.CreateOccasionRequest, context: grpc.ServicerContext
    ) -> pb.CreateOccasionResponse:
        occasion = self.write_occasion(_words(request), request_id=request.request_id)
        return pb.CreateOccasionResponse(occasion=occasion_to_pb(occasion))

    def UpdateOccasion(
        self, request: pb.UpdateOccasionRequest, context: grpc.ServicerContext
    ) -> pb.UpdateOccasionResponse:
        occasion = self.change_occasion(_order(request), _words(request))
        return pb.UpdateOccasionResponse(occasion=occasion_to_pb(occasion))

    def RetireOccasion(
        self, request: pb.RetireOccasionRequest, context: grpc.ServicerContext
    ) -> pb.RetireOccasionResponse:
        return pb.RetireOccasionResponse(occasion=occasion_to_pb(self.retire_occasion(_order(request))))

    def BatchGetOccasions(
        self, request: pb.BatchGetOccasionsRequest, context: grpc.ServicerContext
    ) -> pb.BatchGetOccasionsResponse:
        found = self.occasions.batch_get(batch(request.occasion_ids, "occasion_ids", prefix="occ"))
        return pb.BatchGetOccasionsResponse(occasions=map(occasion_to_pb, found))

    def ListOccasions(
        self, request: pb.ListOccasionsRequest, context: grpc.ServicerContext
    ) -> pb.ListOccasionsResponse:
        page = self.occasions.page(
            retired=request.filter.with_retired,
            size=page_size(request.page_size),
            after=optional_id(request.page_token, "occ", field="page_token"),
        )
        return pb.ListOccasionsResponse(occasions=map(occasion_to_pb, page.items), next_page_token=page.next_token)

    def ListOccasionDates(
        self, request: pb.ListOccasionDatesRequest, context: grpc.ServicerContext
    ) -> pb.ListOccasionDatesResponse:
        occasion_id = check_id(request.occasion_id, "occ", field="occasion_id")
        if not FIRST_YEAR <= request.first_year <= LAST_YEAR:
            raise InvalidField("first_year", f"first_year must be {FIRST_YEAR} to {LAST_YEAR}.")
        if not request.first_year <= request.last_year < request.first_year + _MOST_YEARS:
            raise InvalidField("last_year", f"last_year must be 0 to {_MOST_YEARS - 1} years after first_year.")
        book = self.calendars.read()
        if occasion_id not in book.occasions:
            raise NotFound.of("occasion", occasion_id)
        dates = book.occasion_dates(
            occasion_id, first=date(request.first_year, 1, 1), last=date(request.last_year, 12, 31)
        )
        return pb.ListOccasionDatesResponse(dates=map(date_to_pb, dates))

    def CreateBlackout(
        self, request: pb.CreateBlackoutRequest, context: grpc.ServicerContext
    ) -> pb.CreateBlackoutResponse:
        blackout = self.write_blackout(to_blackout(request.blackout), request_id=request.request_id)
        return pb.CreateBlackoutResponse(blackout=blackout_to_pb(blackout))

    def UpdateBlackout(
        self, request: pb.UpdateBlackoutRequest, context: grpc.ServicerContext
    ) -> pb.UpdateBlackoutResponse:
        blackout = self.change_blackout(
            to_blackout(request.blackout), etag=request.blackout.etag, request_id=request.request_id
        )
        return pb.UpdateBlackoutResponse(blackout=blackout_to_pb(blackout))

    def DeleteBlackout(
        self, request: pb.DeleteBlackoutRequest, context: grpc.ServicerContext
    ) -> pb.DeleteBlackoutResponse:
        return pb.DeleteBlackoutResponse(blackout_id=self.forget_blackout(request.blackout_id, etag=request.etag))

    def BatchGetBlackouts(
        self, request: pb.BatchGetBlackoutsRequest, context: grpc.ServicerContext
    ) -> pb.BatchGetBlackoutsResponse:
        found = self.blackouts.batch_get(batch(request.blackout_ids, "blackout_ids", prefix="blk"))
        return pb.BatchGetBlackoutsResponse(blackouts=map(blackout_to_pb, found))

    def ListBlackouts(
        self, request: pb.ListBlackoutsRequest, context: grpc.ServicerContext
    ) -> pb.ListBlackoutsResponse:
        page = self.blackouts.page(
            size=page_size(request.page_size), after=optional_id(request.page_token, "blk", field="page_token")
        )
        return pb.ListBlackoutsResponse(blackouts=map(blackout_to_pb, page.items), next_page_token=page.next_token)


def _words(request: pb.CreateOccasionRequest | pb.UpdateOccasionRequest) -> OccasionWords:
    return OccasionWords(name_en=request.name_en, name_zh=request.name_zh, rule=to_rule(request.rule))


def _order(request: pb.UpdateOccasionRequest | pb.RetireOccasionRequest) -> OccasionOrder:
    return OccasionOrder(occasion_id=request.occasion_id, etag=request.etag, request_id=request.request_id)
