"""Why a member is, or is not, greeted by a campaign: one stable code, and the same in words of two languages."""

from dataclasses import dataclass
from datetime import date

from services.care.domain.sending.touch import Reason

WILL_BE_GREETED, ALREADY_PLANNED, NO_BIRTHDAY = "WILL_BE_GREETED", "ALREADY_PLANNED", "NO_BIRTHDAY"
CAMPAIGN_NOT_RUNNING, NEVER_DUE = "CAMPAIGN_NOT_RUNNING", "NEVER_DUE"

_WORDS: dict[str, tuple[str, str]] = {
    WILL_BE_GREETED: ("The member will be greeted on {date}.", "该会员将于 {date} 收到问候。"),
    ALREADY_PLANNED: ("A greeting for {date} stands in the ledger.", "{date} 的问候已列入触达台账。"),
    NO_BIRTHDAY: ("No birthday is on record.", "没有登记生日。"),
    CAMPAIGN_NOT_RUNNING: ("The campaign is not running.", "该活动未在运行。"),
    NEVER_DUE: ("By the rules of the campaign the birthday never falls due.", "按活动规则，该生日不会到期。"),
    Reason.CAMPAIGN_ARCHIVED: ("The campaign is archived.", "该活动已归档。"),
    Reason.MEMBER_GONE: ("The member no longer exists.", "该会员已不存在。"),
    Reason.DO_NOT_CONTACT: ("The member must not be contacted.", "该会员已标记为请勿联系。"),
    Reason.NO_EMAIL_ADDRESS: ("No e-mail address is on record.", "没有登记电子邮箱。"),
    Reason.NO_EMAIL_CONSENT: ("The member has not agreed to greetings by e-mail.", "该会员未同意接收邮件问候。"),
    Reason.UNKNOWN_TIME_ZONE: ("The time zone is unknown, so no hour is safe.", "时区未知，无法确定合适的发送时间。"),
    Reason.BIRTHDAY_CHANGED: ("The birthday was changed meanwhile.", "生日已被修改。"),
    Reason.TOO_LATE: ("The greeting would come too late.", "问候已超过允许的补发天数。"),
    Reason.TEMPLATE_FAILED: ("The words could not be rendered.", "模板渲染失败。"),
    Reason.PROVIDER_REFUSED: ("The mail server refused the message for good.", "邮件服务器永久拒收。"),
    Reason.PROVIDER_REFUSED_TOO_OFTEN: ("The mail server put us off too often.", "邮件服务器多次暂缓接收。"),
    Reason.INTERRUPTED: ("The dispatcher was interrupted while sending.", "发送过程中断，结果未知。"),
}


@dataclass(frozen=True, slots=True)
class Explanation:
    """The verdict as of now."""

    verdict: str
    next_date: date | None = None

    @property
    def english(self) -> str:
        """The verdict in English."""
        return self._in(0)

    @property
    def chinese(self) -> str:
        """The verdict in Simplified Chinese."""
        return self._in(1)

    def _in(self, language: int) -> str:
        return _WORDS[self.verdict][language].format(date=self.next_date.isoformat() if self.next_date else "")
