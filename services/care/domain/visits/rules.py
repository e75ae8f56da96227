"""Which visit follows which event, and when: data that operations change."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from services.care.domain.visits.attempts import COMMON_RULE, AttemptRule, Fallback
from services.care.domain.visits.call_task import CallTask
from services.care.domain.visits.kinds import VisitKind, VisitMeans
from services.care.domain.visits.scripts import checked_code
from services.care.domain.visits.windows import CallWindow
from services.chassis import checks
from services.chassis.errors import DomainError, InvalidField, Kind

MOST_DAYS = 366
MOST_SKILL = 40


class VisitRuleUnknown(DomainError):
    kind, reason = Kind.NOT_FOUND, "VISIT_RULE_NOT_FOUND"

    def __init__(self, event: str) -> None:
        super().__init__(f"No visit can follow {event!r}.", field="rule.event", event=event)


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitRule:
    """What follows one kind of event; the id is the event's name."""

    id: str
    kind: VisitKind
    days: int
    """From the day of the event."""
    enabled: bool = True
    means: VisitMeans = VisitMeans.CALL
    script_code: str = ""
    skill: str = ""
    window_from: str = ""
    window_to: str = ""
    attempt_rule: AttemptRule = COMMON_RULE
    update_time: datetime | None = None
    version: int = 0
    """0: as it came with the product."""
    events: tuple[object, ...] = ()

    def checked(self) -> "VisitRule":
        """Return it, or refuse with INVALID_FIELD."""
        if not 0 <= self.days <= MOST_DAYS:
            raise InvalidField("rule.days", f"rule.days must be 0 to {MOST_DAYS}.")
        if self.means.one_way:
            raise InvalidField("rule.means", "rule.means must be CALL or ONSITE.")
        if bool(self.window_from) != bool(self.window_to):
            raise InvalidField("rule.window_to", "rule.window_from and window_to are set both or not at all.")
        if self.window_from:
            CallWindow(self.window_from, self.window_to, "UTC").checked()
        return replace(
            self,
            script_code=checked_code(self.script_code, "rule.script_code") if self.script_code else "",
            skill=checks.line(self.skill, "rule.skill", most=MOST_SKILL),
            attempt_rule=self.attempt_rule.checked("rule.attempt_rule"),
        )

    def task(self, key: tuple[str, ...], *, happened: datetime, zone: Any, **details: Any) -> CallTask:
        """Return the visit that follows an event of this moment, as the rule says."""
        return CallTask(
            key=key,
            kind=self.kind,
            due=happened.astimezone(zone).date() + timedelta(days=self.days),
            means=self.means,
            skill=self.skill,
            script_code=self.script_code,
            window_from=self.window_from,
            window_to=self.window_to,
            attempt_rule=self.attempt_rule,
            **details,
        )


_CONFIRM_TRIES = AttemptRule(tries=4, days=2, fallbacks=(Fallback(VisitMeans.LETTER, 3),))


def built_in(activation_days: int) -> dict[str, VisitRule]:
    """Return the rules that come with the product, by event.

    A delivery is said three times, of the order, of its acceptance and of each asset: only one of them is on.
    """
    rules = (
        VisitRule(
            id="contract_activated",
            kind=VisitKind.AFTER_ACTIVATION,
            days=activation_days,
            script_code="after_activation",
        ),
        VisitRule(id="order_delivered", kind=VisitKind.AFTER_DELIVERY, days=3, script_code="after_delivery"),
        VisitRule(
            id="order_accepted", kind=VisitKind.AFTER_DELIVERY, days=7, script_code="after_delivery", enabled=False
        ),
        VisitRule(
            id="asset_delivered", kind=VisitKind.AFTER_DELIVERY, days=3, script_code="after_delivery", enabled=False
        ),
        VisitRule(id="chargeable_service_completed", kind=VisitKind.AFTER_SERVICE, days=3, script_code="after_service"),
        VisitRule(
            id="case_closed",
            kind=VisitKind.CONFIRM,
            days=2,
            script_code="confirm",
            attempt_rule=_CONFIRM_TRIES,
        ),
    )
    return {rule.id: rule for rule in rules}
