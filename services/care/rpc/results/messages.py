"""What came of campaigns as messages."""

from collections.abc import Mapping
from dataclasses import asdict, fields

from membercare.care.v1 import campaign_results_pb2
from membercare.care.v1 import results_service_pb2 as pb
from services.care.domain.campaigns.plan import Goal
from services.care.domain.results.agenda import AgendaDay
from services.care.domain.results.funnel import Funnel
from services.care.domain.results.lift import Lift, LiftVerdict, Outcome
from services.care.domain.sending.reasons import REASON_WORDS
from services.care.usecases.results.report_campaign import Asked, CampaignResults
from services.chassis.checks import civil_date
from services.chassis.proto_enums import EnumTable
from services.chassis.timestamps import to_timestamp

_VERDICTS = EnumTable(LiftVerdict, campaign_results_pb2.LiftVerdict)


def to_asked(
    request: pb.ReportCampaignResultsRequest | pb.ExportCampaignResultsRequest | pb.ListSkipsRequest,
) -> Asked:
    """Return what is asked for, or refuse a day that is none."""
    return Asked(
        request.campaign_id,
        civil_date(request.first_date, "first_date") if request.first_date else None,
        civil_date(request.last_date, "last_date") if request.last_date else None,
    )


def results_to_pb(results: CampaignResults) -> campaign_results_pb2.CampaignResults:
    first, last = results.asked.first_date, results.asked.last_date
    return campaign_results_pb2.CampaignResults(
        campaign_id=results.asked.campaign_id,
        as_of_time=to_timestamp(results.as_of),
        first_date=first.isoformat() if first else "",
        last_date=last.isoformat() if last else "",
        total=_funnel_to_pb(results.total),
        by_channel=_rows(results.by_channel),
        by_variant=_rows(results.by_variant),
        by_version=_rows(results.by_version),
        by_day=_rows(results.by_day),
        skips=skips_to_pb(results.skips),
        costs=[campaign_results_pb2.ChannelCost(**asdict(each)) for each in results.costs],
        lift=_lift_to_pb(results.lift, results.goal) if results.lift and results.goal else None,
    )


def skips_to_pb(skips: Mapping[str, int]) -> list[campaign_results_pb2.SkipCount]:
    return [
        campaign_results_pb2.SkipCount(
            reason=reason, count=count, reason_en=REASON_WORDS[reason][0], reason_zh=REASON_WORDS[reason][1]
        )
        for reason, count in skips.items()
    ]


def _rows(funnels: Mapping[str, Funnel] | Mapping[int, Funnel]) -> list[campaign_results_pb2.CampaignFunnelRow]:
    return [
        campaign_results_pb2.CampaignFunnelRow(key=str(key), funnel=_funnel_to_pb(each))
        for key, each in funnels.items()
    ]


def _funnel_to_pb(funnel: Funnel) -> campaign_results_pb2.CampaignFunnel:
    return campaign_results_pb2.CampaignFunnel(**{each.name: getattr(funnel, each.name) for each in fields(Funnel)})


def _lift_to_pb(lift: Lift, goal: Goal) -> campaign_results_pb2.CampaignLift:
    english, chinese = lift.words
    told = lift.difference
    return campaign_results_pb2.CampaignLift(
        goal_act=goal.act,
        window_days=goal.window_days,
        treated=_group_to_pb(lift.treated),
        control=_group_to_pb(lift.control),
        verdict=_VERDICTS.number(lift.verdict),
        value=told.value if told else None,
        low=told.low if told else None,
        high=told.high if told else None,
        p_value=told.p_value if told else None,
        explanation_en=english,
        explanation_zh=chinese,
    )


def _group_to_pb(outcome: Outcome) -> campaign_results_pb2.OutcomeGroup:
    return campaign_results_pb2.OutcomeGroup(
        members=outcome.members,
        converted=outcome.converted,
        open_windows=outcome.open_windows,
        rate=outcome.converted / outcome.members if outcome.members else 0.0,
    )


def agenda_day_to_pb(day: AgendaDay) -> campaign_results_pb2.AgendaDay:
    return campaign_results_pb2.AgendaDay(
        date=day.date,
        campaigns=[campaign_results_pb2.AgendaCampaign(**asdict(each)) for each in day.campaigns],
        visits_due=day.visits_due,
        visits_completed=day.visits_completed,
    )
