"""Keep the data of calling: rules, scripts, agents."""

from dataclasses import dataclass, replace

from services.care.domain.visits.agents import CallAgent
from services.care.domain.visits.rules import VisitRule, VisitRuleUnknown
from services.care.domain.visits.script_words import checked_script
from services.care.domain.visits.scripts import CallScript
from services.care.ports.calling import CallAgents, CallScripts, VisitRules
from services.chassis.checks import request_key
from services.chassis.clock import Clock


@dataclass(frozen=True, slots=True)
class PutVisitRule:
    """Changes what follows an event; a new event cannot be made up."""

    rules: VisitRules
    scripts: CallScripts
    clock: Clock

    def __call__(self, rule: VisitRule, *, etag: str, request_id: str) -> VisitRule:
        """Return the rule as stored. Refused with VISIT_RULE_NOT_FOUND, CALL_SCRIPT_NOT_FOUND, INVALID_FIELD."""
        self.rules.get(rule.id)
        told = rule.checked()
        if told.script_code:
            self.scripts.get(told.script_code)

        def step(stored: VisitRule | None) -> VisitRule:
            if stored is None:
                raise VisitRuleUnknown(rule.id)
            return replace(told, version=stored.version, update_time=self.clock.now())

        return self.rules.put(rule.id, step, etag=etag, request_key=request_key("put_rule", request_id))


@dataclass(frozen=True, slots=True)
class PutCallScript:
    """Writes a script, or changes it."""

    scripts: CallScripts
    clock: Clock

    def __call__(self, script: CallScript, *, etag: str, request_id: str) -> CallScript:
        """Return the script as stored. Refused with INVALID_FIELD, STALE_VERSION."""
        told = checked_script(script)

        def step(stored: CallScript | None) -> CallScript:
            return replace(told, version=stored.version if stored else 0, update_time=self.clock.now())

        return self.scripts.put(told.id, step, etag=etag, request_key=request_key("put_script", request_id))


@dataclass(frozen=True, slots=True)
class PutCallAgent:
    """Says what an employee knows, how much they bear, and when they are away."""

    agents: CallAgents
    clock: Clock

    def __call__(self, agent: CallAgent, *, etag: str, request_id: str) -> CallAgent:
        """Return the agent as stored. Refused with INVALID_ID, INVALID_FIELD, STALE_VERSION."""
        told = agent.checked()

        def step(stored: CallAgent | None) -> CallAgent:
            return replace(told, version=stored.version if stored else 0, update_time=self.clock.now())

        return self.agents.put(told.id, step, etag=etag, request_key=request_key("put_agent", request_id))
