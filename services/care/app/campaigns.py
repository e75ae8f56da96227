"""Builds the room of what is planned for whom, by which rule, who approved it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from services.care.config import Settings
from services.chassis.clock import Clock, SystemClock

if TYPE_CHECKING:
    from services.care.clients.staff_mail import SmtpStaffMailer
    from services.care.rpc.campaigns.servicer import CampaignsServicer
    from services.care.usecases.campaigns.accept_plan import AcceptPlan
    from services.care.usecases.campaigns.check_campaign import CheckPlan
    from services.care.usecases.campaigns.preview_run import PreviewRun
    from services.care.usecases.campaigns.take_words import TakeWords
    from services.chassis.rooms import RpcRoom
    from services.chassis.scheduled import Job

OUTBOXES: Sequence[str] = ()


def documents() -> Sequence[type]:
    """Return the documents whose indexes `migrate` builds."""
    return ()


def build_servicer(settings: Settings) -> "CampaignsServicer":
    """Wire the methods to the use cases and stores."""
    from services.care.domain.campaigns.words import LiquidWords
    from services.care.rpc.campaigns.servicer import CampaignsServicer
    from services.care.store.campaigns.campaigns import MongoCampaigns, MongoPlanCursors
    from services.care.store.campaigns.outcomes import MongoRecipients, MongoVariantOutcomes
    from services.care.usecases.campaigns.campaigns import (
        CloneCampaign,
        CommentOnCampaign,
        MoveCampaign,
        MoveRevision,
        ReviseCampaign,
    )
    from services.care.usecases.campaigns.check_campaign import CheckCampaign
    from services.care.usecases.campaigns.compare_variants import ChooseWinner, ReportVariants
    from services.care.usecases.campaigns.preview_message import PreviewMessage, SendTest

    clock, words = SystemClock(), LiquidWords()
    campaigns, check_plan = MongoCampaigns.of(clock), build_check_plan(settings, clock)
    preview_message = PreviewMessage(campaigns, MongoRecipients(), words, clock)
    return CampaignsServicer(
        campaigns=campaigns,
        cursors=MongoPlanCursors(),
        revise_campaign=ReviseCampaign(campaigns, words, build_accept_plan(settings), clock),
        move_campaign=MoveCampaign(campaigns, check_plan, build_take_words(clock), clock),
        move_revision=MoveRevision(campaigns, check_plan, build_take_words(clock), clock),
        comment_on_campaign=CommentOnCampaign(campaigns, clock),
        clone_campaign=CloneCampaign(campaigns, clock),
        report_variants=ReportVariants(campaigns, MongoVariantOutcomes()),
        choose_winner=ChooseWinner(campaigns, clock),
        check_campaign=CheckCampaign(campaigns, check_plan),
        preview_message=preview_message,
        preview_run=_preview_run(settings),
        send_test=SendTest(preview_message, _staff_mailer(settings, clock), _domains(settings)),
    )


def _staff_mailer(settings: Settings, clock: Clock) -> "SmtpStaffMailer":
    from services.care.clients.providers.connect import mail_servers
    from services.care.clients.secret_files import SecretFiles
    from services.care.clients.smtp_connection import SmtpAddress
    from services.care.clients.staff_mail import SmtpStaffMailer
    from services.care.store.providers.providers import MongoProviders

    given = SmtpAddress.parse(settings.smtp_url), settings.mail_from
    return SmtpStaffMailer(mail_servers(MongoProviders(clock), SecretFiles(settings.provider_secrets_dir), given=given))


def build_accept_plan(settings: Settings) -> "AcceptPlan":
    """Wire what every plan must pass."""
    from services.care.store.calendars.occasions import MongoOccasions
    from services.care.store.members.attributes import MongoAttributes
    from services.care.store.segments.audiences import MongoAudiences
    from services.care.store.segments.segments import MongoSegments
    from services.care.usecases.campaigns.accept_plan import AcceptPlan

    clock = SystemClock()
    audiences = MongoAudiences(MongoSegments.of(clock), settings.company_time_zone)
    return AcceptPlan(audiences, MongoOccasions(clock), MongoAttributes(), build_take_words(clock))


def build_check_plan(settings: Settings, clock: Clock) -> "CheckPlan":
    """Wire what looks for what would go wrong."""
    from services.care.app.calendars import build_calendars
    from services.care.domain.campaigns.words import LiquidWords
    from services.care.domain.results.prices import Prices
    from services.care.store.members.due_members import heard_acts
    from services.care.usecases.campaigns.check_campaign import CheckPlan

    prices = Prices.parse(settings.channel_prices)
    return CheckPlan(LiquidWords(), prices, build_calendars(clock), heard_acts, clock)


def build_take_words(clock: Clock) -> "TakeWords":
    """Wire what copies words of the library into a plan."""
    from services.care.store.templates.words import MongoWords
    from services.care.usecases.campaigns.take_words import TakeWords

    return TakeWords(MongoWords(clock))


def _preview_run(settings: Settings) -> "PreviewRun":
    from services.care.app.calendars import build_calendars
    from services.care.app.channels import channels_set_up
    from services.care.app.core import build_planner
    from services.care.domain.results.prices import Prices
    from services.care.store.campaigns.campaigns import MongoCampaigns
    from services.care.store.sending.contact_looks import MongoContactLooks
    from services.care.store.sending.settings import MongoSendingSettings
    from services.care.usecases.campaigns.foresee_places import ForeseePlaces
    from services.care.usecases.campaigns.preview_run import PreviewRun

    clock = SystemClock()
    due_lines, _ = build_planner(settings, clock)
    return PreviewRun(
        MongoCampaigns.of(clock),
        due_lines,
        build_calendars(clock),
        MongoSendingSettings.of(clock),
        ForeseePlaces(MongoContactLooks(), MongoCampaigns.of(clock)),
        channels_set_up(settings, clock),
        Prices.parse(settings.channel_prices),
        clock,
        settings.company_time_zone,
    )


def _domains(settings: Settings) -> tuple[str, ...]:
    return tuple(each.strip().lower() for each in settings.staff_mail_domains.split(",") if each.strip())


def rpc_room(settings: Settings) -> "RpcRoom":
    """Return what this room serves."""
    from membercare.care.v1.campaigns_service_pb2_grpc import add_CampaignsServiceServicer_to_server
    from services.care.rpc.campaigns.access import ACCESS
    from services.care.rpc.campaigns.servicer import FULL_NAME
    from services.chassis.rooms import RpcRoom

    servicer = build_servicer(settings)
    return RpcRoom(FULL_NAME, ACCESS, lambda server: add_CampaignsServiceServicer_to_server(servicer, server))


def jobs(settings: Settings) -> "Sequence[Job]":
    """Return what the leader does regularly."""
    return ()
