"""What the contracts service refuses, beside what every service refuses."""

from services.chassis.errors import AlreadyExists, DomainError, Kind


class CustomerExternalRefTaken(AlreadyExists):
    """Another customer has this key of the company's own system."""

    reason = "CUSTOMER_EXTERNAL_REF_TAKEN"

    def __init__(self, external_ref: str) -> None:
        """Name the key."""
        super().__init__(
            f"Another customer has the external reference {external_ref}.",
            field="external_ref",
            external_ref=external_ref,
        )


class ContractTransitionRefused(DomainError):
    """The contract's state does not allow the verb."""

    kind, reason = Kind.PRECONDITION, "CONTRACT_TRANSITION_REFUSED"

    def __init__(self, contract_id: str, *, state: str, verb: str) -> None:
        """Name the contract, where it stands and what was asked."""
        super().__init__(
            f"You cannot {verb} the contract {contract_id}: it is {state}.",
            contract_id=contract_id,
            state=state,
            verb=verb,
        )
