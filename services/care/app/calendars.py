"""Builds the room of days: statutory, lunar, occasions, blackouts."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from services.care.config import Settings
from services.chassis.clock import Clock, SystemClock

if TYPE_CHECKING:
    from services.care.rpc.calendars.servicer import CalendarsServicer
    from services.care.store.calendars.calendars import MongoCalendars
    from services.chassis.rooms import RpcRoom
    from services.chassis.scheduled import Job

OUTBOXES: Sequence[str] = ()  # nobody is told of a change: what is planned by a day is judged anew when it leaves


def documents() -> Sequence[type]:
    """Return the documents whose indexes `migrate` builds."""
    from services.care.store.calendars.blackouts import BlackoutDocument
    from services.care.store.calendars.occasions import OccasionDocument
    from services.care.store.calendars.statutory_years import StatutoryYearDocument

    return (OccasionDocument, BlackoutDocument, StatutoryYearDocument)


def build_calendars(clock: Clock) -> "MongoCalendars":
    """Return what other rooms read days from."""
    from services.care.clients.statutory_library import HolidaysLibrary
    from services.care.store.calendars.blackouts import MongoBlackouts
    from services.care.store.calendars.calendars import MongoCalendars
    from services.care.store.calendars.occasions import MongoOccasions
    from services.care.store.calendars.statutory_years import MongoStatutoryYears

    return MongoCalendars(MongoOccasions(clock), MongoBlackouts(clock), MongoStatutoryYears(clock), HolidaysLibrary())


def build_servicer(settings: Settings) -> "CalendarsServicer":
    """Wire the methods to the use cases and stores."""
    from services.care.clients.holiday_files import FileHolidays
    from services.care.rpc.calendars.servicer import CalendarsServicer
    from services.care.usecases.calendars.import_statutory import ImportStatutoryDays, RestoreStatutoryYear
    from services.care.usecases.calendars.keep_blackouts import ChangeBlackout, ForgetBlackout, WriteBlackout
    from services.care.usecases.calendars.keep_occasions import ChangeOccasion, RetireOccasion, WriteOccasion

    clock = SystemClock()
    calendars = build_calendars(clock)
    occasions, blackouts, years = calendars.occasions, calendars.blackouts, calendars.years
    return CalendarsServicer(
        calendars=calendars,
        years=years,
        library=calendars.library,
        import_statutory_days=ImportStatutoryDays(years, calendars.library, FileHolidays(), clock),
        restore_statutory_year=RestoreStatutoryYear(years, clock),
        occasions=occasions,
        blackouts=blackouts,
        write_occasion=WriteOccasion(occasions, clock),
        change_occasion=ChangeOccasion(occasions, clock),
        retire_occasion=RetireOccasion(occasions, clock),
        write_blackout=WriteBlackout(blackouts, occasions, clock),
        change_blackout=ChangeBlackout(blackouts, occasions, clock),
        forget_blackout=ForgetBlackout(blackouts),
    )


def rpc_room(settings: Settings) -> "RpcRoom":
    """Return what this room serves."""
    from membercare.care.v1.calendars_service_pb2_grpc import add_CalendarsServiceServicer_to_server
    from services.care.rpc.calendars.access import ACCESS
    from services.care.rpc.calendars.servicer import FULL_NAME
    from services.chassis.rooms import RpcRoom

    servicer = build_servicer(settings)
    return RpcRoom(FULL_NAME, ACCESS, lambda server: add_CalendarsServiceServicer_to_server(servicer, server))


def jobs(settings: Settings) -> "Sequence[Job]":
    """Return what the leader does regularly."""
    return ()
