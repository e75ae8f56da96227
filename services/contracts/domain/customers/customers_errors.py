"""What the upkeep of customers refuses."""

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


class CustomerIsMerged(DomainError):
    """The customer is a doublet that is not used any more."""

    kind, reason = Kind.PRECONDITION, "CUSTOMER_MERGED"

    def __init__(self, customer_id: str, into_id: str) -> None:
        """Name the doublet and the customer to use in its place."""
        super().__init__(
            f"The customer {customer_id} was merged into {into_id}. Use that one.",
            field="customer_id",
            customer_id=customer_id,
            into_id=into_id,
        )


class CustomerMergeRefused(DomainError):
    """These two customers cannot be merged."""

    kind, reason = Kind.PRECONDITION, "CUSTOMER_MERGE_REFUSED"

    def __init__(self, why: str, *, customer_id: str, into_id: str) -> None:
        """Say why, and name both."""
        super().__init__(why, field="into_id", customer_id=customer_id, into_id=into_id)
