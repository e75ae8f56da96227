"""Builds providers that name only what matters."""

from datetime import UTC, datetime
from typing import Any

from services.care.domain.providers.kinds import RULES, ProviderKind
from services.care.domain.providers.provider import Provider

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
_SETTINGS = {
    "url": "http://127.0.0.1:9/hook",
    "sign_name": "示例公司",
    "sdk_app_id": "1400006666",
    "account_sid": "AC0123",
    "host": "mail.example.com",
    "corp_id": "ww01",
    "sender": "zhangsan",
    "app_id": "wx01",
    "template_id": "T1",
}
_SENDERS = {ProviderKind.TWILIO_SMS: "+15005550006", ProviderKind.SMTP: "MemberCare <care@membercare.example>"}


def a_provider(kind: ProviderKind = ProviderKind.WEBHOOK, **told: Any) -> Provider:
    """Return a provider of this kind with everything that it needs."""
    rule = RULES[kind]
    of_kind = _SETTINGS | {"from": _SENDERS.get(kind, "")}
    settings = {name: of_kind[name] for name in rule.required} | told.pop("settings", {})
    defaults: dict[str, Any] = {
        "id": "prv_01JD0000000000000000000001",
        "channel": rule.channel,
        "kind": kind,
        "name": "Provider",
        "secrets": {use: use.upper() for use in rule.secrets},
        "created_at": NOON,
        "updated_at": NOON,
    }
    return Provider(**defaults | told, settings=settings)
