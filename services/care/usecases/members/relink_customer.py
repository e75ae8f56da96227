"""A customer was merged into another: what care knows by the doublet's id belongs to the customer that stays."""

from dataclasses import dataclass

from services.care.ports.members import Members, MergedCustomers
from services.care.ports.service_plans import ServicePlans
from services.care.ports.visits import Visits
from services.care.usecases.members.survivor import survivors
from services.chassis.clock import Clock
from services.chassis.ids import check_id

_BATCH = 200


@dataclass(frozen=True, slots=True)
class RelinkCustomer:
    """Hearing it twice, late, or before an earlier merge of the same family leads to the same links."""

    members: Members
    visits: Visits
    plans: ServicePlans
    merged: MergedCustomers
    clock: Clock

    def __call__(self, customer_id: str, *, into_id: str) -> None:
        """Note the merge, then move members, service plans and visits; killed anywhere, a repeat goes on.

        Refused with INVALID_ID.
        """
        doublet = check_id(customer_id, "cus", field="customer_id")
        self.merged.heard(doublet, into_id=check_id(into_id, "cus", field="into_id"))
        self.move(doublet)

    def move(self, doublet: str) -> None:
        """Move whatever is linked to a customer that was merged, also what was linked to it later."""
        place = doublet
        for survivor in survivors(self.merged, doublet):
            if survivor != place:
                self._move(place, survivor=survivor)
            place = survivor

    def _move(self, doublet: str, *, survivor: str) -> None:
        while found := self.members.linked_to(doublet, most=_BATCH):
            for member_id in found:
                self._move_member(member_id, doublet, survivor=survivor)
        while found := self.plans.linked_to(doublet, most=_BATCH):
            for plan_id in found:
                self.plans.change(plan_id, lambda plan: plan.relinked(survivor), etag="", request_key="")
        while found := self.visits.linked_to(doublet, most=_BATCH):
            for visit_id in found:
                self.visits.change(visit_id, lambda visit: visit.relinked(survivor), etag="", request_id="")

    def _move_member(self, member_id: str, doublet: str, *, survivor: str) -> None:
        """Leave alone whom somebody has given to another customer meanwhile."""
        now = self.clock.now()
        self.members.change(
            member_id,
            lambda member: member.relinked(survivor, now=now) if member.customer_id == doublet else member,
            etag="",
            request_key="",
        )
