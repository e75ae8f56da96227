"""Look at every open renewal once a day: its likelihood, whether the leader is asked, and what became of it."""

from collections.abc import Callable
from dataclasses import dataclass

from services.chassis.clock import Clock
from services.contracts.domain.renewals.likelihood import LikelihoodModel
from services.contracts.domain.renewals.renewal_opening import rescored
from services.contracts.domain.renewals.renewal_signals import LOOK_BACK
from services.contracts.domain.terms.periods import local_day
from services.contracts.ports.renewals import Renewals, Signals
from services.contracts.usecases.renewals.run_renewals import BATCH, RunRenewals


@dataclass(frozen=True, slots=True)
class ScoreRenewals:
    """Idempotent by the day that stands in each renewal."""

    renewals: Renewals
    signals: Signals
    model: LikelihoodModel
    run: RunRenewals
    clock: Clock
    zone: str
    """IANA name: the company's, in which people count days."""

    def __call__(self, *, holds: Callable[[], bool]) -> int:
        """Return how many were looked at."""
        now = self.clock.now()
        today, done = local_day(now, self.zone), 0
        for batch in self.renewals.open_unscored(today, size=BATCH):
            if not holds():
                break
            heard = self.signals.of_customers(list({each.customer_id for each in batch}), since=now - LOOK_BACK)
            pairs = [
                (each, rescored(each, heard.get(each.customer_id, ()), model=self.model, today=today, now=now))
                for each in batch
            ]
            done += self.renewals.change_many(pairs)
            self.run.settle(self.renewals.batch_get([each.id for each in batch]))
        return done
