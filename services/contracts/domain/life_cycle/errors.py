"""What the life of a contract refuses."""

from collections.abc import Sequence

from services.chassis.errors import DomainError, Forbidden, Kind
from services.contracts.domain.terms.money import Money


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


class ReviewerIsAuthor(Forbidden):
    """Who wrote or submitted a contract cannot review it."""

    reason = "REVIEWER_IS_AUTHOR"

    def __init__(self, contract_id: str) -> None:
        """Name the contract."""
        super().__init__(
            f"Who wrote or submitted the contract {contract_id} cannot review it: four eyes are needed.",
            contract_id=contract_id,
        )


class AskedReviewerIsAuthor(DomainError):
    """The reviewer whom the caller names wrote or submitted the contract: naming another one helps."""

    kind, reason = Kind.PRECONDITION, "REVIEWER_IS_AUTHOR"

    def __init__(self, contract_id: str, *, reviewer: str) -> None:
        """Name the contract and who was named."""
        super().__init__(
            f"{reviewer} wrote or submitted the contract {contract_id}: name somebody else, four eyes are needed.",
            field="reviewer",
            contract_id=contract_id,
            reviewer=reviewer,
        )


class ReviewerIsAnother(DomainError):
    """Somebody else was asked to review."""

    kind, reason = Kind.PRECONDITION, "REVIEWER_IS_ANOTHER"

    def __init__(self, contract_id: str, *, reviewer: str) -> None:
        """Name the contract and who was asked."""
        super().__init__(
            f"{reviewer} was asked to review the contract {contract_id}; assign it to you first.",
            contract_id=contract_id,
            reviewer=reviewer,
        )


class ContractGatesOpen(DomainError):
    """What must be there before the contract comes into force is not."""

    kind, reason = Kind.PRECONDITION, "CONTRACT_GATES_OPEN"

    def __init__(self, contract_id: str, *, gates: Sequence[str]) -> None:
        """Name the contract and every gate that is not passed."""
        super().__init__(
            f"The contract {contract_id} cannot come into force: {', '.join(gates)} is missing.",
            contract_id=contract_id,
            gates=",".join(gates),
        )


class LegalRoleRequired(DomainError):
    """The legal gate is passed by the role legal alone."""

    kind, reason = Kind.FORBIDDEN, "LEGAL_ROLE_REQUIRED"

    def __init__(self, contract_id: str) -> None:
        """Name the contract."""
        super().__init__(
            f"Only the role legal passes the legal gate of the contract {contract_id}.",
            contract_id=contract_id,
        )


class PriceDiffersFromLines(DomainError):
    """The price that was said is not what the lines are billed in the term."""

    kind, reason = Kind.INVALID, "PRICE_DIFFERS_FROM_LINES"

    def __init__(self, *, price: Money, lines: Money) -> None:
        """Name both amounts."""
        super().__init__(
            f"The price is {price}, but the lines cost {lines} in the term. Leave the price unset to take theirs.",
            field="price",
            price=str(price),
            lines_price=str(lines),
        )
