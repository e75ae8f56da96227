from collections.abc import Iterator

import pytest

from deploy.local.keys import Keys
from services.chassis.identity import TokenVerifier
from tests.fakes.suite import FakeSuite


@pytest.fixture
def suite(suite_keys: Keys) -> Iterator[FakeSuite]:
    """Four services that answer nothing yet."""
    fakes = FakeSuite(TokenVerifier(suite_keys.internal_public.read_bytes()))
    yield fakes
    fakes.stop()
