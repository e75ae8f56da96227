"""Whatever is asked of care, the answer is a reply, or a refusal that says why and leaves nothing behind."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from string import Template
from typing import Any

import grpc
import pytest
from google.protobuf import text_format
from google.protobuf.descriptor import ServiceDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from pymongo.database import Database

from services.chassis.clock import SystemClock
from services.chassis.rpc_client import channel
from services.chassis.rpc_errors import Refusal, refusal_of
from tests.fakes import rooms
from tests.fakes.hostile import Hostile
from tests.integration.calling import Calling
from tests.integration.care.calls_due import planned
from tests.integration.care.sound_requests import SOUND

MADE, SPOILED = 8, 16
METHODS = {method.name: method for service in rooms.SERVICES["care"] for method in service.methods}
OF_READERS = {"GetPreferences", "ChangePreferences"}
STAFF = ("admin", "agent", "approver", "auditor", "manager", "ops", "sales")
NOT_THE_STATE = {"import_progress"}
"""How far a file is is told also of one that is refused in the end."""
Documents = Database[dict[str, Any]]
Ask = Callable[[str, Message], Message | Refusal]


@pytest.fixture
def ask(calling: Calling) -> Ask:
    """Makes a call of any method; what is neither an answer nor a refusal fails the test."""
    staff, reader = (
        channel(calling.address, token=lambda roles=roles: calling.token(*roles))  # type: ignore[misc]  # bound now
        for roles in (STAFF, ("respondent",))
    )

    def ask(name: str, request: Message) -> Message | Refusal:
        method, line = METHODS[name], reader if name in OF_READERS else staff
        call = line.unary_unary(
            f"/{method.containing_service.full_name}/{name}",
            request_serializer=type(request).SerializeToString,
            response_deserializer=GetMessageClass(method.output_type).FromString,
        )
        try:
            answer: Message = call(request)
        except grpc.RpcError as error:
            if refusal := refusal_of(error):
                return refusal
            raise AssertionError(name, str(error), request) from error
        return answer

    return ask


def asked(name: str, known: Mapping[str, str]) -> Message:
    """Return a sound request, about what is there."""
    request: Message = GetMessageClass(METHODS[name].input_type)()
    return text_format.Parse(Template(dict(SOUND)[name]).substitute(known), request)


def state(database: Documents) -> dict[str, str]:
    """Return a hash of what each collection holds."""
    held: dict[str, str] = database.command("dbHash")["collections"]
    return {name: held[name] for name in held.keys() - NOT_THE_STATE}


def known_to(database: Documents) -> dict[str, str]:
    """Return an id of each kind of thing that is there."""
    kinds = {"members": "member", "segments": "segment", "campaigns": "campaign", "blackouts": "blackout"}
    kinds |= {"service_plans": "plan", "visits": "visit", "touches": "touch", "providers": "provider"}
    found = {kind: database[name].find_one({}, {"_id": 1}) for name, kind in kinds.items()}
    return {kind: each["_id"] for kind, each in found.items() if each}


def asked_about(database: Documents) -> dict[str, str]:
    """Return what stands for the words of a sound request."""
    return known_to(database) | {"tomorrow": (SystemClock().now().date() + timedelta(days=1)).isoformat()}


def sound(refusal: Refusal) -> bool:
    """Whether a caller learns what was wrong, and where if the request itself was."""
    named = refusal.field or refusal.reason not in {"INVALID_FIELD", "INVALID_ID"}
    return bool(refusal.reason and refusal.message and named)


def judge(ask: Ask, database: Documents, *, name: str, request: Message) -> None:
    before = state(database)
    answer = ask(name, request)
    if isinstance(answer, Refusal):
        assert sound(answer), (answer, request)
        assert state(database) == before, (answer, request)


@pytest.mark.parametrize("service", rooms.SERVICES["care"], ids=lambda service: service.name)
def test_a_request_of_anything_is_answered_or_refused_without_a_trace(
    ask: Ask, database: Documents, service: ServiceDescriptor
) -> None:
    planned()
    for method in service.methods:
        known = [*known_to(database).values()]
        for number in range(MADE):
            anything = Hostile(f"{method.name}/{number}", known).fill(GetMessageClass(method.input_type)())
            judge(ask, database, name=method.name, request=anything)


def test_a_sound_request_that_was_spoiled_is_answered_or_refused_without_a_trace(ask: Ask, database: Documents) -> None:
    planned()
    for name, _ in SOUND:
        assert not isinstance(answer := ask(name, asked(name, asked_about(database))), Refusal), (name, answer)
        for number in range(SPOILED):
            spoiled = Hostile(f"{name}/{number}").spoil(asked(name, asked_about(database)))
            judge(ask, database, name=name, request=spoiled)
