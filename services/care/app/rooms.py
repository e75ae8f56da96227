"""The rooms of the service, in the order in which they are told of."""

from collections.abc import Sequence

from services.care.app import (
    calendars,
    campaigns,
    core,
    journeys,
    loyalty,
    members,
    results,
    segments,
    sending,
    templates,
    visits,
)
from services.care.config import Settings
from services.chassis.rooms import Room

ROOMS: Sequence[Room[Settings]] = (
    core,
    members,
    segments,
    loyalty,
    calendars,
    campaigns,
    templates,
    journeys,
    sending,
    visits,
    results,
)
