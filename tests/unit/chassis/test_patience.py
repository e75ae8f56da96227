import pytest
from pymongo.errors import AutoReconnect, DuplicateKeyError, ServerSelectionTimeoutError

from services.chassis.errors import DatabaseUnavailable, NotFound
from services.chassis.patience import Park, Patience, Permanent, Retry

PATIENCE = Patience(pauses=(0.5, 2.0, 8.0))


@pytest.mark.parametrize(
    ("attempts", "verdict"),
    [
        (0, Retry(0.5, 1)),
        (1, Retry(2.0, 2)),
        (2, Retry(8.0, 3)),
        (3, Park("HANDLER_FAILED", 4)),
        (9, Park("HANDLER_FAILED", 10)),
    ],
)
def test_failures_are_tried_again_after_growing_pauses_and_then_parked(attempts: int, verdict: object) -> None:
    assert PATIENCE.judge(ValueError("no"), attempts) == verdict


def test_what_no_retry_helps_is_parked_at_once_under_its_reason() -> None:
    assert PATIENCE.judge(Permanent("UNKNOWN_SCHEMA", "?"), 0) == Park("UNKNOWN_SCHEMA", 1)


def test_a_refusal_of_the_domain_is_tried_again_for_it_may_be_out_of_order_and_parks_under_its_code() -> None:
    refusal = NotFound("contract", "con_1")

    assert PATIENCE.judge(refusal, 0) == Retry(0.5, 1)
    assert PATIENCE.judge(refusal, 3) == Park("CONTRACT_NOT_FOUND", 4)


@pytest.mark.parametrize(
    "outage", [AutoReconnect("gone"), ServerSelectionTimeoutError("none"), DatabaseUnavailable("gone")]
)
def test_an_outage_of_ours_never_parks_an_event(outage: Exception) -> None:
    assert PATIENCE.judge(outage, 0) == Retry(0.5, 0)
    assert PATIENCE.judge(outage, 3) == Retry(8.0, 3)


def test_a_refusal_of_the_database_is_no_outage() -> None:
    assert PATIENCE.judge(DuplicateKeyError("twice"), 3) == Park("HANDLER_FAILED", 4)
