"""Move a lead through its life: assign, follow up, disqualify, reopen."""

from dataclasses import dataclass

from services.chassis.clock import Clock
from services.contracts.domain.sales.follow_ups import FollowUpDetails
from services.contracts.domain.sales.lead import DisqualifyReason, Lead
from services.contracts.ports.sales import Leads
from services.contracts.usecases.sales.asked import Asked


@dataclass(frozen=True, slots=True)
class AssignLead:
    """Gives a lead to an employee."""

    leads: Leads
    clock: Clock

    def __call__(self, asked: Asked, *, owner_id: str) -> Lead:
        """Return the assigned lead."""
        now = self.clock.now()
        return self.leads.change(
            asked.key("led", "lead"),
            lambda lead: lead.assign(owner_id, now=now),
            etag=asked.etag,
            request_key=asked.repeat("assign"),
        )


@dataclass(frozen=True, slots=True)
class FollowUpLead:
    """Writes down what was done about a lead and what comes next."""

    leads: Leads
    clock: Clock

    def __call__(self, asked: Asked, details: FollowUpDetails, *, author: str) -> Lead:
        """Return the lead that is worked on."""
        now = self.clock.now()
        return self.leads.change(
            asked.key("led", "lead"),
            lambda lead: lead.follow_up(details, author=author, now=now),
            etag=asked.etag,
            request_key=asked.repeat("follow_up"),
        )


@dataclass(frozen=True, slots=True)
class DisqualifyLead:
    """Gives a lead up."""

    leads: Leads
    clock: Clock

    def __call__(self, asked: Asked, *, reason: DisqualifyReason | None, note: str) -> Lead:
        """Return the lead given up."""
        now = self.clock.now()
        return self.leads.change(
            asked.key("led", "lead"),
            lambda lead: lead.disqualify(reason, note, now=now),
            etag=asked.etag,
            request_key=asked.repeat("disqualify"),
        )


@dataclass(frozen=True, slots=True)
class ReopenLead:
    """Disqualified to working."""

    leads: Leads
    clock: Clock

    def __call__(self, asked: Asked) -> Lead:
        """Return the lead that is worked on again."""
        now = self.clock.now()
        return self.leads.change(
            asked.key("led", "lead"),
            lambda lead: lead.reopen(now),
            etag=asked.etag,
            request_key=asked.repeat("reopen"),
        )
