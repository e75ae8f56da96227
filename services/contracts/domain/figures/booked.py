"""Signed contracts as the figures read them: what was agreed, where it stood, who owns it, as known at a moment."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from services.contracts.domain.life_cycle.contract_states import FINAL, ContractState, TerminationCode
from services.contracts.domain.terms.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class CoveringLine:
    """What a line covers, and not what it costs."""

    asset_ids: tuple[str, ...] = ()
    service_types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """One version of the terms."""

    number: int
    effective_date: date
    recorded_time: datetime
    start_date: date
    end_date: date
    """Last day of the term, included."""
    price: Money
    """Of the whole term."""
    lines: tuple[CoveringLine, ...] = ()

    def covers(self, asset_id: str) -> bool:
        """Say whether a line covers services for the asset; a line that names none covers all of the customer's."""
        return any(each.service_types and (not each.asset_ids or asset_id in each.asset_ids) for each in self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One change of state."""

    state: ContractState
    effective_date: date
    recorded_time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlyEnd:
    """A termination, as agreed."""

    code: TerminationCode
    last_date: date
    recorded_time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedContract:
    """What the figures need of a contract that was signed; a test holds it against the contract itself."""

    id: str
    customer_id: str
    owner_id: str
    predecessor_id: str = ""
    successor_id: str = ""
    versions: tuple[Agreed, ...]
    moves: tuple[Step, ...]
    termination: EarlyEnd | None = None
    renewal_cancelled_time: datetime | None = None

    def known(self, at: datetime | None) -> "BookedContract | None":
        """Return the contract without what was recorded after a moment; None: nothing was known of it yet."""
        if at is None or self._all_recorded_by(at):
            return self
        versions = tuple(each for each in self.versions if each.recorded_time <= at)
        moves = tuple(each for each in self.moves if each.recorded_time <= at)
        if not versions or not moves:
            return None
        end = self.termination if self.termination and self.termination.recorded_time <= at else None
        cancelled = self.renewal_cancelled_time
        return replace(
            self,
            versions=versions,
            moves=moves,
            termination=end,
            renewal_cancelled_time=cancelled if cancelled and cancelled <= at else None,
        )

    def _all_recorded_by(self, at: datetime) -> bool:
        if any(each.recorded_time > at for each in self.versions) or any(
            each.recorded_time > at for each in self.moves
        ):
            return False
        end, cancelled = self.termination, self.renewal_cancelled_time
        return not ((end and end.recorded_time > at) or (cancelled and cancelled > at))

    def terms_at(self, day: date) -> Agreed | None:
        """Return what was agreed for a day, or None before the first."""
        best: Agreed | None = None
        for each in self.versions:  # a report asks this of every contract: no list, no key function
            if each.effective_date <= day and (
                best is None or (each.effective_date, each.number) > (best.effective_date, best.number)
            ):
                best = each
        return best

    def state_at(self, day: date) -> ContractState | None:
        """Return the state of a day: as `Contract.state_at`."""
        if self.termination and day > self.termination.last_date:
            return ContractState.TERMINATED
        state: ContractState | None = None
        for each in self.moves:
            if each.effective_date <= day and (state not in FINAL or each.state in FINAL):
                state = each.state
        return state

    def paying_at(self, day: date) -> Agreed | None:
        """Return the terms of a day on which the contract was in force, else None."""
        terms = self.terms_at(day)
        if terms is None or not terms.start_date <= day <= terms.end_date:
            return None
        return terms if self.state_at(day) is ContractState.ACTIVE else None
