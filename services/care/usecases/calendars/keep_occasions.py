"""Write, change and retire the occasions of the company's own."""

from dataclasses import dataclass

from services.care.domain.calendars.occasion import Occasion, refuse_chain
from services.care.domain.calendars.occasion_rule import OccasionKind, OccasionRule
from services.care.ports.calendars import Occasions
from services.chassis.checks import request_key
from services.chassis.clock import Clock
from services.chassis.ids import check_id, new_id


@dataclass(frozen=True, slots=True, kw_only=True)
class OccasionWords:
    """What an occasion is to say."""

    name_en: str
    name_zh: str
    rule: OccasionRule


@dataclass(frozen=True, slots=True, kw_only=True)
class OccasionOrder:
    """Which occasion, and the guards against lost updates and repeats."""

    occasion_id: str
    etag: str = ""
    request_id: str = ""

    def checked_id(self) -> str:
        """Return the occasion's id, or refuse what is none."""
        return check_id(self.occasion_id, "occ", field="occasion_id")


@dataclass(frozen=True, slots=True)
class WriteOccasion:
    """Stores a new occasion."""

    occasions: Occasions
    clock: Clock

    def __call__(self, words: OccasionWords, *, request_id: str) -> Occasion:
        """Return the occasion; refused with INVALID_FIELD, INVALID_ID, OCCASION_RETIRED."""
        now = self.clock.now()
        occasion = Occasion.write(new_id("occ", now), words.name_en, name_zh=words.name_zh, rule=words.rule, now=now)
        check_base(self.occasions, occasion.rule)
        return self.occasions.add(occasion, request_key=request_key("create", request_id))


@dataclass(frozen=True, slots=True)
class ChangeOccasion:
    """Gives an occasion other names and another rule."""

    occasions: Occasions
    clock: Clock

    def __call__(self, order: OccasionOrder, words: OccasionWords) -> Occasion:
        """Return the occasion; refused as `WriteOccasion`, and with OCCASION_NOT_FOUND, OCCASION_IS_BUILT_IN."""
        now, key = self.clock.now(), order.checked_id()
        check_base(self.occasions, words.rule.checked(), but=key)
        return self.occasions.change(
            key,
            lambda old: old.rewrite(words.name_en, words.name_zh, rule=words.rule, now=now),
            etag=order.etag,
            request_key=request_key("update", order.request_id),
        )


@dataclass(frozen=True, slots=True)
class RetireOccasion:
    """Takes an occasion out of use."""

    occasions: Occasions
    clock: Clock

    def __call__(self, order: OccasionOrder) -> Occasion:
        """Return the occasion; refused with OCCASION_NOT_FOUND, OCCASION_IS_BUILT_IN, OCCASION_RETIRED."""
        now = self.clock.now()
        return self.occasions.change(
            order.checked_id(),
            lambda old: old.retire(now),
            etag=order.etag,
            request_key=request_key("retire", order.request_id),
        )


def check_base(occasions: Occasions, rule: OccasionRule, *, but: str = "") -> None:
    """Refuse a relative rule that leads nowhere or in a circle; `but` is the occasion that the rule is of."""
    if rule.kind is OccasionKind.RELATIVE:
        base_id = check_id(rule.base_id, "occ", field="rule.base_id")
        found = [] if base_id == but else occasions.batch_get([base_id])
        refuse_chain(rule, next(iter(found), None))
