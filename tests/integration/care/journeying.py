"""Journeys on a real database: planned, moved on and dispatched in this process with a clock that tests move."""

from dataclasses import dataclass
from typing import Any

from services.care.app.journeys import build_advance_runs
from services.care.config import Settings
from services.care.domain.campaigns.campaign import Campaign
from services.care.domain.campaigns.triggers import OneOffTrigger
from services.care.domain.journeys.run import JourneyRun
from services.care.domain.journeys.steps import Step
from services.care.domain.members.member import Member
from services.care.store.journeys.runs import CODEC
from tests.integration.care.greetings import Greetings, utc


@dataclass
class Journeys:
    """Greetings, and the job that moves members on."""

    greetings: Greetings

    def running(self, *steps: Step, **plan: Any) -> Campaign:
        """Start a journey for everybody, who are all due at 10 in the morning in Shanghai."""
        today = OneOffTrigger(self.greetings.clock.now().date())
        return self.greetings.running(**{"trigger": today, "send_at": "10:00", "steps": steps} | plan)

    def callable_member(self, **stored: Any) -> Member:
        """Return a member who may be called and mailed, but for what `stored` says of the document."""
        member = self.greetings.member(phone="+8613800138000")
        consents = {"call": {"care": True}, "email": {"care": True}}
        self.greetings.set_on(member.id, **{"consents": consents} | stored)
        return member

    def enrol(self, campaign: Campaign) -> int:
        return self.greetings.plan(campaign).touches

    def advance(self) -> int:
        """Do one round of the job."""
        return build_advance_runs(Settings(), self.greetings.clock)(token=self.greetings.token, leading=lambda: True)

    async def at(self, moment: str) -> None:
        """Move on, send, and move on once more for whoever waits for what was sent."""
        self.greetings.clock.set(utc(moment))
        self.advance()
        await self.greetings.dispatch()
        self.advance()

    def runs(self) -> list[JourneyRun]:
        found = self.greetings.database["journey_runs"].find().sort("_id", 1)
        return [CODEC.to_aggregate(each) for each in found]

    def run(self) -> JourneyRun:
        (run,) = self.runs()
        return run

    def where(self) -> list[tuple[str, str, str]]:
        """Return (step, state, reason) of every run."""
        return sorted((run.step, run.state.removeprefix("JOURNEY_RUN_STATE_"), run.reason) for run in self.runs())

    def sent(self) -> list[tuple[str, str, str]]:
        """Return (step, state, reason) of every touch."""
        found = self.greetings.database["touches"].find()
        return sorted((each["step"], each["state"].removeprefix("TOUCH_STATE_"), each["reason"]) for each in found)
