"""Take a draft through the legal review."""

from dataclasses import dataclass

from services.contracts.domain.life_cycle import contract_review
from services.contracts.domain.life_cycle.contract import Contract
from services.contracts.usecases.order import Desk, Order


@dataclass(frozen=True, slots=True)
class SubmitContract:
    """Draft to in review."""

    desk: Desk

    def __call__(self, order: Order, *, reviewer: str) -> Contract:
        """Return the contract that waits for its reviewer, or for anybody where none is named."""
        return self.desk.carry_out(
            order,
            lambda contract, now: contract_review.submit(contract, by=order.by, reviewer=reviewer, now=now),
            verb="submit",
        )


@dataclass(frozen=True, slots=True)
class AssignReviewer:
    """Ask another reviewer."""

    desk: Desk

    def __call__(self, order: Order, *, reviewer: str) -> Contract:
        """Return the contract that waits for the new reviewer."""
        return self.desk.carry_out(
            order,
            lambda contract, now: contract_review.assign(contract, by=order.by, reviewer=reviewer, now=now),
            verb="assign",
        )


@dataclass(frozen=True, slots=True)
class ApproveContract:
    """In review to approved, by a second pair of eyes."""

    desk: Desk

    def __call__(self, order: Order) -> Contract:
        """Return the approved contract."""
        return self.desk.carry_out(
            order, lambda contract, now: contract_review.approve(contract, by=order.by, now=now), verb="approve"
        )


@dataclass(frozen=True, slots=True)
class ReturnContract:
    """In review or approved back to its author."""

    desk: Desk

    def __call__(self, order: Order, *, comment: str) -> Contract:
        """Return the contract, a draft again, with what must be done."""
        return self.desk.carry_out(
            order,
            lambda contract, now: contract_review.give_back(contract, by=order.by, comment=comment, now=now),
            verb="return",
        )


@dataclass(frozen=True, slots=True)
class WithdrawContract:
    """In review or approved back to draft, by those who sell."""

    desk: Desk

    def __call__(self, order: Order) -> Contract:
        """Return the contract, a draft again."""
        return self.desk.carry_out(
            order, lambda contract, now: contract_review.withdraw(contract, by=order.by, now=now), verb="withdraw"
        )


@dataclass(frozen=True, slots=True)
class CommentOnContract:
    """Say something about a contract that is not signed yet."""

    desk: Desk

    def __call__(self, order: Order, *, comment: str) -> Contract:
        """Return the contract with the remark kept."""
        return self.desk.carry_out(
            order,
            lambda contract, now: contract_review.comment_on(contract, by=order.by, comment=comment, now=now),
            verb="comment",
        )
