"""Settles an unknown touch by the word of a person who asked the provider."""

from dataclasses import dataclass

from services.care.domain.sending.touch import Touch, TouchResolution
from services.care.ports.touches import TouchLedger
from services.chassis.checks import request_key
from services.chassis.clock import Clock
from services.chassis.ids import check_id


@dataclass(frozen=True, slots=True)
class ResolveTouch:
    """Records the decision."""

    touches: TouchLedger
    clock: Clock

    def __call__(self, touch_id: str, resolution: TouchResolution, *, request_id: str) -> Touch:
        """Return the touch after the change; asked again with the same request id, as it is."""
        return self.touches.resolve(
            check_id(touch_id, "tch", field="touch_id"),
            resolution,
            request_key=request_key("resolve", request_id),
            now=self.clock.now(),
        )
