"""Move what is due by itself: terms that are over, suspensions and terminations whose day has come."""

from collections.abc import Callable
from dataclasses import dataclass

from services.chassis import logs
from services.chassis.clock import Clock
from services.chassis.errors import StaleVersion
from services.contracts.domain.life_cycle.contract import Contract
from services.contracts.domain.life_cycle.contract_due import move_when_due
from services.contracts.ports.contracts import Contracts

_BATCH = 500
_MOST_STEPS = 20
"""A contract takes no more steps in one round: a suspension, its end, the end of the term, and a reserve."""
_log = logs.get("contracts.move_due")


@dataclass(frozen=True, slots=True)
class MoveDueContracts:
    """Finds in the database whatever is due, however long nobody looked, and takes each step once."""

    contracts: Contracts
    clock: Clock

    def __call__(self, *, holds: Callable[[], bool] = lambda: True) -> int:
        """Return how many steps were taken; end early once `holds` says no.

        A contract that cannot be moved is told with its reason and passed over, so that it stops no other.
        """
        done, after, now = 0, "", self.clock.now()
        while holds() and (found := self.contracts.due(now, size=_BATCH, after=after)):
            for contract_id in found:
                if not holds():
                    return done
                done += self._move(contract_id)
            after = found[-1]
        return done

    def _move(self, contract_id: str) -> int:
        try:
            return self._steps(contract_id)
        except StaleVersion:
            return 0  # somebody is at it; the next round looks again
        except Exception:  # noqa: BLE001  # one bad record must not keep the rest from their day
            _log.exception("contract_not_moved", contract_id=contract_id)
            return 0

    def _steps(self, contract_id: str) -> int:
        now, steps = self.clock.now(), 0

        def step(contract: Contract) -> Contract:
            return move_when_due(contract, now=now)

        version = self.contracts.get(contract_id).version
        while steps < _MOST_STEPS:
            moved = self.contracts.change(contract_id, step, etag=str(version), request_key="")
            if moved.version == version:
                break
            version, steps = moved.version, steps + 1
        return steps
