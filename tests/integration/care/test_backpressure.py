"""A running dispatcher whose mail provider does not answer: its own channel waits, and no other does."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from services.care.dispatch import Dispatcher
from services.care.domain.campaigns.plan import MessageTemplate
from services.care.domain.channels import Channel
from services.care.usecases.sending.settle_unknown import SettleUnknown
from tests.integration.care.greetings import MAIL_DOMAIN, TEMPLATES, Greetings, solar
from tests.integration.care.keeping import Keeping
from tests.integration.waiting import wait_until

BY_SMS = tuple(MessageTemplate(each.language, "", each.body, channel=Channel.SMS) for each in TEMPLATES)
CAMPAIGNS, PEOPLE = 4, 5


@pytest.fixture
async def dispatcher(greetings: Greetings, mail: Keeping, sms: Keeping) -> AsyncIterator[Dispatcher]:
    """A dispatcher as its process runs it, which begins at once."""
    batches, work = greetings.work()
    settle = SettleUnknown(batches, {}, greetings.clock, MAIL_DOMAIN)
    made = Dispatcher(batches, work, settle, greetings.clock, timedelta(seconds=30), _nothing_changes)
    running = asyncio.create_task(made.run())
    yield made
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running


async def _nothing_changes() -> None:
    """Say that the channels are as they are."""


def plan(greetings: Greetings, *channels: Channel) -> None:
    """Plan so many campaigns by each channel, each to the same people."""
    for channel in channels:
        for _ in range(CAMPAIGNS):
            by_sms = {"channels": (Channel.SMS,), "templates": BY_SMS} if channel is Channel.SMS else {}
            greetings.plan(greetings.running(**by_sms))


async def test_a_provider_that_does_not_answer_slows_its_own_channel_and_no_other(
    greetings: Greetings, mail: Keeping, sms: Keeping, dispatcher: Dispatcher
) -> None:
    mail.gate = asyncio.Event()
    for number in range(PEOPLE):
        member = greetings.member(birthday=solar("1990-11-22"), phone=f"+861380013800{number}")
        greetings.set_on(member.id, consents={"email": {"care": True}, "sms": {"care": True}})
    plan(greetings, Channel.EMAIL)
    await asyncio.to_thread(wait_until, lambda: _leased(greetings, "email") == dispatcher.at_once)
    plan(greetings, Channel.SMS)
    await asyncio.to_thread(wait_until, lambda: len(sms.kept) == CAMPAIGNS * PEOPLE)
    assert mail.kept == []
    assert _leased(greetings, "email") == dispatcher.at_once  # what waits is left to other dispatchers
    mail.gate.set()
    await asyncio.to_thread(wait_until, lambda: greetings.database["batches"].count_documents({"state": "ready"}) == 0)
    assert len(mail.kept) == len({each.message_id for each in mail.kept}) == CAMPAIGNS * PEOPLE
    assert {state for _, state, _ in greetings.ledger()} == {"SENT"}


def _leased(greetings: Greetings, channel: str) -> int:
    """Return how many batches of a channel are being worked on."""
    return greetings.database["batches"].count_documents(
        {"channel": channel, "state": "ready", "lease_until": {"$gt": 0}}
    )
