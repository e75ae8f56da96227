"""Builds the room of warranties that end, renewals and their forecast."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.chassis.clock import Clock, SystemClock
from services.contracts.config import Settings
from services.contracts.usecases.figures.reports import CountAttached
from services.contracts.usecases.renewals.cancel_contract import CheckCancellation, RecordCancellation
from services.contracts.usecases.renewals.open_renewals import OpenRenewal, Prepare
from services.contracts.usecases.renewals.open_signing_offers import OpenSigningOffers
from services.contracts.usecases.renewals.record_signal import RecordSignal, TellSignal
from services.contracts.usecases.renewals.report_renewals import ReportRenewals, TakeSnapshot
from services.contracts.usecases.renewals.run_renewals import RunRenewals
from services.contracts.usecases.renewals.score_renewals import ScoreRenewals
from services.contracts.usecases.renewals.win_renewal import WinRenewal
from services.contracts.usecases.renewals.work_renewal import LoseRenewal, WorkRenewal

if TYPE_CHECKING:
    from services.chassis.rooms import RpcRoom
    from services.chassis.scheduled import Job
    from services.contracts.rpc.renewals.servicer import RenewalsServicer

OUTBOXES: Sequence[str] = ("renewals", "warranty_expiries")


@dataclass(frozen=True, slots=True)
class RenewalJobs:
    """What the leader does regularly, wired."""

    run: RunRenewals
    score: ScoreRenewals
    snapshot: TakeSnapshot
    offers: OpenSigningOffers


def documents() -> Sequence[type]:
    """Return the documents whose indexes `migrate` builds."""
    from services.contracts.store.renewals.renewals import RenewalDocument
    from services.contracts.store.renewals.signals import SignalDocument
    from services.contracts.store.renewals.snapshots import RenewalSnapshotDocument, SnapshotWeekDocument
    from services.contracts.store.renewals.stuck import StuckRenewalDocument
    from services.contracts.store.renewals.warranties import WarrantyExpiryDocument

    return (
        RenewalDocument,
        SignalDocument,
        RenewalSnapshotDocument,
        SnapshotWeekDocument,
        StuckRenewalDocument,
        WarrantyExpiryDocument,
    )


def build_jobs(settings: Settings, clock: Clock) -> RenewalJobs:
    """Wire the jobs to the stores."""
    from services.contracts.store.renewals.contracts import MongoRenewableContracts
    from services.contracts.store.renewals.likelihood_models import load_model
    from services.contracts.store.renewals.prices import MongoPrices
    from services.contracts.store.renewals.renewals import MongoRenewals
    from services.contracts.store.renewals.signals import MongoSignals
    from services.contracts.store.renewals.snapshots import MongoSnapshots
    from services.contracts.store.renewals.stuck import MongoStuckRenewals
    from services.contracts.store.renewals.warranties import (
        MongoSigningOpportunities,
        MongoWarranties,
        MongoWarrantyExpiries,
    )

    zone, model, signals, renewals = settings.company_time_zone, load_model(), MongoSignals(), MongoRenewals(clock)
    run = RunRenewals(
        contracts=MongoRenewableContracts(clock),
        renewals=renewals,
        prepare=Prepare(MongoPrices(clock), signals, model),
        stuck=MongoStuckRenewals(),
        clock=clock,
        lead_days=settings.renewal_lead_days,
        grace_days=settings.renewal_grace_days,
    )
    return RenewalJobs(
        run=run,
        score=ScoreRenewals(renewals, signals, model, run, clock, zone),
        snapshot=TakeSnapshot(renewals, MongoSnapshots(), clock, zone),
        offers=OpenSigningOffers(
            MongoWarranties(),
            MongoWarrantyExpiries(clock),
            MongoSigningOpportunities(clock),
            clock,
            zone,
            settings.warranty_window_days,
        ),
    )


def build_servicer(settings: Settings, clock: Clock) -> "RenewalsServicer":
    """Wire the methods to the use cases and stores."""
    from services.contracts.app.paperwork import carry_clauses
    from services.contracts.rpc.renewals.servicer import RenewalsServicer
    from services.contracts.store.figures.figures import MongoFigureSources
    from services.contracts.store.renewals.contracts import MongoOutcomes, MongoRenewableContracts
    from services.contracts.store.renewals.likelihood_models import load_model
    from services.contracts.store.renewals.prices import MongoPrices
    from services.contracts.store.renewals.renewals import MongoRenewals
    from services.contracts.store.renewals.signals import MongoSignals
    from services.contracts.store.renewals.snapshots import MongoSnapshots
    from services.contracts.store.renewals.stuck import MongoStuckRenewals
    from services.contracts.store.renewals.warranties import MongoKnownCustomers, MongoWarrantyExpiries

    contracts, renewals, outcomes = MongoRenewableContracts(clock), MongoRenewals(clock), MongoOutcomes(clock)
    signals, snapshots, prices = MongoSignals(), MongoSnapshots(), MongoPrices(clock)
    prepare, zone = Prepare(prices, signals, load_model()), settings.company_time_zone
    check = CheckCancellation(contracts, renewals, prepare, clock)
    return RenewalsServicer(
        renewals=renewals,
        signals=signals,
        stuck=MongoStuckRenewals(),
        clock=clock,
        zone=zone,
        open_renewal=OpenRenewal(contracts, renewals, prepare, clock),
        work=WorkRenewal(renewals, clock, zone),
        win=WinRenewal(outcomes, prices, carry_clauses(clock), clock),
        lose=LoseRenewal(outcomes, clock),
        check_cancellation=check,
        record_cancellation=RecordCancellation(check, outcomes),
        tell_signal=TellSignal(signals, MongoKnownCustomers(), clock),
        report=ReportRenewals(renewals, snapshots, clock, zone),
        snapshots=snapshots,
        expiries=MongoWarrantyExpiries(clock),
        count_attached=CountAttached(MongoFigureSources(zone), clock, zone),
    )


def record_signal() -> RecordSignal:
    """Wire what the consumers tell."""
    from services.contracts.store.renewals.signals import MongoSignals

    return RecordSignal(MongoSignals())


def rpc_room(settings: Settings) -> "RpcRoom":
    """Return what this room serves."""
    from membercare.contracts.v1.renewals_service_pb2_grpc import add_RenewalsServiceServicer_to_server
    from services.chassis.rooms import RpcRoom
    from services.contracts.rpc.renewals.access import ACCESS
    from services.contracts.rpc.renewals.servicer import FULL_NAME

    servicer = build_servicer(settings, SystemClock())
    return RpcRoom(FULL_NAME, ACCESS, lambda server: add_RenewalsServiceServicer_to_server(servicer, server))


def jobs(settings: Settings) -> "Sequence[Job]":
    """Return what the leader does regularly."""
    from services.chassis.scheduled import Job

    made, every = build_jobs(settings, SystemClock()), settings.renewals_seconds
    return (
        Job(name="renewals", every_seconds=every, run=lambda lead: made.run(holds=lambda: lead.holds)),
        Job(name="renewal_likelihood", every_seconds=every, run=lambda lead: made.score(holds=lambda: lead.holds)),
        Job(name="renewal_snapshot", every_seconds=every, run=lambda lead: made.snapshot(holds=lambda: lead.holds)),
        Job(name="signing_offers", every_seconds=every, run=lambda lead: made.offers(holds=lambda: lead.holds)),
    )
