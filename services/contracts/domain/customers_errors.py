"""What the upkeep of customers refuses."""

from services.chassis.errors import DomainError, Kind


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
