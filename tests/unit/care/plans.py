"""Plans of campaigns that tests begin with: each builder names only what matters."""

from datetime import date
from typing import Any

from services.care.domain.calendars.birthday_rules import BirthdayRules
from services.care.domain.campaigns.plan import CampaignPlan, MessageTemplate
from services.care.domain.campaigns.triggers import (
    AfterEventTrigger,
    BeforeDateTrigger,
    BirthdayTrigger,
    DateKind,
    EventTrigger,
    InactivityTrigger,
    OccasionTrigger,
    OneOffTrigger,
    RecurringTrigger,
    Trigger,
)
from services.care.domain.journeys.steps import (
    BranchArm,
    BranchStep,
    EndStep,
    SendStep,
    Step,
    TaskStep,
    WaitForDuration,
    WaitForEvent,
    WaitStep,
    WaitUntilDate,
    WaitUntilLocalTime,
)
from services.care.domain.language import Language
from services.care.domain.span import Span, TimeUnit

ENGLISH = MessageTemplate(Language.EN, "Happy birthday", "Dear {{ member.name }}")
CHINESE = MessageTemplate(Language.ZH_HANS, "生日快乐", "亲爱的{{ member.name }}")
SEGMENT = "seg_00000000000000000000000001"
OTHER_SEGMENT = "seg_00000000000000000000000002"
OCCASION = "occ_00000000000000000000000001"

TRIGGERS: dict[str, Trigger] = {
    "birthday": BirthdayTrigger(3),
    "occasion": OccasionTrigger(OCCASION, 1),
    "after_event": AfterEventTrigger("contract_activated", Span(2, TimeUnit.QUARTER)),
    "before_date": BeforeDateTrigger(DateKind.ATTRIBUTE, Span(15, TimeUnit.DAY), "licence_ends"),
    "inactivity": InactivityTrigger(90, "visit_completed"),
    "recurring": RecurringTrigger(date(2026, 1, 31), Span(1, TimeUnit.MONTH), date(2027, 1, 31)),
    "one_off": OneOffTrigger(date(2026, 12, 24)),
    "event_triggered": EventTrigger("case_closed", Span(2, TimeUnit.HOUR), 30),
}
STEPS: tuple[Step, ...] = (
    SendStep("hello"),
    WaitStep("pause", WaitForDuration(Span(3, TimeUnit.DAY))),
    WaitStep("morning", WaitUntilLocalTime("09:30", (1, 2))),
    WaitStep("day", WaitUntilDate(date(2026, 12, 24))),
    WaitStep("answer", WaitForEvent("case_closed", Span(1, TimeUnit.WEEK), "over")),
    BranchStep("who", (BranchArm(SEGMENT, "call"),), "over"),
    TaskStep("call", "Call and ask", due_days=2),
    EndStep("over", "nobody answered"),
)


def a_plan(**fields: Any) -> CampaignPlan:
    defaults: dict[str, Any] = {
        "send_at": "09:00",
        "catch_up_days": 3,
        "rules": BirthdayRules(),
        "templates": (ENGLISH, CHINESE),
    }
    return CampaignPlan(**defaults | fields)
