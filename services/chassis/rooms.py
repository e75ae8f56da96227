"""The rooms of a service that has several: each brings its methods, its documents and its jobs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    import grpc

    from services.chassis.scheduled import Job

Settings_contra = TypeVar("Settings_contra", contravariant=True)


@dataclass(frozen=True, slots=True)
class RpcRoom:
    """One gRPC service: its name, who may call its methods, and what adds it to the server."""

    full_name: str
    access: Mapping[str, frozenset[str]]
    register: "Callable[[grpc.Server], None]"


class Room(Protocol[Settings_contra]):
    """What the module of a room offers; every role of the process imports what it needs, and no more."""

    OUTBOXES: Sequence[str]

    def documents(self) -> Sequence[type]:
        """Return the documents whose indexes `migrate` builds."""

    def rpc_room(self, settings: Settings_contra) -> RpcRoom:
        """Return what this room serves."""

    def jobs(self, settings: Settings_contra) -> "Sequence[Job]":
        """Return what the leader does regularly."""
