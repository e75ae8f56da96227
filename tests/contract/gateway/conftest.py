from collections.abc import AsyncIterator, Callable, Iterator

import httpx
import pytest

from deploy.local.keys import Keys
from gateway.app import build
from gateway.config import Settings
from gateway.signin import DevIssuer
from services.chassis.identity import TokenVerifier
from tests.fakes.company import move_in
from tests.fakes.suite import Client, FakeSuite


@pytest.fixture
def suite(suite_keys: Keys) -> Iterator[FakeSuite]:
    """Four services that answer nothing yet."""
    fakes = FakeSuite(TokenVerifier(suite_keys.internal_public.read_bytes()))
    yield fakes
    fakes.stop()


@pytest.fixture
def settings(suite: FakeSuite, suite_keys: Keys) -> Callable[..., Settings]:
    """Settings of a gateway in front of the fakes; a test names only what matters."""

    def make(**changes: object) -> Settings:
        return Settings(
            **{
                **suite.addresses(),
                "internal_token_private_key_file": suite_keys.internal_private,
                "dev_issuer_key_file": suite_keys.dev_issuer,
                **changes,
            }  # type: ignore[arg-type]  # one dict of many types
        )

    return make


@pytest.fixture
def issuer(suite_keys: Keys) -> DevIssuer:
    return DevIssuer(suite_keys.dev_issuer.read_bytes())


@pytest.fixture
async def gateway(settings: Callable[..., Settings], issuer: DevIssuer) -> AsyncIterator[Client]:
    """The gateway with default settings, asked without a socket in between."""
    app = build(settings())
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway") as http,
    ):
        yield Client(http, issuer)


@pytest.fixture
def company(suite: FakeSuite) -> FakeSuite:
    """The four services with the data of a small company."""
    return move_in(suite)
