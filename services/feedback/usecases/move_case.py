"""Move a case through its life: assign, close."""

from dataclasses import dataclass

from services.chassis.checks import request_key
from services.chassis.clock import Clock
from services.chassis.ids import check_id
from services.feedback.domain.case import Case
from services.feedback.ports import Cases


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Which case to move, and the guards against lost updates and repeats."""

    case_id: str
    etag: str = ""
    request_id: str = ""

    def checked_id(self) -> str:
        """Return the case's id, or refuse what is none."""
        return check_id(self.case_id, "cas", field="case_id")


@dataclass(frozen=True, slots=True)
class AssignCase:
    """Gives an open or assigned case to an employee."""

    cases: Cases
    clock: Clock

    def __call__(self, order: Order, *, assignee_id: str) -> Case:
        """Return the assigned case."""
        now, key = self.clock.now(), request_key("assign", order.request_id)
        return self.cases.change(
            order.checked_id(), lambda case: case.assign(assignee_id, now=now), etag=order.etag, request_key=key
        )


@dataclass(frozen=True, slots=True)
class CloseCase:
    """Assigned to closed."""

    cases: Cases
    clock: Clock

    def __call__(self, order: Order, *, resolution: str) -> Case:
        """Return the closed case with its figures."""
        now, key = self.clock.now(), request_key("close", order.request_id)
        return self.cases.change(
            order.checked_id(), lambda case: case.close(resolution, now=now), etag=order.etag, request_key=key
        )
