"""What becomes of a contract by itself when its day has come: it ends, or it is in force again."""

from collections.abc import Callable
from datetime import date, datetime

from services.contracts.domain.life_cycle.contract import Contract
from services.contracts.domain.life_cycle.contract_end import terminate_when_due
from services.contracts.domain.life_cycle.contract_force import resume_when_due
from services.contracts.domain.life_cycle.contract_states import ContractState

Step = Callable[[Contract], Contract]


def move_when_due(contract: Contract, *, now: datetime) -> Contract:
    """Return the contract after the earliest thing that is due for the customer's day of `now`, or itself.

    Asked again and again it takes every step that was slept through, in the order of their days. Where two fall on one
    day, an agreed termination goes before the end of the term, and that before the end of a suspension.
    """
    due: list[tuple[date, int, Step]] = []
    if contract.termination:
        due.append((contract.termination.last_date, 0, lambda each: terminate_when_due(each, now=now)))
    if contract.ends_by_itself:
        due.append((contract.end_date, 1, lambda each: each.expired(now)))
    if contract.state is ContractState.SUSPENDED and (planned := contract.suspensions[-1].planned_end_date):
        due.append((planned, 2, lambda each: resume_when_due(each, now=now)))
    today = contract.today(now)
    passed = [each for each in due if each[0] < today]
    if contract.due_date is None or not passed:
        return contract
    _, _, step = min(passed, key=lambda each: each[:2])
    return step(contract)
