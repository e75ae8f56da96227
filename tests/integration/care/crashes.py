"""A dispatcher whose process is gone amid a handover."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest

from services.care.domain.sending.message import Message
from services.care.ports.sending import ChannelSender, Handover
from services.chassis import clock as chassis_clock
from tests.integration.care.greetings import Greetings


@dataclass(frozen=True, slots=True)
class DiesWhileSending:
    """Hands the first messages over, then the process is gone before anything is recorded."""

    inner: ChannelSender
    survivors: int

    async def send(self, messages: Sequence[Message], may_go_on: Callable[[], bool]) -> list[Handover]:
        await self.inner.send(messages[: self.survivors], may_go_on)
        raise ConnectionAbortedError("the power is gone")

    async def close(self) -> None:
        await self.inner.close()


async def die_while_sending(greetings: Greetings, survivors: int) -> None:
    """Dispatch e-mail until the process dies, and let its lease end."""
    alive, greetings.mailer = greetings.mailer, DiesWhileSending(greetings.mailer, survivors)
    with pytest.raises(ConnectionAbortedError):
        await greetings.dispatch()
    greetings.mailer = alive
    expired = {"$set": {"lease_until": chassis_clock.epoch_ms() - 1}}
    greetings.database["batches"].update_many({"state": "ready"}, expired)
