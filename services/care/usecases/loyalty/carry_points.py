"""Points go along when a doublet is merged into the member that stays."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from services.care.domain.loyalty.account import Account
from services.care.domain.loyalty.entry import Posting
from services.care.domain.loyalty.uniting import Booked, has_nothing, united
from services.care.ports.loyalty import PointsLedger, Programs
from services.chassis.clock import Clock


@dataclass(frozen=True, slots=True)
class CarryPoints:
    """Moves all that an account holds; done again, it finds nothing left to move."""

    ledger: PointsLedger
    programs: Programs
    clock: Clock
    time_zone: str

    def __call__(self, doublet_id: str, survivor_id: str, *, by: str) -> None:
        """Empty the doublet's account into the survivor's, in one transaction."""
        now = self.clock.now()
        today = now.astimezone(ZoneInfo(self.time_zone)).date()
        terms = self.programs.get().terms_at(today)
        posting = Posting(key="", reason=f"{doublet_id} merged into {survivor_id}", by=by, today=today, now=now)

        def step(doublet: Account, survivor: Account) -> tuple[Booked, Booked] | None:
            return None if has_nothing(doublet) else united(doublet, survivor, posting=posting, terms=terms)

        self.ledger.unite(doublet_id, survivor_id, step=step)
