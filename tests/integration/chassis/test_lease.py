import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from pymongo import AsyncMongoClient
from pymongo.asynchronous.collection import AsyncCollection

from services.chassis.lease import Lease


@pytest.fixture
async def leases(mongo_url: str, database_name: str) -> AsyncIterator[AsyncCollection[dict[str, Any]]]:
    async with AsyncMongoClient[dict[str, Any]](mongo_url) as client:
        yield client[database_name]["leases"]


async def test_of_twenty_who_ask_at_once_one_holds_the_lease(leases: AsyncCollection[dict[str, Any]]) -> None:
    asking = [Lease(leases, "jobs") for _ in range(20)]

    answers = await asyncio.gather(*(lease.hold() for lease in asking))

    assert answers.count(True) == 1
    assert [lease.held() for lease in asking] == answers
    assert asking[answers.index(True)].token == 1


async def test_renewing_keeps_the_token_and_a_change_of_holder_makes_it_grow(
    leases: AsyncCollection[dict[str, Any]],
) -> None:
    first, second = Lease(leases, "jobs", ttl_seconds=0.3), Lease(leases, "jobs", ttl_seconds=0.3)

    assert await first.hold()
    assert await first.hold()
    assert first.token == 1
    assert not await second.hold()
    await asyncio.sleep(0.35)

    assert await second.hold()
    assert second.token == 2
    assert not await first.hold()
    assert not first.held()


async def test_a_holder_stops_believing_before_another_may_begin(leases: AsyncCollection[dict[str, Any]]) -> None:
    first, second = Lease(leases, "jobs", ttl_seconds=0.5), Lease(leases, "jobs", ttl_seconds=0.5)
    assert await first.hold()

    while first.held():  # noqa: ASYNC110  # the moment it ends is asked for
        await asyncio.sleep(0.001)

    assert not await second.hold()  # a fifth of the lease is left


async def test_a_released_lease_is_free_at_once(leases: AsyncCollection[dict[str, Any]]) -> None:
    first, second = Lease(leases, "jobs"), Lease(leases, "jobs")
    assert await first.hold()

    await first.release()

    assert not first.held()
    assert await second.hold()
    assert second.token == 2


async def test_releasing_what_another_holds_changes_nothing(leases: AsyncCollection[dict[str, Any]]) -> None:
    first, second = Lease(leases, "jobs"), Lease(leases, "jobs")
    assert await first.hold()

    await second.release()

    assert not await second.hold()
    assert first.held()
