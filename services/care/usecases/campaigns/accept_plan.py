"""Accepts a plan at the edge: its form, and that everything it names is there."""

from dataclasses import dataclass

from services.care.domain.calendars.occasion import OccasionRetired
from services.care.domain.campaigns.plan import CampaignPlan
from services.care.domain.campaigns.triggers import BeforeDateTrigger, DateKind, OccasionTrigger
from services.care.domain.journeys.steps import BranchStep
from services.care.domain.members.attributes import AttributeType
from services.care.ports.calendars import Occasions
from services.care.ports.members import AttributeRegistry
from services.care.ports.segments import Audiences
from services.care.usecases.campaigns.take_words import TakeWords
from services.chassis.errors import InvalidField, NotFound


@dataclass(frozen=True, slots=True)
class AcceptPlan:
    """Refuses what could never reach anybody."""

    audiences: Audiences
    occasions: Occasions
    registry: AttributeRegistry
    take_words: TakeWords

    def __call__(self, plan: CampaignPlan) -> CampaignPlan:
        """Return the plan as it is stored.

        Refused with INVALID_FIELD or INVALID_ID and the path, SEGMENT_NOT_FOUND, SEGMENT_ARCHIVED, OCCASION_NOT_FOUND,
        OCCASION_RETIRED, WORDS_NOT_FOUND, WORDS_NOT_PUBLISHED and WORDS_RETIRED.
        """
        checked = self.take_words(plan).checked()
        if checked.audience.segment_id:
            self.audiences.require([checked.audience.segment_id], field="plan.audience.segment_id")
        self.audiences.require(checked.audience.exclude_segment_ids, field="plan.audience.exclude_segment_ids")
        for place, step in enumerate(checked.steps):
            if isinstance(step, BranchStep):
                self.audiences.require(
                    [arm.segment_id for arm in step.arms if arm.segment_id], field=f"plan.steps[{place}].branch.arms"
                )
        if isinstance(checked.trigger, OccasionTrigger):
            self._require_occasion(checked.trigger.occasion_id)
        if isinstance(checked.trigger, BeforeDateTrigger) and checked.trigger.date is DateKind.ATTRIBUTE:
            self._require_date(checked.trigger.attribute)
        return checked

    def _require_occasion(self, occasion_id: str) -> None:
        found = self.occasions.batch_get([occasion_id])
        if not found:
            raise NotFound("occasion", occasion_id, field="plan.trigger.occasion.occasion_id")
        if found[0].retired:
            raise OccasionRetired(occasion_id)

    def _require_date(self, name: str) -> None:
        field = "plan.trigger.before_date.attribute"
        found = next((each for each in self.registry.all() if each.id == name), None)
        if found is None:
            raise InvalidField(field, f"{field}: {name} is not defined. Define it first: defineAttribute.")
        if found.type is not AttributeType.DATE:
            raise InvalidField(field, f"{field}: {name} is a {found.type.value}, so it is never a date.")
