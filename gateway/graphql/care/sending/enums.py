"""Enums of sending in the schema."""

from enum import IntEnum

import strawberry


@strawberry.enum(description="How a provider is spoken with; it fixes the channel.")
class ProviderKind(IntEnum):
    WEBHOOK = 1
    ALIYUN_SMS = 2
    TENCENT_SMS = 3
    TWILIO_SMS = 4
    WECOM = 5
    WECHAT = 6
    SMTP = 7


@strawberry.enum(description="What became of a message, or what the person did with it.")
class ReceiptKind(IntEnum):
    DELIVERED = 1
    BOUNCED = 2
    COMPLAINED = 3
    OPENED = 4
    CLICKED = 5
    REPLIED = 6
    FAILED = 7
