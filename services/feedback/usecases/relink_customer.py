"""A customer was merged into another: cases that carry the doublet's id belong to the customer that stays."""

from dataclasses import dataclass

from services.chassis.ids import check_id
from services.feedback.ports import Cases, MergedCustomers

_BATCH = 200


@dataclass(frozen=True, slots=True)
class RelinkCustomer:
    """Hearing it twice, late, or before an earlier merge of the same family leads to the same links."""

    cases: Cases
    merged: MergedCustomers

    def __call__(self, customer_id: str, *, into_id: str) -> None:
        """Note the merge, then move the cases. Refused with INVALID_ID; killed anywhere, a repeat goes on."""
        doublet = check_id(customer_id, "cus", field="customer_id")
        self.merged.heard(doublet, into_id=check_id(into_id, "cus", field="into_id"))
        survivor = self.merged.survivor_of(doublet)
        if survivor == doublet:
            return
        while found := self.cases.linked_to(doublet, most=_BATCH):
            for case_id in found:
                self.cases.change(case_id, lambda case: case.relinked(survivor), etag="", request_key="")
