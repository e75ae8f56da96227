"""How far a deal may be, how it moves, and why it was won or lost."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class OpportunityKind(StrEnum):
    """What kind of deal it is."""

    NEW = "new"
    SIGNING_OFFER = "signing_offer"
    """A service contract for what runs out of its warranty."""
    EXPANSION = "expansion"
    RENEWAL = "renewal"


class OpportunityStage(StrEnum):
    """How far a deal is."""

    QUALIFYING = "qualifying"
    PROPOSING = "proposing"
    NEGOTIATING = "negotiating"
    WON = "won"
    LOST = "lost"


class OpportunityVerb(StrEnum):
    """What can be done to an opportunity."""

    UPDATE = "update"
    FOLLOW_UP = "follow_up"
    PROPOSE = "propose"
    NEGOTIATE = "negotiate"
    WIN = "win"
    LOSE = "lose"
    REOPEN = "reopen"


class WinReason(StrEnum):
    """Why a deal was won."""

    QUOTE_ACCEPTED = "quote_accepted"
    PRICE = "price"
    PRODUCT = "product"
    SERVICE = "service"
    RELATIONSHIP = "relationship"
    OTHER = "other"


class LossReason(StrEnum):
    """Why a deal was lost."""

    PRICE = "price"
    COMPETITOR = "competitor"
    NO_BUDGET = "no_budget"
    NO_NEED = "no_need"
    NO_DECISION = "no_decision"
    DISSATISFIED = "dissatisfied"
    OTHER = "other"


_Stage, _Verb = OpportunityStage, OpportunityVerb
OPEN = (_Stage.QUALIFYING, _Stage.PROPOSING, _Stage.NEGOTIATING)
TRANSITIONS: dict[tuple[OpportunityStage, OpportunityVerb], OpportunityStage] = {
    **{(stage, _Verb.UPDATE): stage for stage in OPEN},
    **{(stage, _Verb.FOLLOW_UP): stage for stage in OPEN},
    (_Stage.QUALIFYING, _Verb.PROPOSE): _Stage.PROPOSING,
    (_Stage.NEGOTIATING, _Verb.PROPOSE): _Stage.PROPOSING,
    (_Stage.PROPOSING, _Verb.NEGOTIATE): _Stage.NEGOTIATING,
    **{(stage, _Verb.WIN): _Stage.WON for stage in OPEN},
    **{(stage, _Verb.LOSE): _Stage.LOST for stage in OPEN},
    (_Stage.LOST, _Verb.REOPEN): _Stage.QUALIFYING,
}
"""Every move there is; whatever is not in here is refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StageMove:
    """One change of stage."""

    stage: OpportunityStage
    time: datetime
    author: str
    """Empty: the service itself."""
