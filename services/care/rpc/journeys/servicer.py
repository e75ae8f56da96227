"""Answers calls about steps over time, one member at a time."""

from collections.abc import Sequence
from dataclasses import dataclass

import grpc

from membercare.care.v1 import journey_run_pb2
from membercare.care.v1 import journeys_service_pb2 as pb
from membercare.care.v1.journeys_service_pb2_grpc import JourneysServiceServicer
from services.care.domain.campaigns.campaign import CampaignState
from services.care.domain.journeys.run import JourneyRun
from services.care.domain.sending.reasons import Reason
from services.care.ports.campaigns import Campaigns
from services.care.ports.journeys import JourneyBook, RunFilter
from services.care.ports.sending_settings import Settings
from services.care.rpc.journeys.messages import STATES, count_to_pb, run_to_pb
from services.care.usecases.journeys.change_run import RemoveFromJourney, RetryJourneyRun
from services.chassis.checks import batch, page_size
from services.chassis.clock import Clock
from services.chassis.errors import InvalidField
from services.chassis.identity import current_caller
from services.chassis.ids import check_id, optional_id

FULL_NAME = pb.DESCRIPTOR.services_by_name["JourneysService"].full_name


@dataclass(frozen=True, kw_only=True)
class JourneysServicer(JourneysServiceServicer):
    """Unpack, call, pack."""

    book: JourneyBook
    campaigns: Campaigns
    rules: Settings
    remove: RemoveFromJourney
    retry: RetryJourneyRun
    clock: Clock

    def BatchGetJourneyRuns(
        self, request: pb.BatchGetJourneyRunsRequest, context: grpc.ServicerContext
    ) -> pb.BatchGetJourneyRunsResponse:
        found = self.book.batch_get(batch(request.run_ids, "run_ids", prefix="jrn"))
        return pb.BatchGetJourneyRunsResponse(runs=self._pack(found))

    def ListJourneyRuns(
        self, request: pb.ListJourneyRunsRequest, context: grpc.ServicerContext
    ) -> pb.ListJourneyRunsResponse:
        page = self.book.page(
            _filter(request.filter),
            size=page_size(request.page_size),
            after=optional_id(request.page_token, "jrn", field="page_token"),
        )
        return pb.ListJourneyRunsResponse(runs=self._pack(page.items), next_page_token=page.next_token)

    def CountJourneyRuns(
        self, request: pb.CountJourneyRunsRequest, context: grpc.ServicerContext
    ) -> pb.CountJourneyRunsResponse:
        campaign_id = check_id(request.campaign_id, "cmp", field="campaign_id")
        return pb.CountJourneyRunsResponse(counts=map(count_to_pb, self.book.counts(campaign_id)))

    def RemoveFromJourney(
        self, request: pb.RemoveFromJourneyRequest, context: grpc.ServicerContext
    ) -> pb.RemoveFromJourneyResponse:
        run_id = check_id(request.run_id, "jrn", field="run_id")
        run = self.remove(run_id, request.why, by=current_caller().subject)
        return pb.RemoveFromJourneyResponse(run=self._pack([run])[0])

    def RetryJourneyRun(
        self, request: pb.RetryJourneyRunRequest, context: grpc.ServicerContext
    ) -> pb.RetryJourneyRunResponse:
        run = self.retry(check_id(request.run_id, "jrn", field="run_id"))
        return pb.RetryJourneyRunResponse(run=self._pack([run])[0])

    def _pack(self, runs: Sequence[JourneyRun]) -> list[journey_run_pb2.JourneyRun]:
        campaigns = self.campaigns.batch_get(list({run.campaign_id for run in runs}))
        paused = {each.id for each in campaigns if each.state is CampaignState.PAUSED}
        kept_by = dict.fromkeys(paused, Reason.CAMPAIGN_PAUSED)
        stopped = Reason.SENDING_STOPPED if self.rules.get().stop else None
        now = self.clock.now()
        return [run_to_pb(run, kept_by=kept_by.get(run.campaign_id) or stopped, now=now) for run in runs]


def _filter(told: pb.JourneyRunFilter) -> RunFilter:
    if not told.campaign_id and not told.member_id:
        raise InvalidField("filter", "filter must name a campaign or a member.")
    return RunFilter(
        campaign_id=optional_id(told.campaign_id, "cmp", field="filter.campaign_id"),
        member_id=optional_id(told.member_id, "mem", field="filter.member_id"),
        state=STATES.member(told.state, "filter.state"),
        step=told.step,
    )
