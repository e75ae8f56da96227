"""Providers that call the gateway back in formats of their own, over real HTTP."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import httpx

from services.care.config import Settings
from services.care.domain.campaigns.plan import MessageTemplate
from services.care.domain.channels import Channel
from services.care.domain.language import Language
from services.care.domain.members.member import Member
from services.care.domain.providers.kinds import RULES, ProviderKind
from services.care.domain.providers.provider import Provider
from services.care.store.providers.providers import MongoProviders
from services.chassis.ids import new_id
from tests.integration.care.greetings import Greetings, solar
from tests.unit.care.providers import a_provider

PHONE = "+8613800138000"
TOKEN = "a-token-of-the-tests-" + "t" * 20
AUTH_TOKEN = "the auth token of the account"
_ALL = {"care": True, "marketing": True}


@dataclass
class CallingBack:
    """A provider at the door of a gateway process, and who was sent something by it."""

    greetings: Greetings
    settings: Settings
    url: str
    """Of the gateway."""
    provider: Provider | None = None

    def register(self, kind: ProviderKind, **told: Any) -> Provider:
        """Put a provider on record whose secrets lie in the folder of the rpc role."""
        self.secret("CALLBACK", TOKEN)
        self.secret("AUTH_TOKEN", AUTH_TOKEN)
        rule = RULES[kind]
        secrets = {use: use.upper() for use in (*rule.secrets, *rule.callback_secrets)}
        defaults = {"id": new_id("prv", self.greetings.clock.now()), "secrets": secrets}
        plain = a_provider(kind, **defaults | told)
        self.provider = MongoProviders(self.greetings.clock).add(plain.checked(), request_key="")
        return self.provider

    def secret(self, name: str, value: str) -> None:
        assert self.settings.provider_secrets_dir is not None
        (self.settings.provider_secrets_dir / name).write_text(value)

    def member(self, **told: Any) -> Member:
        """Somebody who agreed to messages on the phone."""
        member = self.greetings.member(**{"birthday": solar("1990-11-22"), "phone": PHONE} | told)
        self.greetings.set_on(member.id, consents={"sms": _ALL, "wechat": _ALL})
        return member

    async def greet(self, channel: Channel = Channel.SMS) -> str:
        """Write to everybody who is due, and return our id of the newest message."""
        words = tuple(MessageTemplate(each, "", "{{ member.name }}", channel=channel) for each in Language)
        self.greetings.plan(self.greetings.running(channels=(channel,), templates=words))
        await self.greetings.dispatch()
        (touch,) = self.greetings.database["touches"].find().sort("_id", -1).limit(1)
        return f"{touch['_id']}.1@membercare.example"

    def post(
        self, body: bytes, *, token: str = TOKEN, query: str = "", signature: str = "", provider_id: str = ""
    ) -> httpx.Response:
        """Post to the address of the provider; what signs nothing shows its token."""
        assert self.provider is not None
        path = f"/callbacks/{provider_id or self.provider.id}" + (f"/{token}" if token else "")
        headers = {"x-twilio-signature": signature} if signature else {}
        return httpx.post(f"{self.url}{path}{query}", content=body, headers=headers, timeout=30)

    def ask(self, query: str) -> httpx.Response:
        """Make sure of the address, as WeChat does."""
        assert self.provider is not None
        return httpx.get(f"{self.url}/callbacks/{self.provider.id}{query}", timeout=30)

    def post_json(self, told: object, **how: Any) -> httpx.Response:
        return self.post(json.dumps(told, ensure_ascii=False).encode(), **how)

    def post_form(
        self, fields: Mapping[str, str], *, message_id: str = "", key: str = AUTH_TOKEN, **how: Any
    ) -> httpx.Response:
        """Post as Twilio does: it signs the public address with all fields."""
        assert self.provider is not None
        query = f"?{urlencode({'message_id': message_id})}" if message_id else ""
        address = f"{self.settings.public_url}/callbacks/{self.provider.id}{query}"
        signed = address + "".join(name + fields[name] for name in sorted(fields))
        signature = base64.b64encode(hmac.new(key.encode(), signed.encode(), hashlib.sha1).digest()).decode()
        return self.post(urlencode(fields).encode(), token="", query=query, signature=signature, **how)

    def allowed(self, member: Member) -> list[str]:
        """Return the purposes for which the member still allows SMS."""
        stored = self.greetings.database["members"].find_one({"_id": member.id}) or {}
        return sorted(purpose for purpose, granted in stored["consents"].get("sms", {}).items() if granted)

    def filed(self) -> int:
        """Return how many words of providers are on record."""
        return sum(len(each["words"]) for each in self.greetings.database["receipts"].find())


def assert_taken(answer: httpx.Response, told: dict[str, Any]) -> None:
    """Hold an answer against what the provider must read to say nothing of it again."""
    assert (answer.status_code, answer.json()) == (200, told)
