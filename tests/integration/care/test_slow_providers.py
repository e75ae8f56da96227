"""Providers that are slow or have little room: what waits for them is looked at again within seconds."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from services.care.domain.campaigns.campaign import CampaignVerb
from services.care.domain.sending.message import Message
from services.care.ports.sending import Handover
from services.care.usecases.sending.dispatch_batch import Lease
from tests.fakes.clock import FrozenClock
from tests.integration.care.greetings import Greetings, solar
from tests.integration.care.keeping import Keeping

BORN = solar("1990-11-22")


@dataclass
class Narrow(Keeping):
    """A provider that has room for three messages at a time."""

    then: Callable[[], object] = lambda: None
    """What happens after each three."""

    async def send(self, messages: Sequence[Message], may_go_on: Callable[[], bool]) -> list[Handover]:
        taken = await super().send(messages[:3], may_go_on)
        self.then()
        return [*taken, *[Handover.NOT_REACHED] * len(messages[3:])]


async def test_what_a_provider_has_no_room_for_is_judged_anew_and_leaves_without_a_pause(greetings: Greetings) -> None:
    members = {greetings.member(birthday=BORN).email for _ in range(8)}
    campaign = greetings.running()
    greetings.plan(campaign)
    greetings.mailer = narrow = Narrow()
    assert await greetings.dispatch() == 8
    assert {each.to for each in narrow.kept} == members


async def test_a_pause_holds_while_a_provider_has_little_room(greetings: Greetings) -> None:
    for _ in range(8):
        greetings.member(birthday=BORN)
    campaign = greetings.running()
    greetings.plan(campaign)
    greetings.mailer = narrow = Narrow(then=lambda: greetings.move(campaign, CampaignVerb.PAUSE))
    assert await greetings.dispatch() == 3
    assert len(narrow.kept) == 3
    assert Counter(state for _, state, _ in greetings.ledger()) == {"SENT": 3, "PLANNED": 5}


@dataclass
class Slow(Keeping):
    """A provider that takes so long for each message; the clock goes on with it."""

    clock: FrozenClock = field(kw_only=True)
    each: timedelta = timedelta(seconds=2)
    sizes: list[int] = field(default_factory=list)

    async def send(self, messages: Sequence[Message], may_go_on: Callable[[], bool]) -> list[Handover]:
        self.sizes.append(len(messages))
        self.clock.advance(self.each * len(messages))
        return await super().send(messages, may_go_on)


async def test_at_a_slow_provider_a_chunk_takes_seconds_and_a_fast_one_gets_whole_chunks_again(
    greetings: Greetings,
) -> None:
    for _ in range(80):
        greetings.member(birthday=BORN)
    greetings.plan(greetings.running())
    greetings.mailer = slow = Slow(clock=greetings.clock)
    batches, work = greetings.work()
    batch = await batches.lease(greetings.clock.now())
    assert batch is not None

    def recover() -> bool:
        slow.each = timedelta(milliseconds=1 if len(slow.sizes) > 1 else 400)
        return True

    assert await replace(work, chunk=20)(batch, Lease(recover)) == 80
    assert slow.sizes == [20, 12, 12, 20, 16]


async def test_a_pause_holds_within_seconds_where_a_provider_is_slow(greetings: Greetings) -> None:
    campaign = greetings.running()
    for _ in range(40):
        greetings.member(birthday=BORN)
    greetings.plan(campaign)
    greetings.mailer = slow = Slow(clock=greetings.clock)
    batches, work = greetings.work()
    batch = await batches.lease(greetings.clock.now())
    assert batch is not None

    def pause_then() -> bool:
        if len(slow.sizes) == 1:
            greetings.move(campaign, CampaignVerb.PAUSE)
        return True

    assert await replace(work, chunk=20)(batch, Lease(pause_then)) == 28
    assert slow.sizes == [20, 8]
