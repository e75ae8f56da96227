"""Rates that dispatchers share, and what happens to a provider or campaign whose messages fail."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from services.care.domain.campaigns.campaign import CampaignState, CampaignVerb
from services.care.domain.providers.health import BrakeRule
from services.care.domain.providers.provider import Provider
from services.care.ports.sending import Handover
from services.care.store.campaigns.campaigns import MongoCampaigns
from services.care.store.providers.providers import MongoProviders
from services.care.store.providers.tallies import MongoTallyReader
from services.care.usecases.providers.brake_errors import BrakeErrors
from tests.fakes.provider_server import serve_provider
from tests.integration.care.channels import Channels, a_message
from tests.integration.care.greetings import Greetings

New = Callable[[], Channels]
RULE = BrakeRule(0.5, 20, timedelta(minutes=10))


def _brake(sending: Channels) -> BrakeErrors:
    clock = sending.clock
    return BrakeErrors(MongoTallyReader(), MongoProviders(clock), MongoCampaigns.of(clock), RULE, clock)


def _stored(sending: Channels, provider: Provider) -> Provider:
    (found,) = MongoProviders(sending.clock).batch_get([provider.id])
    return found


async def test_dispatchers_together_keep_to_the_rate_of_a_provider(channels: New) -> None:
    first, second = channels(), channels()
    with serve_provider(lambda _: (200, b"{}")) as receiver:
        first.webhook(receiver.url, per_minute=30)
        fates = await asyncio.gather(*(each.send([a_message(n) for n in range(25)]) for each in (first, second)))
        assert sum(each.count(Handover.ACCEPTED) for each in fates) == len(receiver.received) == 30
        assert sum(each.count(Handover.NOT_REACHED) for each in fates) == 20
        first.clock.advance(timedelta(minutes=1))
        assert (await second.send([a_message(n) for n in range(20)])).count(Handover.ACCEPTED) == 20


async def test_what_waits_for_room_longer_than_seconds_goes_back_to_be_judged_anew(channels: New) -> None:
    sending = channels()

    def half_a_second_later(_: object) -> tuple[int, bytes]:
        sending.clock.advance(timedelta(seconds=0.5))
        return 200, b"{}"

    with serve_provider(half_a_second_later) as receiver:
        sending.webhook(receiver.url, per_second=2)
        fates = await sending.send([a_message(n) for n in range(40)])
    assert fates == [Handover.ACCEPTED] * 10 + [Handover.NOT_REACHED] * 30
    assert len(receiver.received) == 10


async def test_a_rate_costs_no_write_a_message(channels: New) -> None:
    sending = channels()
    with serve_provider(lambda _: (200, b"{}")) as receiver:
        sending.webhook(receiver.url, per_day=1_000)
        await sending.send([a_message(n) for n in range(50)])
        await sending.send([a_message(n) for n in range(50, 52)])
    (window,) = await sending.database["rate_windows"].find().to_list()
    assert window["used"] == 55  # 50 were wanted, then a slice of 5 was leased for two


async def test_a_provider_without_room_gives_way_to_the_next(channels: New) -> None:
    sending = channels()
    with serve_provider(lambda _: (200, b"{}")) as first, serve_provider(lambda _: (200, b"{}")) as second:
        sending.webhook(first.url, priority=90, per_day=3)
        sending.webhook(second.url, priority=10)
        assert await sending.send([a_message(n) for n in range(10)]) == [Handover.ACCEPTED] * 10
        assert (len(first.received), len(second.received)) == (3, 7)


async def test_a_provider_whose_messages_fail_is_paused_and_a_person_resumes_it(channels: New) -> None:
    sending = channels()
    with serve_provider(lambda _: (500, b"")) as receiver:
        provider = sending.webhook(receiver.url)
        await sending.send([a_message(n) for n in range(30)])
        assert _brake(sending)(lambda: True) == 1
        paused = _stored(sending, provider).pause
        assert paused is not None
        assert (paused.by, paused.reason) == ("error-rate", "30 of 30 messages failed within 10 minutes.")
        assert await sending.send([a_message(1)]) == [Handover.NOT_REACHED]
        assert len(receiver.received) == 30
        sending.clock.advance(timedelta(seconds=10))
        later = sending.clock.now()
        MongoProviders(sending.clock).change(
            provider.id, lambda old: old.resumed(by="ops", now=later), etag="", request_key=""
        )
        assert _brake(sending)(lambda: True) == 0  # what was before is forgiven
        receiver.answer = lambda _: (200, b"{}")
        assert await sending.send([a_message(1)]) == [Handover.ACCEPTED]


async def test_a_campaign_whose_messages_are_refused_is_paused_with_the_reason(
    channels: New, greetings: Greetings
) -> None:
    sending = channels()
    greetings.clock.set(sending.clock.now() - timedelta(hours=1))
    campaign = greetings.running()
    messages = [_of(a_message(n), campaign.id) for n in range(30)]
    with serve_provider(lambda _: (422, b"")) as receiver:
        sending.webhook(receiver.url)
        assert await sending.send(messages) == [Handover.REFUSED] * 30
    brake = _brake(sending)
    assert brake(lambda: False) == 0  # another process leads by now
    assert brake(lambda: True) == 2
    stored = MongoCampaigns.of(sending.clock).get(campaign.id)
    assert stored.state is CampaignState.PAUSED
    assert (stored.notes[-1].by, stored.notes[-1].text) == (
        "error-rate",
        "30 of 30 messages failed within 10 minutes.",
    )
    assert greetings.move(campaign, CampaignVerb.RESUME).state is CampaignState.RUNNING


async def test_an_outage_is_no_fault_of_the_campaign(channels: New, greetings: Greetings) -> None:
    sending = channels()
    greetings.clock.set(sending.clock.now() - timedelta(hours=1))
    campaign = greetings.running()
    with serve_provider(lambda _: (503, b"")) as receiver:
        sending.webhook(receiver.url)
        await sending.send([_of(a_message(n), campaign.id) for n in range(30)])
    assert _brake(sending)(lambda: True) == 1
    assert MongoCampaigns.of(sending.clock).get(campaign.id).state is CampaignState.RUNNING


def _of(message: Any, campaign_id: str) -> Any:
    from dataclasses import replace

    return replace(message, touch=replace(message.touch, campaign_id=campaign_id))
