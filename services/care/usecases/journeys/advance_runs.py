"""Moves members on through journeys: the leader takes those who are due, page by page, and nobody else."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from services.care.domain.campaigns.assignment import held_out
from services.care.domain.campaigns.campaign import Campaign, CampaignState
from services.care.domain.journeys.run import JourneyRun, RunReason
from services.care.domain.sending.touch import Touch
from services.care.ports.campaigns import Campaigns
from services.care.ports.journeys import JourneyRuns, Traveller, Travellers
from services.care.ports.planning import PlannedTouches
from services.care.ports.sending_settings import Settings
from services.care.ports.touches import TouchLedger
from services.care.usecases.journeys.take_step import Scene, TakeStep
from services.chassis import logs
from services.chassis.clock import Clock
from services.chassis.errors import DomainError
from services.chassis.ids import new_id

PAGE = 500
_MOST_PAGES = 200
"""A campaign gets so many pages in a round, then the others have their turn."""
_OVER = {
    CampaignState.FINISHED: RunReason.CAMPAIGN_FINISHED,
    CampaignState.ARCHIVED: RunReason.CAMPAIGN_ARCHIVED,
}
_log = logs.get("care.journeys")


@dataclass(frozen=True, slots=True, kw_only=True)
class AdvanceRuns:
    """Repeating it, or killing it anywhere, changes nothing in the outcome: whatever a step makes has a derived id.

    What a step makes is written before the run is: a run that was not saved takes the step again, and finds it made.
    """

    campaigns: Campaigns
    runs: JourneyRuns
    travellers: Travellers
    touches: PlannedTouches
    ledger: TouchLedger
    rules: Settings
    take_step: TakeStep
    clock: Clock

    def __call__(self, *, token: int, leading: Callable[[], bool]) -> int:
        """Return how many runs were moved on; `token` fences what is written, `leading` is asked between pages."""
        open_in = self.runs.under_way_in()
        if not open_in:
            return 0
        now = self.clock.now()
        self.runs.wake_heard(now, token=token)
        self.runs.wake_settled(now, token=token)
        moved = 0
        for campaign_id in open_in:
            if not leading():
                break
            try:
                moved += self._advance_campaign(campaign_id, token=token, leading=leading)
            except Exception:  # noqa: BLE001  # the journey of one campaign must not stop the others
                _log.exception("journey_failed", campaign_id=campaign_id)
        return moved

    def _advance_campaign(self, campaign_id: str, *, token: int, leading: Callable[[], bool]) -> int:
        """Return how many were moved on; before each page it is asked anew whether the campaign, or all, is stopped."""
        moved = 0
        for _ in range(_MOST_PAGES):
            campaign = self.campaigns.get(campaign_id)
            if reason := _OVER.get(campaign.state):
                return moved + self.runs.end_all(campaign.id, reason, now=self.clock.now(), token=token)
            if campaign.state is not CampaignState.RUNNING or self.rules.get().stop:
                break  # everybody stays where they are
            page = self.runs.due(campaign.id, self.clock.now(), most=PAGE)
            saved = self._advance_page(campaign, page, token=token)
            moved += saved
            if len(page) < PAGE or not saved or not leading():
                break
        return moved

    def _advance_page(self, campaign: Campaign, page: Sequence[JourneyRun], *, token: int) -> int:
        scene = Scene(
            now=self.clock.now(),
            member_ids=tuple({run.member_id for run in page}),
            touches={each.id: each for each in self.ledger.batch_get([run.waiting_touch for run in page])},
        )
        known = self.travellers.read(scene.member_ids)
        moved: list[tuple[JourneyRun, JourneyRun]] = []
        for run in page:
            planned = campaign.as_planned(run.plan_version)
            moved.append((run, self._advance(run, planned, traveller=known.get(run.member_id), scene=scene)))
        self._plan(scene.planned)
        return self.runs.save(moved, token=token)

    def _advance(self, run: JourneyRun, campaign: Campaign, *, traveller: Traveller | None, scene: Scene) -> JourneyRun:
        """Return the run as far as it comes now; one that fails tries again later, then waits for a person."""
        if traveller is None or traveller.gone:
            return run.end(traveller.gone if traveller and traveller.gone else RunReason.MEMBER_GONE, now=scene.now)
        if held_out(campaign, run.member_id):
            return run.end(RunReason.HOLDOUT, now=scene.now)
        try:
            return self.take_step.as_far_as_it_goes(run, campaign, traveller=traveller, scene=scene)
        except Exception as error:  # noqa: BLE001  # one bad run must not stop the rest
            _log.exception("journey_step_failed", run_id=run.id, step=run.step)
            return run.fail(error.code if isinstance(error, DomainError) else type(error).__name__, now=scene.now)

    def _plan(self, planned: Mapping[str, Touch]) -> None:
        """Plan messages in batches: those of one campaign, channel and civil day together."""
        alike: dict[tuple[str, str], list[Touch]] = defaultdict(list)
        for touch in planned.values():
            alike[touch.channel, touch.date].append(touch)
        for group in alike.values():
            batch_id = new_id("bat", group[0].due_at)
            self.touches.plan([replace(touch, batch_id=batch_id) for touch in group])
