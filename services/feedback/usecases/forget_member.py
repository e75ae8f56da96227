"""A member was erased in care: what people wrote in the cases of that person goes, too."""

from dataclasses import dataclass

from services.chassis.ids import check_id
from services.feedback.domain.case import Case
from services.feedback.ports import Cases, ErasedMembers


@dataclass(frozen=True, slots=True)
class ForgetMember:
    """Hearing it twice, or before the last news of the person, leads to the same."""

    cases: Cases
    erased: ErasedMembers
    page: int = 200
    """Cases that are looked up at once."""

    def __call__(self, member_id: str) -> None:
        """Note the erasure, then empty the cases. Refused with INVALID_ID; killed anywhere, a repeat goes on."""
        member = check_id(member_id, "mem", field="member_id")
        self.erased.heard(member)
        after = ""
        while found := self.cases.about(member, after=after, most=self.page):
            for case_id in found:
                self.cases.change(case_id, Case.forgotten, etag="", request_key="")
            after = found[-1]
