"""What the room of renewals refuses."""

from services.chassis.errors import DomainError, Forbidden, Kind


class RenewalMoveRefused(DomainError):
    """The renewal's stage does not allow the step."""

    kind, reason = Kind.PRECONDITION, "RENEWAL_MOVE_REFUSED"

    def __init__(self, renewal_id: str, *, stage: str, wanted: str) -> None:
        """Name the renewal, where it stands and what was asked."""
        super().__init__(
            f"The renewal {renewal_id} is {stage}: it cannot become {wanted}.",
            renewal_id=renewal_id,
            stage=stage,
            wanted=wanted,
        )


class RenewalCallOverdue(DomainError):
    """Three months before the term's end a renewal may no longer be undecided."""

    kind, reason = Kind.PRECONDITION, "RENEWAL_CALL_OVERDUE"

    def __init__(self, renewal_id: str, *, since: str) -> None:
        """Name the renewal and the day since when a call is needed."""
        super().__init__(
            f"Since {since} the renewal {renewal_id} needs a call: it can no longer be undecided.",
            field="category",
            renewal_id=renewal_id,
            since=since,
        )


class RenewalDecidedByCaller(Forbidden):
    """Whoever made the call cannot decide about it."""

    reason = "RENEWAL_DECIDED_BY_CALLER"

    def __init__(self, renewal_id: str) -> None:
        """Name the renewal."""
        super().__init__(
            f"You made the call of the renewal {renewal_id}: somebody else decides.", renewal_id=renewal_id
        )


class RenewalNothingToDecide(DomainError):
    """The leader was not asked."""

    kind, reason = Kind.PRECONDITION, "RENEWAL_NOTHING_TO_DECIDE"

    def __init__(self, renewal_id: str) -> None:
        """Name the renewal."""
        super().__init__(f"Nothing about the renewal {renewal_id} waits for a decision.", renewal_id=renewal_id)


class ContractNotRenewable(DomainError):
    """The contract is not in force, so there is no term to renew or to cancel."""

    kind, reason = Kind.PRECONDITION, "CONTRACT_NOT_RENEWABLE"

    def __init__(self, contract_id: str, *, state: str) -> None:
        """Name the contract and where it stands."""
        super().__init__(
            f"The contract {contract_id} is {state}: it has no term to renew or to cancel.",
            contract_id=contract_id,
            state=state,
        )


class TermNotPriceable(DomainError):
    """The price of the next term cannot be found."""

    kind, reason = Kind.PRECONDITION, "TERM_NOT_PRICEABLE"

    def __init__(self, contract_id: str, *, because: str) -> None:
        """Name the contract and what is missing."""
        super().__init__(
            f"The next term of the contract {contract_id} has no price: {because}",
            contract_id=contract_id,
            because=because,
        )
