"""The rooms of the service: each brings its methods, its documents and its jobs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

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

if TYPE_CHECKING:
    import grpc

    from services.chassis.scheduled import Job


@dataclass(frozen=True, slots=True)
class RpcRoom:
    """One gRPC service: its name, who may call its methods, and what adds it to the server."""

    full_name: str
    access: Mapping[str, frozenset[str]]
    register: "Callable[[grpc.Server], None]"


class Room(Protocol):
    """What the module of a room offers; every role of the process imports what it needs, and no more."""

    OUTBOXES: Sequence[str]

    def documents(self) -> Sequence[type]:
        """Return the documents whose indexes `migrate` builds."""

    def rpc_room(self, settings: Settings) -> RpcRoom:
        """Return what this room serves."""

    def jobs(self, settings: Settings) -> "Sequence[Job]":
        """Return what the leader does regularly."""


ROOMS: Sequence[Room] = (
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
