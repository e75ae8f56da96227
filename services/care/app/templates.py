"""Builds the room of words by language and channel."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from services.care.config import Settings
from services.chassis.clock import SystemClock

if TYPE_CHECKING:
    from services.care.rpc.templates.servicer import TemplatesServicer
    from services.chassis.rooms import RpcRoom
    from services.chassis.scheduled import Job

OUTBOXES: Sequence[str] = ()


def documents() -> Sequence[type]:
    """Return the documents whose indexes `migrate` builds."""
    from services.care.store.templates.words import WordsDocument

    return (WordsDocument,)


def build_servicer(settings: Settings) -> "TemplatesServicer":
    """Wire the methods to the use cases and stores."""
    from services.care.rpc.templates.servicer import TemplatesServicer
    from services.care.store.templates.words import MongoReaders, MongoWords
    from services.care.usecases.templates.preview_words import PreviewWords
    from services.care.usecases.templates.write_words import PublishWords, RetireWords, ReviseWords, WriteWords

    clock = SystemClock()
    library = MongoWords(clock)
    return TemplatesServicer(
        library=library,
        write_words=WriteWords(library, clock),
        revise_words=ReviseWords(library, clock),
        publish_words=PublishWords(library, clock),
        retire_words=RetireWords(library, clock),
        preview_words=PreviewWords(library, MongoReaders(), clock),
    )


def rpc_room(settings: Settings) -> "RpcRoom":
    """Return what this room serves."""
    from membercare.care.v1.templates_service_pb2_grpc import add_TemplatesServiceServicer_to_server
    from services.care.rpc.templates.access import ACCESS
    from services.care.rpc.templates.servicer import FULL_NAME
    from services.chassis.rooms import RpcRoom

    servicer = build_servicer(settings)
    return RpcRoom(FULL_NAME, ACCESS, lambda server: add_TemplatesServiceServicer_to_server(servicer, server))


def jobs(settings: Settings) -> "Sequence[Job]":
    """Return what the leader does regularly."""
    return ()
