"""What one of our people is to do for a customer, as whoever wants it done asks for it."""

from dataclasses import dataclass
from datetime import date

from services.care.domain.visits.attempts import COMMON_RULE, AttemptRule
from services.care.domain.visits.kinds import VisitKind, VisitMeans
from services.chassis.ids import derived_id


@dataclass(frozen=True, slots=True, kw_only=True)
class CallTask:
    """A wish for one visit. Whoever wishes it again under the same key gets the visit that is there."""

    key: tuple[str, ...]
    """What makes it the same wish: the touch, the journey step, or event and order, say. It begins with a name."""
    kind: VisitKind
    due: date
    means: VisitMeans = VisitMeans.CALL
    member_id: str = ""
    customer_id: str = ""
    """Empty: the member's."""
    contract_id: str = ""
    source_id: str = ""
    """What it follows beside a contract: a touch, an order, an asset, a case."""
    campaign_id: str = ""
    """The campaign that asks for it. Empty: something else does."""
    case_id: str = ""
    round: int = 0
    """Counts the calls that confirm the same case from 1."""
    plan_id: str = ""
    topic: str = ""
    """What it is about, in the words of whoever asks. Nothing personal: events and lists show it."""
    owner_id: str = ""
    """Empty: it is assigned by skill and load."""
    avoid_id: str = ""
    skill: str = ""
    script_code: str = ""
    window_from: str = ""
    """Empty, as `window_to`: the company's hours."""
    window_to: str = ""
    attempt_rule: AttemptRule = COMMON_RULE
    follow_up_of: str = ""


def visit_id(key: tuple[str, ...]) -> str:
    """Return the id of the visit that is wished for under a key, whether there is one or not."""
    return derived_id("vis", *key)
