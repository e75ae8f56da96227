"""Builds the room of the people we care for: consent, merge, import, export, erasure."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from services.care.config import Settings
from services.care.domain.members.links import NoLinks, SignedLinks, keys_of
from services.chassis.clock import Clock, SystemClock
from services.chassis.config import refuse

if TYPE_CHECKING:
    from services.care.domain.members.confirmations import ConfirmationRule
    from services.care.ports.members import MergedCustomers
    from services.care.rpc.members.servicer import MembersServicer
    from services.care.store.members.attributes import MongoAttributes
    from services.care.store.members.members import MongoMembers
    from services.care.usecases.members.confirm_consent import ConfirmConsent, ReadConfirmation
    from services.care.usecases.members.hear_complaint import HearComplaint
    from services.care.usecases.members.import_members import ImportMembers
    from services.care.usecases.members.merge_members import MergeMembers
    from services.care.usecases.members.personal_data import EraseMember
    from services.care.usecases.members.preferences import ChangePreferences, ReadPreferences
    from services.care.usecases.members.relink_customer import RelinkCustomer
    from services.care.usecases.members.settle_ended import SettleEnded
    from services.chassis.rooms import RpcRoom
    from services.chassis.scheduled import Job

OUTBOXES: Sequence[str] = ()
_ASK_SECONDS = 2.0
"""How often members are looked for who are to confirm a consent: they may be waiting for the message."""
_SETTLE_SECONDS = 30.0


def documents() -> Sequence[type]:
    """Return the documents whose indexes `migrate` builds."""
    from services.care.store.members.attributes import AttributeDocument
    from services.care.store.members.closed_complaints import ClosedComplaintDocument
    from services.care.store.members.consents import ConsentDocument
    from services.care.store.members.imports import ImportedRowDocument, ImportProgressDocument
    from services.care.store.members.privacy import PrivacyActDocument

    return (
        ConsentDocument,
        AttributeDocument,
        PrivacyActDocument,
        ClosedComplaintDocument,
        ImportedRowDocument,
        ImportProgressDocument,
    )


def links(settings: Settings) -> SignedLinks | None:
    """Return what makes and reads the links in messages, or None where they are not set up."""
    if settings.link_key_file is None or not settings.public_url:
        return None
    try:
        keys = keys_of(settings.link_key_file.read_text())
    except (OSError, ValueError) as error:
        refuse([f"LINK_KEY_FILE={str(settings.link_key_file)!r}: {error}"])
    return SignedLinks(settings.public_url, keys)


def build_servicer(settings: Settings) -> "MembersServicer":
    """Wire the methods to the use cases and stores."""
    from services.care.rpc.members.servicer import MembersServicer
    from services.care.store.members.attributes import MongoAttributes
    from services.care.store.members.consents import ConsentHistory
    from services.care.store.members.imports import ImportProgressDocument
    from services.care.store.members.members import MongoMembers
    from services.care.store.members.privacy import MongoPersonalData, MongoPrivacyActs
    from services.care.store.members.timeline import MongoTimelines
    from services.care.usecases.members.attributes import DefineAttribute
    from services.care.usecases.members.form_household import FormHousehold
    from services.care.usecases.members.personal_data import ExportMember
    from services.care.usecases.members.record_consent import RecordConsent
    from services.chassis.import_progress_store import MongoImportProgress

    clock = SystemClock()
    members, registry, data, acts = MongoMembers(clock), MongoAttributes(), MongoPersonalData(), MongoPrivacyActs()
    read, change, read_confirmation, confirm = _for_readers(settings, members, clock=clock)
    return MembersServicer(
        members=members,
        consents=ConsentHistory(),
        timelines=MongoTimelines(),
        record_consent=RecordConsent(members, confirmation_rule(settings), clock),
        read_preferences=read,
        change_preferences=change,
        read_confirmation=read_confirmation,
        confirm_consent=confirm,
        registry=registry,
        define_attribute=DefineAttribute(registry),
        form_household=FormHousehold(members, clock),
        merge_members=_build_merge(settings, clock),
        export_member=ExportMember(members, data, acts, clock),
        erase_member=_build_erase(clock),
        privacy_acts=acts,
        import_progress=MongoImportProgress(ImportProgressDocument),
        clock=clock,
    )


def _build_merge(settings: Settings, clock: Clock) -> "MergeMembers":
    from services.care.app.loyalty import build_carry_points
    from services.care.store.members.belongings import MongoBelongings
    from services.care.store.members.members import MongoMembers
    from services.care.store.members.privacy import MongoPrivacyActs
    from services.care.usecases.members.merge_members import MergeMembers

    carry_points = build_carry_points(settings)
    return MergeMembers(MongoMembers(clock), MongoPrivacyActs(), carry_points, MongoBelongings(), clock)


def _build_erase(clock: Clock) -> "EraseMember":
    from services.care.store.members.members import MongoMembers
    from services.care.store.members.privacy import MongoPersonalData, MongoPrivacyActs
    from services.care.store.visits.visits import MongoVisits
    from services.care.usecases.members.personal_data import EraseMember
    from services.care.usecases.visits.visits import WithdrawVisits

    withdraw = WithdrawVisits(MongoVisits.of(clock))
    return EraseMember(MongoMembers(clock), MongoPersonalData(), MongoPrivacyActs(), withdraw, clock)


def build_settle_ended(settings: Settings, clock: Clock) -> "SettleEnded":
    """Wire what finishes merges and erasures."""
    from services.care.store.members.members import MongoMembers
    from services.care.usecases.members.settle_ended import SettleEnded

    return SettleEnded(MongoMembers(clock), _build_merge(settings, clock), _build_erase(clock), clock)


def _for_readers(
    settings: Settings, members: "MongoMembers", *, clock: Clock
) -> "tuple[ReadPreferences, ChangePreferences, ReadConfirmation, ConfirmConsent]":
    """Return what the holders of links do."""
    from services.care.usecases.members.confirm_consent import ConfirmConsent, ReadConfirmation
    from services.care.usecases.members.preferences import ChangePreferences, ReadPreferences

    read = ReadPreferences(members, links(settings) or NoLinks())
    change, confirm = ChangePreferences(read, members, clock), ConfirmConsent(read, members, clock)
    return read, change, ReadConfirmation(read, clock), confirm


def confirmation_rule(settings: Settings) -> "ConfirmationRule":
    """Return which grants count only once the person has confirmed them; nobody could, where there are no links."""
    from services.care.domain.members.confirmations import ConfirmationRule

    can_ask = links(settings) is not None
    if settings.confirm_marketing and not can_ask:
        refuse(["CONFIRM_MARKETING needs links in messages: set PUBLIC_URL and LINK_KEY_FILE"])
    return ConfirmationRule(can_ask, settings.confirm_marketing)


def build_import(
    members: "MongoMembers", registry: "MongoAttributes", *, rule: "ConfirmationRule", clock: Clock
) -> "ImportMembers":
    """Wire what imports members."""
    from services.care.store.members.imports import ImportProgressDocument, MongoFileRows
    from services.care.usecases.members.import_members import ImportMembers
    from services.chassis.import_progress_store import MongoImportProgress
    from services.chassis.tables import FileTables

    progress = MongoImportProgress(ImportProgressDocument)
    return ImportMembers(members, registry, FileTables(), MongoFileRows(), progress, rule, clock)


def build_hear_complaint(clock: Clock) -> "HearComplaint":
    """Wire what hears of complaints."""
    from services.care.store.members.closed_complaints import MongoClosedComplaints
    from services.care.store.members.members import MongoMembers
    from services.care.usecases.members.hear_complaint import HearComplaint

    return HearComplaint(MongoMembers(clock), MongoClosedComplaints(), clock)


def build_relink_customer(clock: Clock, merged: "MergedCustomers") -> "RelinkCustomer":
    """Wire what follows customers that are merged."""
    from services.care.store.members.members import MongoMembers
    from services.care.store.results.service_plans import MongoServicePlans
    from services.care.store.visits.visits import MongoVisits
    from services.care.usecases.members.relink_customer import RelinkCustomer

    return RelinkCustomer(MongoMembers(clock), MongoVisits.of(clock), MongoServicePlans(clock), merged, clock)


def rpc_room(settings: Settings) -> "RpcRoom":
    """Return what this room serves."""
    from membercare.care.v1.members_service_pb2_grpc import add_MembersServiceServicer_to_server
    from services.care.rpc.members.access import ACCESS
    from services.care.rpc.members.servicer import FULL_NAME
    from services.chassis.rooms import RpcRoom

    servicer = build_servicer(settings)
    return RpcRoom(FULL_NAME, ACCESS, lambda server: add_MembersServiceServicer_to_server(servicer, server))


def jobs(settings: Settings) -> "Sequence[Job]":
    """Return what the leader does regularly."""
    from services.care.store.campaigns.campaigns import MongoCampaigns
    from services.care.store.members.members import MongoMembers
    from services.care.store.sending.touches import MongoTouches
    from services.care.usecases.members.confirm_consent import AskForConfirmations
    from services.chassis.scheduled import Job

    clock = SystemClock()
    ask = AskForConfirmations(MongoMembers(clock), MongoCampaigns.of(clock), MongoTouches(), clock)
    settle = build_settle_ended(settings, clock)
    return (
        Job(name="ask_for_confirmations", every_seconds=_ASK_SECONDS, run=lambda lead: ask(lambda: lead.holds)),
        Job(name="settle_ended_members", every_seconds=_SETTLE_SECONDS, run=lambda lead: settle(lambda: lead.holds)),
    )
