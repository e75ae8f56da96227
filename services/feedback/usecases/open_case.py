"""Open a case: for staff, because a return visit went badly, or because an order was accepted with issues."""

from dataclasses import dataclass, replace

from services.chassis.checks import request_key
from services.chassis.clock import Clock
from services.chassis.ids import new_id
from services.feedback.domain.case import Case, CaseDetails
from services.feedback.domain.errors import MemberErased
from services.feedback.domain.kinds import CaseSource
from services.feedback.domain.order import AcceptedOrder, request_of
from services.feedback.domain.visit import CompletedVisit, complaint_of
from services.feedback.ports import Cases, ErasedMembers, MergedCustomers


@dataclass(frozen=True, slots=True)
class OpenCase:
    """Stores a new case with its deadline and number; one of a doublet is one of the customer that stays.

    Staff may open none about a member who was erased; news of one opens a case without words, for somebody still has
    to look after it.
    """

    cases: Cases
    merged: MergedCustomers
    erased: ErasedMembers
    clock: Clock

    def __call__(self, details: CaseDetails, *, request_id: str) -> Case:
        """Return the case as stored; a repeat of the request, or of the source event, returns the first.

        Refused with INVALID_FIELD, INVALID_ID and MEMBER_ERASED.
        """
        if details.source is CaseSource.STAFF and self.erased.holds(details.member_id):
            raise MemberErased(details.member_id)
        known = replace(details, customer_id=self.merged.survivor_of(details.customer_id))
        now = self.clock.now()
        case = Case.open(new_id("cas", now), known, now=now)
        stored = self.cases.open(case, request_key=request_key("open", request_id))
        # A merge or an erasure that was heard since may have changed the others before this one was there.
        survivor, erased = self.merged.survivor_of(stored.customer_id), self.erased.holds(stored.member_id)
        if survivor == stored.customer_id and not erased:
            return stored

        def settled(each: Case) -> Case:
            case = each.relinked(survivor)
            return case.forgotten() if erased else case

        return self.cases.change(stored.id, settled, etag="", request_key="")


@dataclass(frozen=True, slots=True)
class HearOfVisit:
    """Opens a complaint for a return visit that went badly, once per event."""

    open_case: OpenCase

    def __call__(self, visit: CompletedVisit) -> None:
        """Do nothing for a visit that went well."""
        complaint = complaint_of(visit)
        if complaint is not None:
            self.open_case(complaint, request_id="")


@dataclass(frozen=True, slots=True)
class HearOfOrder:
    """Opens a service request for an order that was accepted with issues, once per event."""

    open_case: OpenCase

    def __call__(self, order: AcceptedOrder) -> None:
        """Do nothing for an order with which nothing was wrong."""
        request = request_of(order)
        if request is not None:
            self.open_case(request, request_id="")
