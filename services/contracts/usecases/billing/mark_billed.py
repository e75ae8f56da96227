"""Note on which invoice billing lines stand."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from services.chassis.checks import batch, line
from services.chassis.clock import Clock
from services.chassis.errors import NotFound, StaleVersion
from services.contracts.domain.billing.billing_difference import settled
from services.contracts.domain.billing.billing_line import BillingKey, BillingLine, BillingLineKind
from services.contracts.ports.billing import BillingLines

MOST_INVOICE = 100
_TRIES = 5


@dataclass(frozen=True, slots=True)
class MarkBilled:
    """Due to billed; idempotent by the invoice."""

    lines: BillingLines
    clock: Clock

    def __call__(self, billing_line_ids: Sequence[str], *, invoice: str, by: str) -> Sequence[BillingLine]:
        """Return the lines in the order asked, all billed. What one of them refuses leaves all as they were.

        A crash in the middle is made good by a repeat: what stands on the invoice already stays there.
        """
        ids = batch(billing_line_ids, "billing_line_ids", prefix="bil")
        number = line(invoice, "invoice", most=MOST_INVOICE, least=1)
        for _ in range(_TRIES):
            found = self._found(ids)
            now = self.clock.now()
            pairs = [(each, each.on_invoice(number, by=by, now=now)) for each in found]
            changes = [(old, new) for old, new in pairs if new is not old]
            if not changes:
                self._settle(found)
                return found
            self.lines.change_many(changes)
        raise StaleVersion("billing_line", ids[0])

    def _found(self, ids: Sequence[str]) -> Sequence[BillingLine]:
        known = {each.id: each for each in self.lines.batch_get(ids)}
        for key in ids:
            if key not in known:
                raise NotFound.of("billing_line", key)
        return [known[key] for key in ids]

    def _settle(self, billed: Sequence[BillingLine]) -> None:
        """Say of charges that credits have taken back that nothing is left; the next run would do it, too."""
        contracts = {each.contract_id for each in billed if each.kind is BillingLineKind.CREDIT}
        if not contracts:
            return
        by_key: dict[tuple[str, BillingKey], list[BillingLine]] = defaultdict(list)
        for contract_id, lines in self.lines.of_contracts(sorted(contracts)).items():
            for each in lines:
                by_key[contract_id, each.key].append(each)
        now = self.clock.now()
        self.lines.change_many([pair for lines in by_key.values() for pair in settled(lines, now=now)])
