from collections.abc import AsyncIterator, Callable, Iterator

import pytest

from deploy.local.keys import Keys
from gateway.config import Settings
from gateway.signin import DevIssuer
from services.chassis.identity import TokenVerifier
from tests.fakes.company import move_in
from tests.fakes.suite import Client, FakeSuite, gateway_of


@pytest.fixture(scope="session")
def servers(suite_keys: Keys) -> Iterator[FakeSuite]:
    """Four gRPC servers for the whole run."""
    fakes = FakeSuite(TokenVerifier(suite_keys.internal_public.read_bytes()))
    yield fakes
    fakes.stop()


@pytest.fixture
def suite(servers: FakeSuite) -> FakeSuite:
    """Four services that answer nothing yet."""
    for service in servers.all.values():
        service.forget()
    return servers


@pytest.fixture
def company(suite: FakeSuite) -> FakeSuite:
    """The four services with the data of a small company."""
    return move_in(suite)


@pytest.fixture
def settings(suite: FakeSuite, suite_keys: Keys) -> Callable[..., Settings]:
    """Settings of a gateway in front of the fakes; a test names only what matters."""

    def make(**changes: object) -> Settings:
        values = {
            **suite.addresses(),
            "internal_token_private_key_file": suite_keys.internal_private,
            "dev_issuer_key_file": suite_keys.dev_issuer,
            **changes,
        }
        return Settings(**values)  # type: ignore[arg-type]  # one dict of many types

    return make


@pytest.fixture
def issuer(suite_keys: Keys) -> DevIssuer:
    return DevIssuer(suite_keys.dev_issuer.read_bytes())


@pytest.fixture
async def gateway(settings: Callable[..., Settings], issuer: DevIssuer) -> AsyncIterator[Client]:
    """The gateway with default settings, asked without a socket in between."""
    async with gateway_of(settings(), issuer) as client:
        yield client
