"""What the feedback service refuses, beside what every service refuses."""

from services.chassis.errors import DomainError, Kind


class MemberErased(DomainError):
    """The case is about a person of whom everything is to be forgotten."""

    kind, reason = Kind.PRECONDITION, "MEMBER_ERASED"

    def __init__(self, member_id: str) -> None:
        """Name the member, and what can be done."""
        super().__init__(
            f"Member {member_id} was erased: nothing can be written about that person. Leave member_id empty.",
            field="member_id",
            member_id=member_id,
        )


class CaseTransitionRefused(DomainError):
    """The case's state does not allow the verb."""

    kind, reason = Kind.PRECONDITION, "CASE_TRANSITION_REFUSED"

    def __init__(self, case_id: str, *, state: str, verb: str) -> None:
        """Name the case, where it stands and what was asked."""
        super().__init__(
            f"You cannot {verb} the case {case_id}: it is {state}.", case_id=case_id, state=state, verb=verb
        )
