"""Why a touch waits, was skipped, failed or is unknown: one stable code, and the same in words of two languages."""

from collections.abc import Mapping
from enum import StrEnum


class Reason(StrEnum):
    """Data: add, never rename."""

    CAMPAIGN_ARCHIVED = "CAMPAIGN_ARCHIVED"
    CAMPAIGN_PAUSED = "CAMPAIGN_PAUSED"
    SENDING_STOPPED = "SENDING_STOPPED"
    MEMBER_GONE = "MEMBER_GONE"
    DO_NOT_CONTACT = "DO_NOT_CONTACT"
    HOLDOUT = "HOLDOUT"
    ALREADY_GREETED = "ALREADY_GREETED"
    CHANNEL_NOT_SET_UP = "CHANNEL_NOT_SET_UP"
    NO_EMAIL_ADDRESS = "NO_EMAIL_ADDRESS"
    NO_EMAIL_CONSENT = "NO_EMAIL_CONSENT"
    NO_ADDRESS = "NO_ADDRESS"
    NO_CONSENT = "NO_CONSENT"
    CONSENT_PENDING = "CONSENT_PENDING"
    CONFIRMATION_SETTLED = "CONFIRMATION_SETTLED"
    ADDRESS_SUPPRESSED = "ADDRESS_SUPPRESSED"
    OTHER_CHANNEL_PREFERRED = "OTHER_CHANNEL_PREFERRED"
    UNKNOWN_TIME_ZONE = "UNKNOWN_TIME_ZONE"
    BIRTHDAY_CHANGED = "BIRTHDAY_CHANGED"
    TOO_LATE = "TOO_LATE"
    COMPLAINT_OPEN = "COMPLAINT_OPEN"
    NO_CHEERFUL_MESSAGES = "NO_CHEERFUL_MESSAGES"
    RENEWAL_WON = "RENEWAL_WON"
    RENEWAL_LOST = "RENEWAL_LOST"
    ACTIVE_AGAIN = "ACTIVE_AGAIN"
    BLACKOUT_DAY = "BLACKOUT_DAY"
    MOVED_BY_BLACKOUT = "MOVED_BY_BLACKOUT"
    NO_WORKDAY = "NO_WORKDAY"
    MOVED_TO_WORKDAY = "MOVED_TO_WORKDAY"
    WORKDAYS_UNKNOWN = "WORKDAYS_UNKNOWN"
    QUIET_HOURS = "QUIET_HOURS"
    LEGAL_HOURS = "LEGAL_HOURS"
    FREQUENCY_CAP = "FREQUENCY_CAP"
    OUTRANKED = "OUTRANKED"
    BUDGET_SPENT = "BUDGET_SPENT"
    MONEY_SPENT = "MONEY_SPENT"
    PRICE_UNKNOWN = "PRICE_UNKNOWN"
    QUOTA_SPENT = "QUOTA_SPENT"
    TEMPLATE_FAILED = "TEMPLATE_FAILED"
    PROVIDER_REFUSED = "PROVIDER_REFUSED"
    PROVIDER_REFUSED_TOO_OFTEN = "PROVIDER_REFUSED_TOO_OFTEN"
    INTERRUPTED = "INTERRUPTED"
    BOUNCED = "BOUNCED"
    NOT_DELIVERED = "NOT_DELIVERED"
    NOT_REACHABLE = "NOT_REACHABLE"
    BLOCKED_BY_CARRIER = "BLOCKED_BY_CARRIER"
    OPTED_OUT = "OPTED_OUT"
    NOT_A_FRIEND = "NOT_A_FRIEND"
    NOT_CONFIRMED = "NOT_CONFIRMED"
    WITHDRAWN = "WITHDRAWN"


REASON_WORDS: Mapping[str, tuple[str, str]] = {
    Reason.CAMPAIGN_ARCHIVED: ("The campaign is archived.", "该活动已归档。"),
    Reason.CAMPAIGN_PAUSED: ("The campaign is paused.", "该活动已暂停。"),
    Reason.SENDING_STOPPED: ("All sending was stopped by hand.", "全部发送已被人工紧急停止。"),
    Reason.MEMBER_GONE: ("The member no longer exists.", "该会员已不存在。"),
    Reason.DO_NOT_CONTACT: ("The member must not be contacted.", "该会员已标记为请勿联系。"),
    Reason.HOLDOUT: ("The member is in the control group of the campaign.", "该会员属于活动的对照组，不发送。"),
    Reason.ALREADY_GREETED: (
        "The person has had this message under a record that was merged into this one.",
        "该客户已通过被合并的会员记录收到此消息。",
    ),
    Reason.CHANNEL_NOT_SET_UP: ("The channel is not set up here.", "该渠道尚未配置。"),
    Reason.NO_EMAIL_ADDRESS: ("No e-mail address is on record.", "没有登记电子邮箱。"),
    Reason.NO_EMAIL_CONSENT: ("The member has not agreed to such messages by e-mail.", "该会员未同意接收此类邮件。"),
    Reason.NO_ADDRESS: ("No address for this channel is on record.", "没有登记该渠道的联系方式。"),
    Reason.NO_CONSENT: (
        "The member has not agreed to such messages by this channel.",
        "该会员未同意通过该渠道接收此类消息。",
    ),
    Reason.CONSENT_PENDING: (
        "The member was asked to confirm such messages and has not done so.",
        "该会员尚未确认是否同意接收此类消息。",
    ),
    Reason.CONFIRMATION_SETTLED: (
        "What the member was to confirm is settled or was asked for anew.",
        "需要会员确认的事项已有结果，或已重新发起确认。",
    ),
    Reason.ADDRESS_SUPPRESSED: (
        "The address is suppressed after a bounce or a complaint.",
        "该地址因退信或投诉已被停用。",
    ),
    Reason.OTHER_CHANNEL_PREFERRED: ("The member prefers another channel.", "该会员偏好其他渠道。"),
    Reason.UNKNOWN_TIME_ZONE: ("The time zone is unknown, so no hour is safe.", "时区未知，无法确定合适的发送时间。"),
    Reason.BIRTHDAY_CHANGED: ("The birthday was changed meanwhile.", "生日已被修改。"),
    Reason.TOO_LATE: ("The greeting would come too late.", "问候已超过允许的补发天数。"),
    Reason.COMPLAINT_OPEN: ("A complaint of the member is open.", "该会员有未关闭的投诉。"),
    Reason.NO_CHEERFUL_MESSAGES: ("The member gets no cheerful messages at present.", "该会员目前不接收喜庆类消息。"),
    Reason.RENEWAL_WON: ("The contract is renewed or goes on past that day.", "合同已续签或已延期。"),
    Reason.RENEWAL_LOST: ("The contract ends and is not renewed.", "合同将终止，不再续签。"),
    Reason.ACTIVE_AGAIN: ("The member has been active again meanwhile.", "该会员已重新活跃。"),
    Reason.BLACKOUT_DAY: ("Nothing is sent on this day.", "当天为禁发日。"),
    Reason.MOVED_BY_BLACKOUT: ("A blackout moved the message to another day.", "因禁发日，消息改在其他日期发送。"),
    Reason.NO_WORKDAY: (
        "The campaign sends on workdays only, and this day is none.",
        "活动仅在工作日发送，当天不是工作日。",
    ),
    Reason.MOVED_TO_WORKDAY: ("The message was moved to a workday.", "消息改在工作日发送。"),
    Reason.WORKDAYS_UNKNOWN: (
        "The campaign sends on workdays only, and which days of this year are worked is not known yet.",
        "活动仅在工作日发送，而该年度的工作日安排尚未公布或导入。",
    ),
    Reason.QUIET_HOURS: ("It is quiet time where the member lives.", "会员当地处于免打扰时段。"),
    Reason.LEGAL_HOURS: ("The law allows such messages at other hours only.", "法规只允许在其他时段发送此类消息。"),
    Reason.FREQUENCY_CAP: ("The member has had as many messages as the cap allows.", "该会员的触达次数已达频次上限。"),
    Reason.OUTRANKED: (
        "A message of higher priority took the last place under the cap.",
        "频次上限内的名额已让给优先级更高的消息。",
    ),
    Reason.BUDGET_SPENT: ("The budget of the campaign is spent.", "活动预算已用完。"),
    Reason.MONEY_SPENT: (
        "The message would cost more than is left of the campaign's money.",
        "活动费用预算的余额不足以支付此消息。",
    ),
    Reason.PRICE_UNKNOWN: (
        "The campaign has a budget of money, and what the channel costs is not known.",
        "活动设有费用预算，但该渠道的价格未知。",
    ),
    Reason.QUOTA_SPENT: (
        "The channel allows no further message to this member at present.",
        "该渠道对此会员的发送额度已用完。",
    ),
    Reason.TEMPLATE_FAILED: ("The words could not be rendered.", "模板渲染失败。"),
    Reason.PROVIDER_REFUSED: ("The provider refused the message for good.", "服务商永久拒收该消息。"),
    Reason.PROVIDER_REFUSED_TOO_OFTEN: ("The provider put us off too often.", "服务商多次暂缓接收。"),
    Reason.INTERRUPTED: ("The dispatcher was interrupted while sending.", "发送过程中断，结果未知。"),
    Reason.BOUNCED: ("The message came back: it could not be delivered.", "消息被退回，未能送达。"),
    Reason.NOT_DELIVERED: ("The provider could not deliver the message.", "服务商未能送达该消息。"),
    Reason.NOT_REACHABLE: ("The phone was switched off or out of reach.", "手机关机、停机或不在服务区。"),
    Reason.BLOCKED_BY_CARRIER: ("The carrier blocked the message.", "运营商拦截了该消息。"),
    Reason.OPTED_OUT: (
        "The person has told the provider to send nothing more.",
        "该客户已向服务商退订，不再接收消息。",
    ),
    Reason.NOT_A_FRIEND: (
        "The customer is no longer a contact of whoever was to send it.",
        "客户已不是发送人的企业微信好友。",
    ),
    Reason.NOT_CONFIRMED: (
        "Nobody confirmed the broadcast in WeCom, so it became a call.",
        "成员未在企业微信中确认群发，已转为电话回访任务。",
    ),
    Reason.WITHDRAWN: (
        "The broadcast was withdrawn before anybody confirmed it: the campaign was archived, or all sending stopped.",
        "群发任务在成员确认前已撤回：活动已归档或全部发送已停止。",
    ),
}
"""English, Simplified Chinese."""

MOVED: Mapping[Reason, Reason] = {
    Reason.BLACKOUT_DAY: Reason.MOVED_BY_BLACKOUT,
    Reason.NO_WORKDAY: Reason.MOVED_TO_WORKDAY,
}
"""Why nothing leaves on a day, and what is said of a message that leaves on another one for that."""
