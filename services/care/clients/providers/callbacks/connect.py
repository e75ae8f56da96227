"""Makes what understands the callbacks of a provider, by its kind."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.care.clients.providers.callbacks.aliyun import AliyunCallbacks
from services.care.clients.providers.callbacks.tencent import TencentCallbacks
from services.care.clients.providers.callbacks.twilio import TwilioCallbacks
from services.care.clients.providers.callbacks.wechat import WechatCallbacks
from services.care.clients.providers.callbacks.wechat_envelope import key_of
from services.care.domain.providers.kinds import ProviderKind
from services.care.domain.providers.provider import Provider
from services.care.ports.callbacks import CallbackDialect
from services.care.ports.providers import Secrets
from services.chassis import logs

_USES: Mapping[ProviderKind, tuple[str, ...]] = {
    ProviderKind.ALIYUN_SMS: ("callback",),
    ProviderKind.TENCENT_SMS: ("callback",),
    ProviderKind.TWILIO_SMS: ("auth_token",),
    ProviderKind.WECHAT: ("callback_token", "callback_key"),
}
"""By which secrets a callback is known to be the provider's."""
_log = logs.get("care.providers")


@dataclass(frozen=True, slots=True)
class CallbackConnector:
    """Called for each callback, so that a secret that was changed holds at once."""

    secrets: Secrets
    public_url: str
    """Where providers reach the gateway; empty: what signs its address cannot be heard."""

    def __call__(self, provider: Provider) -> CallbackDialect | None:
        """Return what understands it, or None where it tells nothing or a secret is missing, which is told."""
        uses = _USES.get(provider.kind, ())
        found = [self.secrets.get(provider.secrets[use]) for use in uses if use in provider.secrets]
        if not uses or len(found) < len(uses) or not all(found):
            _log.warning("callback_secret_missing", provider_id=provider.id, uses=uses)
            return None
        match provider.kind:
            case ProviderKind.TWILIO_SMS if self.public_url:
                return TwilioCallbacks(found[0], public_url=self.public_url)
            case ProviderKind.ALIYUN_SMS:
                return AliyunCallbacks(found[0])
            case ProviderKind.TENCENT_SMS:
                return TencentCallbacks(found[0])
            case ProviderKind.WECHAT:
                return _wechat(provider, found[0], encoding_key=found[1])
            case _:
                _log.warning("callback_address_missing", provider_id=provider.id)
                return None


def _wechat(provider: Provider, token: str, *, encoding_key: str) -> WechatCallbacks | None:
    try:
        return WechatCallbacks(token, key_of(encoding_key), app_id=provider.settings["app_id"])
    except ValueError:
        _log.warning("callback_key_wrong", provider_id=provider.id)
        return None
