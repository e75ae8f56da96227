from typing import Any

import pytest

from services.chassis.envelope import BadEnvelope, Envelope

PLAIN: dict[str, Any] = {
    "id": "evt_1",
    "type": "contract_activated",
    "source": "contracts",
    "time": "2026-11-22T12:00:00.250Z",
    "subject": "con_1",
    "schema": "membercare.contracts.v1.ContractActivated",
    "trace": "",
    "data": {"contract_id": "con_1"},
}


def test_an_envelope_read_and_written_is_the_same() -> None:
    assert Envelope.from_dict(PLAIN).to_dict() == PLAIN


def test_what_a_newer_publisher_adds_is_ignored() -> None:
    assert Envelope.from_dict({**PLAIN, "novelty": 1}).to_dict() == PLAIN


@pytest.mark.parametrize("key", sorted(PLAIN))
def test_a_missing_part_is_named(key: str) -> None:
    with pytest.raises(BadEnvelope, match=key):
        Envelope.from_dict({name: value for name, value in PLAIN.items() if name != key})


@pytest.mark.parametrize("raw", [None, [], "text", 1, {**PLAIN, "id": 1}, {**PLAIN, "data": []}])
def test_what_is_no_envelope_is_refused(raw: object) -> None:
    with pytest.raises(BadEnvelope):
        Envelope.from_dict(raw)
