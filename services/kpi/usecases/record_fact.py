"""Count for an employee what an event says they did."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from services.chassis import logs
from services.chassis.clock import Clock
from services.chassis.ids import check_id
from services.kpi.domain.fact import Counted, Fact
from services.kpi.ports import Facts

_log = logs.get("kpi.facts")


@dataclass(frozen=True, slots=True)
class RecordFact:
    """Stores each fact once, however often it is told."""

    facts: Facts
    clock: Clock
    time_zone: str

    def __call__(self, counted: Counted) -> None:
        """Record the fact; what nobody did counts for nobody, and a malformed employee id is refused with INVALID_ID.

        The employee need not be imported yet: the fact waits for them.
        """
        indicator = counted.indicator.key
        if not counted.employee_id:
            _log.info("counts_for_nobody", indicator=indicator, evidence_id=counted.evidence_id)
            return
        check_id(counted.employee_id, "emp", field="employee_id")
        fact = Fact.of(counted, zone=ZoneInfo(self.time_zone), now=self.clock.now())
        if not self.facts.record(fact):
            _log.info("fact_recorded_before", indicator=indicator, fact_id=fact.id)
