"""What the room of campaigns says; the fields are those of events.proto."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignFinished:
    """A campaign plans nothing any more; what was planned before still leaves."""

    type: ClassVar[str] = "campaign_finished"
    schema: ClassVar[str] = "membercare.care.v1.CampaignFinished"
    subject: ClassVar[str] = "campaign_id"

    campaign_id: str
    occurred_time: datetime
