"""Makes what understands the callbacks of a provider, by its kind."""

from dataclasses import dataclass

from services.care.clients.providers.callbacks.aliyun import AliyunCallbacks
from services.care.clients.providers.callbacks.tencent import TencentCallbacks
from services.care.clients.providers.callbacks.twilio import TwilioCallbacks
from services.care.domain.providers.kinds import ProviderKind
from services.care.domain.providers.provider import Provider
from services.care.ports.callbacks import CallbackDialect
from services.care.ports.providers import Secrets
from services.chassis import logs

_USES = {
    ProviderKind.ALIYUN_SMS: "callback",
    ProviderKind.TENCENT_SMS: "callback",
    ProviderKind.TWILIO_SMS: "auth_token",
}
"""By which secret a callback is known to be the provider's."""
_log = logs.get("care.providers")


@dataclass(frozen=True, slots=True)
class CallbackConnector:
    """Called for each callback, so that a secret that was changed holds at once."""

    secrets: Secrets
    public_url: str
    """Where providers reach the gateway; empty: what signs its address cannot be heard."""

    def __call__(self, provider: Provider) -> CallbackDialect | None:
        """Return what understands it, or None where it tells nothing or a secret is missing, which is told."""
        use = _USES.get(provider.kind, "")
        secret = self.secrets.get(provider.secrets[use]) if use in provider.secrets else ""
        if not secret:
            _log.warning("callback_secret_missing", provider_id=provider.id, use=use)
            return None
        match provider.kind:
            case ProviderKind.TWILIO_SMS if self.public_url:
                return TwilioCallbacks(secret, public_url=self.public_url)
            case ProviderKind.ALIYUN_SMS:
                return AliyunCallbacks(secret)
            case ProviderKind.TENCENT_SMS:
                return TencentCallbacks(secret)
            case _:
                _log.warning("callback_address_missing", provider_id=provider.id)
                return None
