"""What the feedback service refuses, beside what every service refuses."""

from services.chassis.errors import DomainError, Kind


class CaseTransitionRefused(DomainError):
    """The case's state does not allow the verb."""

    kind, reason = Kind.PRECONDITION, "CASE_TRANSITION_REFUSED"

    def __init__(self, case_id: str, *, state: str, verb: str) -> None:
        """Name the case, where it stands and what was asked."""
        super().__init__(
            f"You cannot {verb} the case {case_id}: it is {state}.", case_id=case_id, state=state, verb=verb
        )
