"""The methods about providers: unpack, call, pack."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import grpc

from membercare.care.v1 import provider_pb2
from membercare.care.v1 import sending_service_pb2 as pb
from services.care.domain.providers.kinds import NumberLimit, ProviderKind
from services.care.domain.providers.provider import Pause, Provider
from services.care.ports.providers import Providers
from services.care.rpc.enums import CHANNELS, needed
from services.care.usecases.providers.keep_providers import (
    ChangeProvider,
    PauseProvider,
    RegisterProvider,
    ResumeProvider,
)
from services.chassis.checks import batch, page_size
from services.chassis.errors import InvalidField
from services.chassis.identity import current_caller
from services.chassis.ids import optional_id
from services.chassis.proto_enums import EnumTable
from services.chassis.timestamps import to_timestamp

_KINDS = EnumTable(ProviderKind, provider_pb2.ProviderKind)
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class ProviderMethods:
    """Reads go to the store, writes to the use cases."""

    providers: Providers
    register_provider: RegisterProvider
    change_provider: ChangeProvider
    pause_provider: PauseProvider
    resume_provider: ResumeProvider

    def CreateProvider(
        self, request: pb.CreateProviderRequest, context: grpc.ServicerContext
    ) -> pb.CreateProviderResponse:
        wanted = _to_provider(request.provider)
        provider = self.register_provider(wanted, by=current_caller().subject, request_id=request.request_id)
        return pb.CreateProviderResponse(provider=provider_to_pb(provider))

    def UpdateProvider(
        self, request: pb.UpdateProviderRequest, context: grpc.ServicerContext
    ) -> pb.UpdateProviderResponse:
        provider = self.change_provider(
            _to_provider(request.provider),
            by=current_caller().subject,
            etag=request.provider.etag,
            request_id=request.request_id,
        )
        return pb.UpdateProviderResponse(provider=provider_to_pb(provider))

    def PauseProvider(
        self, request: pb.PauseProviderRequest, context: grpc.ServicerContext
    ) -> pb.PauseProviderResponse:
        provider = self.pause_provider(
            request.provider_id,
            by=current_caller().subject,
            reason=request.reason,
            etag=request.etag,
            request_id=request.request_id,
        )
        return pb.PauseProviderResponse(provider=provider_to_pb(provider))

    def ResumeProvider(
        self, request: pb.ResumeProviderRequest, context: grpc.ServicerContext
    ) -> pb.ResumeProviderResponse:
        provider = self.resume_provider(
            request.provider_id, by=current_caller().subject, etag=request.etag, request_id=request.request_id
        )
        return pb.ResumeProviderResponse(provider=provider_to_pb(provider))

    def BatchGetProviders(
        self, request: pb.BatchGetProvidersRequest, context: grpc.ServicerContext
    ) -> pb.BatchGetProvidersResponse:
        found = self.providers.batch_get(batch(request.provider_ids, "provider_ids", prefix="prv"))
        return pb.BatchGetProvidersResponse(providers=map(provider_to_pb, found))

    def ListProviders(
        self, request: pb.ListProvidersRequest, context: grpc.ServicerContext
    ) -> pb.ListProvidersResponse:
        page = self.providers.page(
            CHANNELS.member(request.filter.channel, "filter.channel"),
            size=page_size(request.page_size),
            after=optional_id(request.page_token, "prv", field="page_token"),
        )
        return pb.ListProvidersResponse(providers=map(provider_to_pb, page.items), next_page_token=page.next_token)


def provider_to_pb(provider: Provider) -> provider_pb2.Provider:
    """Return a provider as a message; it holds no secret, since we have none."""
    pause = provider.pause
    return provider_pb2.Provider(
        id=provider.id,
        channel=CHANNELS.number(provider.channel),
        kind=_KINDS.number(provider.kind),
        name=provider.name,
        settings=_pairs(provider.settings),
        secrets=_pairs(provider.secrets),
        priority=provider.priority,
        per_second=provider.per_second,
        per_minute=provider.per_minute,
        per_day=provider.per_day,
        number_limits=[
            provider_pb2.NumberLimit(most=limit.most, minutes=limit.minutes) for limit in provider.number_limits
        ],
        enabled=provider.enabled,
        pause=_pause_to_pb(pause) if pause else None,
        create_time=to_timestamp(provider.created_at),
        update_time=to_timestamp(provider.updated_at),
        updated_by=provider.updated_by,
        etag=str(provider.version),
    )


def _pause_to_pb(pause: Pause) -> provider_pb2.ProviderPause:
    return provider_pb2.ProviderPause(time=to_timestamp(pause.at), by=pause.by, reason=pause.reason)


def _pairs(named: Mapping[str, str]) -> list[provider_pb2.ProviderSetting]:
    return [provider_pb2.ProviderSetting(name=name, value=named[name]) for name in sorted(named)]


def _to_provider(told: provider_pb2.Provider) -> Provider:
    return Provider(
        id=told.id,
        channel=needed(CHANNELS, told.channel, field="provider.channel"),
        kind=needed(_KINDS, told.kind, field="provider.kind"),
        name=told.name,
        settings=_named(told.settings, "settings"),
        secrets=_named(told.secrets, "secrets"),
        priority=told.priority,
        per_second=told.per_second,
        per_minute=told.per_minute,
        per_day=told.per_day,
        number_limits=tuple(NumberLimit(limit.most, limit.minutes) for limit in told.number_limits),
        enabled=told.enabled,
        created_at=_NEVER,
        updated_at=_NEVER,
    )


def _named(pairs: Iterable[provider_pb2.ProviderSetting], field: str) -> dict[str, str]:
    named: dict[str, str] = {}
    for pair in pairs:
        if pair.name in named:
            raise InvalidField(f"provider.{field}", f"provider.{field} names {pair.name} twice.")
        named[pair.name] = pair.value
    return named
