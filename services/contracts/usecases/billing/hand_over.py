"""Hand due lines over to the accounting system, until each has arrived."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from services.chassis.clock import Clock
from services.chassis.ids import new_id
from services.contracts.domain.billing.billing_delivery import MOST_LINES, BillingDelivery
from services.contracts.domain.billing.billing_export import as_json
from services.contracts.ports.billing import AccountingWebhook, BillingDeliveries, LinesToDeliver

_BATCH = 20


@dataclass(frozen=True, slots=True)
class HandOver:
    """Bundles due lines into deliveries, and sends each delivery until the other side takes it."""

    lines: LinesToDeliver
    deliveries: BillingDeliveries
    webhook: AccountingWebhook
    clock: Clock

    def __call__(self, holds: Callable[[], bool]) -> int:
        """Return how many deliveries arrived. What a crash left is sent again under the same key."""
        self._bundle(holds)
        arrived = 0
        for delivery in self.deliveries.due(self.clock.now(), size=_BATCH):
            if not holds():
                break
            arrived += self._send(self._assigned(delivery))
        return arrived

    def _bundle(self, holds: Callable[[], bool]) -> None:
        """An unassigned delivery is finished first, or its lines would be bundled twice."""
        for left in self.deliveries.unassigned(size=_BATCH):
            self._assigned(left)
        for _ in range(_BATCH):
            now = self.clock.now()
            ids = self.lines.to_deliver(now, size=MOST_LINES) if holds() else ()
            if not ids:
                return
            made = BillingDelivery(id=new_id("dlv", now), billing_line_ids=tuple(ids), next_time=now, create_time=now)
            self._assigned(self.deliveries.add(made))

    def _assigned(self, delivery: BillingDelivery) -> BillingDelivery:
        if delivery.assigned:
            return delivery
        self.lines.assign(delivery)
        assigned = replace(delivery, assigned=True)
        self.deliveries.save(delivery, assigned)
        return replace(assigned, version=delivery.version + 1)

    def _send(self, delivery: BillingDelivery) -> bool:
        now = self.clock.now()
        error = self._tried(delivery, now)
        self.deliveries.save(delivery, delivery.failed(error, now=now) if error else delivery.delivered(now))
        return not error

    def _tried(self, delivery: BillingDelivery, now: datetime) -> str:
        """Return the empty string once the other side has it, else what went wrong."""
        try:
            lines = self.lines.in_delivery(delivery)
        except Exception as error:  # noqa: BLE001  # a line that cannot be read must not hold up other deliveries
            return f"a line cannot be read: {type(error).__name__}"
        return self.webhook.send(as_json(lines, now=now), key=delivery.id, now=now) if lines else ""
