"""Count a closed case for the employee who closed it."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from services.chassis import logs
from services.chassis.clock import Clock
from services.chassis.ids import check_id
from services.kpi.domain.fact import ClosedCase, Fact
from services.kpi.ports import Facts

_log = logs.get("kpi.facts")


@dataclass(frozen=True, slots=True)
class RecordClosedCase:
    """Stores one fact for each event; a repeated event stores nothing."""

    facts: Facts
    clock: Clock
    time_zone: str

    def __call__(self, case: ClosedCase) -> None:
        """Record the fact; a case that nobody closed counts for nobody.

        The employee need not be imported yet: the fact waits for them.
        """
        if not case.assignee_id:
            _log.info("closed_case_without_assignee", event_id=case.event_id, case_id=case.case_id)
            return
        check_id(case.assignee_id, "emp", field="assignee_id")
        fact = Fact.of_closed_case(case, zone=ZoneInfo(self.time_zone), now=self.clock.now())
        if not self.facts.record(fact):
            _log.info("fact_recorded_before", event_id=case.event_id)
