"""Why a member is, or is not, greeted by a campaign: one stable code, and the same in words of two languages."""

from dataclasses import dataclass
from datetime import date, datetime

from services.care.domain.sending.reasons import REASON_WORDS

WILL_BE_GREETED, ALREADY_PLANNED, NO_BIRTHDAY = "WILL_BE_GREETED", "ALREADY_PLANNED", "NO_BIRTHDAY"
WILL_BE_SENT = "WILL_BE_SENT"
CAMPAIGN_NOT_RUNNING, NEVER_DUE = "CAMPAIGN_NOT_RUNNING", "NEVER_DUE"
NOT_IN_AUDIENCE, NOT_DUE, IN_JOURNEY = "NOT_IN_AUDIENCE", "NOT_DUE", "IN_JOURNEY"

_WORDS: dict[str, tuple[str, str]] = {
    WILL_BE_SENT: ("The message would leave.", "消息将会发出。"),
    WILL_BE_GREETED: ("The member will be greeted on {date}.", "该会员将于 {date} 收到问候。"),
    ALREADY_PLANNED: ("A greeting for {date} stands in the ledger.", "{date} 的问候已列入触达台账。"),
    NO_BIRTHDAY: ("No birthday is on record.", "没有登记生日。"),
    CAMPAIGN_NOT_RUNNING: ("The campaign is not running.", "该活动未在运行。"),
    NEVER_DUE: ("By the rules of the campaign the birthday never falls due.", "按活动规则，该生日不会到期。"),
    NOT_IN_AUDIENCE: ("The member is not in the audience of the campaign.", "该会员不在活动的目标人群中。"),
    NOT_DUE: (
        "By what is on record now, the member is not due within the next 400 days.",
        "按现有记录，该会员在未来 400 天内不会到期。",
    ),
    IN_JOURNEY: (
        "The member is on the journey of the campaign, or has been through it.",
        "该会员正在或已经走过该活动的旅程。",
    ),
    **REASON_WORDS,
}


_WAITS = (" It waits until {until} UTC.", "将等待至 {until} UTC。")


@dataclass(frozen=True, slots=True)
class Explanation:
    """The verdict as of now."""

    verdict: str
    next_date: date | None = None
    held_until: datetime | None = None
    """Of a message that waits for the reason: until when."""

    @property
    def english(self) -> str:
        """The verdict in English."""
        return self._in(0)

    @property
    def chinese(self) -> str:
        """The verdict in Simplified Chinese."""
        return self._in(1)

    def _in(self, language: int) -> str:
        told = _WORDS[self.verdict][language].format(date=self.next_date.isoformat() if self.next_date else "")
        waits = _WAITS[language].format(until=f"{self.held_until:%Y-%m-%d %H:%M}") if self.held_until else ""
        return told + waits
