"""What every part of the demo stands on: the API, the screen, the time, and patience that ends."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from deploy.demo.gateway import Gateway, Person, Refused
from deploy.demo.screen import Screen, Trouble
from services.chassis.clock import Clock

Found = TypeVar("Found")

COMPANY_ZONE = ZoneInfo("Asia/Shanghai")
PATIENCE_SECONDS = 90.0
POLL_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class Stage:
    """The demo plays on it."""

    gateway: Gateway
    screen: Screen
    clock: Clock

    @property
    def today(self) -> date:
        """Today where the company is."""
        return self.clock.now().astimezone(COMPANY_ZONE).date()

    def take(self, who: Person, document: str, **variables: Any) -> Any:
        """Return the payload of a mutation that nothing should refuse."""
        try:
            return self.gateway.change(who, document, **variables)
        except Refused as refusal:
            raise Trouble(
                f"Refused, and nothing was changed: {refusal}", f"请求被拒绝，未作任何变更：{refusal}"
            ) from None

    def until(self, look: Callable[[], Found | None], *, english: str, chinese: str, log: str) -> Found:
        """Return what `look` finds once it finds something; events between services take a moment."""
        ends = time.monotonic() + PATIENCE_SECONDS
        with self.screen.waiting(english, chinese):
            while time.monotonic() < ends:
                found = look()
                if found is not None:
                    return found
                time.sleep(POLL_SECONDS)
        where = f"{self.gateway.logs}/{log}.log"
        raise Trouble(
            f"{english} It did not happen within {PATIENCE_SECONDS:.0f} s; {where} says why. "
            "Then run the demo again: what is done stays done.",
            f"{chinese}{PATIENCE_SECONDS:.0f} 秒内没有发生，原因见 {where}。之后请重新运行演示：已完成的步骤不会重做。",
        )
