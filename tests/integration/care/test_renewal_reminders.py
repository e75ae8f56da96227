"""Reminders of a contract's end, from what contracts says of its renewal to the ledger: in any order, and twice."""

from itertools import permutations
from typing import Any

import pytest

from services.care.consumers import CareConsumers
from services.care.domain.campaigns.campaign import Campaign
from services.care.domain.campaigns.triggers import BeforeDateTrigger, DateKind
from services.care.domain.span import Span, TimeUnit
from tests.integration.care.greetings import Greetings, utc
from tests.integration.golden import heard, tell

ACTIVATED, WON, LOST = (
    heard("contracts.contract_activated"),
    heard("contracts.renewal_won"),
    heard("contracts.renewal_lost"),
)
FOLLOWED = heard("contracts.renewal_won", successor_id="con_01JTDB8D40CQS3K9Q8YV1H2T4Z")
EXPIRED = heard("contracts.contract_expired", end_date="2027-05-31")
GOES_ON = heard("contracts.contract_amended", term_number=2, end_date="2028-05-31")
BROKEN_OFF = heard("contracts.contract_terminated", effective_date="2027-06-01", contract_version="7")
LOST_AFTER_ALL = heard("contracts.renewal_lost", occurred_time="2026-12-01T04:00:00Z") | {"id": "evt_later"}


@pytest.fixture
def reminder(greetings: Greetings) -> Campaign:
    """30 days before a contract ends, which is today for the golden one."""
    greetings.member(customer_id=ACTIVATED["data"]["customer_id"])
    greetings.clock.set(utc("2027-05-01 02:00"))
    return greetings.running(trigger=BeforeDateTrigger(DateKind.CONTRACT_END, Span(30, TimeUnit.DAY)))


async def told(greetings: Greetings, consumers: CareConsumers, *news: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Return the ledger after these news and a look of the dispatcher."""
    for envelope in news:
        tell(consumers, envelope)
    await greetings.dispatch()
    return greetings.ledger()


async def test_a_reminder_leaves_while_nothing_is_settled(
    greetings: Greetings, consumers: CareConsumers, reminder: Campaign
) -> None:
    tell(consumers, ACTIVATED)
    greetings.plan(reminder)
    assert await told(greetings, consumers, heard("contracts.renewal_opened")) == [("2027-05-01", "SENT", "")]


@pytest.mark.parametrize(
    ("news", "reason"),
    [
        ((WON,), "RENEWAL_WON"),
        ((WON, GOES_ON), "RENEWAL_WON"),
        ((FOLLOWED, EXPIRED), "RENEWAL_WON"),
        ((LOST,), "RENEWAL_LOST"),
        ((LOST, EXPIRED), "RENEWAL_LOST"),
        ((WON, GOES_ON, LOST_AFTER_ALL, BROKEN_OFF), "RENEWAL_LOST"),
    ],
    ids=["won", "goes on", "another follows", "lost", "lost and over", "taken back"],
)
@pytest.mark.parametrize("backwards", [False, True], ids=["in order", "backwards"])
async def test_a_reminder_that_was_planned_is_skipped_with_how_the_renewal_ended(
    greetings: Greetings,
    consumers: CareConsumers,
    reminder: Campaign,
    *,
    news: tuple[dict[str, Any], ...],
    reason: str,
    backwards: bool,
) -> None:
    tell(consumers, ACTIVATED)
    greetings.plan(reminder)
    heard = tuple(reversed(news)) if backwards else news
    assert await told(greetings, consumers, *heard, *heard) == [("2027-05-01", "SKIPPED", reason)]


@pytest.mark.parametrize("order", list(permutations((ACTIVATED, WON, LOST_AFTER_ALL))))
async def test_the_last_word_on_a_term_holds_in_whatever_order_it_was_heard(
    greetings: Greetings, consumers: CareConsumers, reminder: Campaign, *, order: tuple[dict[str, Any], ...]
) -> None:
    for envelope in order:
        tell(consumers, envelope)
    greetings.plan(reminder)
    assert await told(greetings, consumers) == [("2027-05-01", "SKIPPED", "RENEWAL_LOST")]


@pytest.mark.parametrize("order", list(permutations((ACTIVATED, WON, GOES_ON))))
async def test_the_renewal_of_one_term_says_nothing_of_the_next(
    greetings: Greetings, consumers: CareConsumers, reminder: Campaign, *, order: tuple[dict[str, Any], ...]
) -> None:
    for envelope in order:
        tell(consumers, envelope)
    greetings.clock.set(utc("2028-05-01 02:00"))
    greetings.plan(reminder)
    assert await told(greetings, consumers) == [("2028-05-01", "SENT", "")]
    (touch,) = greetings.database["touches"].find()
    assert touch["occurrence"] == f"contract_end/{ACTIVATED['subject']}/2028-05-31"
