"""By which way a message reaches a person, and what it is for."""

from enum import StrEnum


class Channel(StrEnum):
    """Data: stored in the ledger and part of the ids of touches; add, never rename."""

    EMAIL = "email"
    SMS = "sms"
    WECOM = "wecom"
    WECHAT = "wechat"
    WEBHOOK = "webhook"
    CALL = "call"


class Purpose(StrEnum):
    """What consent is given for. Service needs none: a contract or the member's own request asks for it."""

    CARE = "care"
    MARKETING = "marketing"
    SERVICE = "service"
