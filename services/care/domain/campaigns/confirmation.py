"""The built-in campaigns whose messages ask a person to confirm a consent; they are planned for nobody by themselves.

People pause, revise and archive them like their own. Where somebody else may have typed the address in, the message
says no name: it shall tell a stranger nothing.
"""

from datetime import datetime

from services.care.domain.calendars.birthday_rules import (
    BirthdayRules,
    LeapDayPolicy,
    LeapMonthPolicy,
    LunarDay30Policy,
)
from services.care.domain.campaigns.campaign import Campaign, CampaignState
from services.care.domain.campaigns.plan import CampaignPlan, MessageTemplate
from services.care.domain.campaigns.triggers import EventTrigger
from services.care.domain.campaigns.versions import CampaignVersion
from services.care.domain.channels import Channel, Purpose
from services.care.domain.language import Language
from services.care.domain.members.asking import confirmation_campaign

_BY = "membercare"
_ACT = "consent_asked"
"""Nobody can tell it, and nothing does: the messages are planned where consent is asked for."""
_NAMES = {
    Channel.EMAIL: "Consent to confirm, by e-mail · 邮件同意确认",
    Channel.SMS: "Consent to confirm, by SMS · 短信同意确认",
}
_OFFERS = '{% if consent.purpose == "marketing" %}'
_TEMPLATES = {
    Channel.EMAIL: (
        MessageTemplate(
            Language.EN,
            "Please confirm that we may write to you",
            "Hello,\n\n"
            "somebody, we hope you, asked us to send you by e-mail: "
            f"{_OFFERS}offers and news{{% else %}}greetings and care{{% endif %}}.\n\n"
            "If you agree, open this page within 7 days and press the button:\n{{ links.confirm }}\n\n"
            "If it was not you, do nothing: we will send you nothing of this kind.",
        ),
        MessageTemplate(
            Language.ZH_HANS,
            "请确认是否愿意接收我们的邮件",
            "您好！\n\n"
            "有人（希望是您本人）请我们通过电子邮件向您发送："
            f"{_OFFERS}优惠与资讯{{% else %}}问候与关怀{{% endif %}}。\n\n"
            "如您同意，请在 7 天内打开以下页面并点击按钮：\n{{ links.confirm }}\n\n"
            "如非您本人操作，无需处理，我们不会向您发送此类消息。",
        ),
    ),
    Channel.SMS: (
        MessageTemplate(
            Language.EN,
            "",
            f"Do you want {_OFFERS}offers{{% else %}}greetings{{% endif %}} from us by text message? "
            "Confirm within 7 days: {{ links.confirm }} If you did not ask for it, do nothing.",
            channel=Channel.SMS,
        ),
        MessageTemplate(
            Language.ZH_HANS,
            "",
            f"您愿意通过短信接收我们的{_OFFERS}优惠资讯{{% else %}}问候关怀{{% endif %}}吗？"
            "请在 7 天内确认：{{ links.confirm }} 如非本人操作，请忽略。",
            channel=Channel.SMS,
        ),
    ),
}


def built_in_confirmation(channel: Channel, *, now: datetime) -> Campaign:
    """Return the campaign as it comes with the product: running, with words that are approved."""
    plan = CampaignPlan(
        send_at="",
        catch_up_days=3,
        rules=BirthdayRules(LeapDayPolicy.FEB_28, LeapMonthPolicy.REGULAR_MONTH, LunarDay30Policy.DAY_29),
        templates=_TEMPLATES[channel],
        trigger=EventTrigger(_ACT),
        purpose=Purpose.SERVICE,
        channels=(channel,),
        cheerful=False,
    )
    return Campaign(
        id=confirmation_campaign(channel),
        name=_NAMES[channel],
        plan=plan,
        author=_BY,
        created_at=now,
        updated_at=now,
        state=CampaignState.RUNNING,
        approver=_BY,
        started_at=now,
        versions=(CampaignVersion(1, plan, _BY, now, approver=_BY, approved_at=now),),
    )
