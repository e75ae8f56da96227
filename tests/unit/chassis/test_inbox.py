from typing import Any

import pytest

from membercare.contracts.v1.events_pb2 import ContractActivated
from services.chassis import logs
from services.chassis.envelope import Envelope
from services.chassis.inbox import Inbox
from services.chassis.patience import Permanent
from tests.unit.chassis.test_envelope import PLAIN


def test_the_use_case_gets_the_message_and_the_envelope_under_the_request_that_caused_them() -> None:
    called: list[tuple[str, str, str]] = []

    def use_case(message: ContractActivated, envelope: Envelope) -> None:
        called.append((message.contract_id, envelope.id, logs.request_id.get()))

    Inbox().handle({**PLAIN, "trace": "req_1"}, ContractActivated, use_case=use_case)

    assert called == [("con_1", "evt_1", "req_1")]
    assert logs.request_id.get() == ""


def test_a_field_newer_than_our_message_is_ignored() -> None:
    newer = {**PLAIN, "data": {"contract_id": "con_1", "novelty": {"a": 1}}}

    _, message = Inbox().open(newer, ContractActivated)

    assert message == ContractActivated(contract_id="con_1")


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        pytest.param({**PLAIN, "schema": "membercare.care.v1.VisitDue"}, "UNKNOWN_SCHEMA", id="another-schema"),
        pytest.param({**PLAIN, "schema": "nowhere.Known"}, "UNKNOWN_SCHEMA", id="unknown-schema"),
        pytest.param({**PLAIN, "data": {"contract_version": "three"}}, "MALFORMED", id="wrong-type"),
        pytest.param({**PLAIN, "data": {"occurred_time": "30 February"}}, "MALFORMED", id="no-moment"),
        pytest.param({"hello": "world"}, "MALFORMED", id="no-envelope"),
        pytest.param(["a", "list"], "MALFORMED", id="no-object"),
    ],
)
def test_what_no_retry_makes_readable_is_permanent_and_calls_nothing(raw: Any, reason: str) -> None:
    called: list[object] = []

    with pytest.raises(Permanent) as refused:
        Inbox().handle(raw, ContractActivated, use_case=lambda message, _: called.append(message))

    assert refused.value.reason == reason
    assert called == []
