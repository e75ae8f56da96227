from typing import Any

from pymongo.database import Database

from membercare.care.v1 import channel_pb2, provider_pb2
from membercare.care.v1 import sending_service_pb2 as pb
from membercare.care.v1.sending_service_pb2_grpc import SendingServiceStub
from tests.integration.calling import Calling, refused


def a_twilio(**told: Any) -> provider_pb2.Provider:
    defaults: dict[str, Any] = {
        "channel": channel_pb2.CHANNEL_SMS,
        "kind": provider_pb2.PROVIDER_KIND_TWILIO_SMS,
        "name": "Twilio",
        "settings": [
            provider_pb2.ProviderSetting(name="account_sid", value="AC01"),
            provider_pb2.ProviderSetting(name="from", value="+15005550006"),
        ],
        "secrets": [provider_pb2.ProviderSetting(name="auth_token", value="TWILIO_TOKEN")],
        "per_second": 5,
        "number_limits": [provider_pb2.NumberLimit(most=3, minutes=60)],
        "enabled": True,
    }
    return provider_pb2.Provider(**defaults | told)


def test_a_provider_is_registered_once_changed_paused_and_resumed(calling: Calling) -> None:
    stub = calling.as_subject(SendingServiceStub, "wang", "ops")
    made = stub.CreateProvider(pb.CreateProviderRequest(provider=a_twilio(), request_id="r1")).provider
    again = stub.CreateProvider(pb.CreateProviderRequest(provider=a_twilio(), request_id="r1")).provider
    assert again == made
    assert (made.updated_by, made.etag, made.HasField("pause")) == ("wang", "1", False)
    changed = a_twilio(id=made.id, name="Twilio EU", etag=made.etag)
    assert stub.UpdateProvider(pb.UpdateProviderRequest(provider=changed)).provider.name == "Twilio EU"
    assert refused(stub.UpdateProvider, pb.UpdateProviderRequest(provider=changed)).reason == "STALE_VERSION"
    paused = stub.PauseProvider(pb.PauseProviderRequest(provider_id=made.id, reason="Bills")).provider
    assert (paused.pause.by, paused.pause.reason) == ("wang", "Bills")
    listed = stub.ListProviders(pb.ListProvidersRequest(filter=pb.ProviderFilter(channel=channel_pb2.CHANNEL_SMS)))
    assert list(listed.providers) == [paused]
    resumed = stub.ResumeProvider(pb.ResumeProviderRequest(provider_id=made.id)).provider
    assert not resumed.HasField("pause")
    assert refused(stub.ResumeProvider, pb.ResumeProviderRequest(provider_id=made.id)).reason == "PROVIDER_NOT_PAUSED"
    (found,) = stub.BatchGetProviders(pb.BatchGetProvidersRequest(provider_ids=[made.id])).providers
    assert found == resumed


def test_a_provider_that_lacks_something_is_refused_and_not_stored(
    calling: Calling, database: Database[dict[str, Any]]
) -> None:
    stub = calling.as_role(SendingServiceStub, "ops")
    for wrong, field in (
        (a_twilio(kind=provider_pb2.PROVIDER_KIND_UNSPECIFIED), "provider.kind"),
        (a_twilio(channel=channel_pb2.CHANNEL_EMAIL), "provider.channel"),
        (a_twilio(settings=[]), "provider.settings"),
        (a_twilio(secrets=[provider_pb2.ProviderSetting(name="auth_token", value="0f1e2d")]), "provider.secrets"),
    ):
        refusal = refused(stub.CreateProvider, pb.CreateProviderRequest(provider=wrong))
        assert (refusal.reason, refusal.field) == ("INVALID_FIELD", field)
    assert database["providers"].count_documents({}) == 0


def test_who_does_not_operate_sees_no_provider(calling: Calling) -> None:
    stub = calling.as_role(SendingServiceStub, "agent", "manager", "auditor")
    assert refused(stub.ListProviders, pb.ListProvidersRequest()).reason == "FORBIDDEN"
