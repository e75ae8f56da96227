"""A small company at the wire: four fake services, and the gateway in front of them inside the test's own loop."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx

from gateway.app import build
from gateway.config import Settings
from gateway.signin import DevIssuer
from services.chassis.identity import TokenVerifier
from tests.fakes.rooms import SERVICES
from tests.fakes.wire import FakeService


class FakeSuite:
    """The four services."""

    def __init__(self, verifier: TokenVerifier) -> None:
        self.contracts = FakeService(SERVICES["contracts"], verifier)
        self.care = FakeService(SERVICES["care"], verifier)
        self.feedback = FakeService(SERVICES["feedback"], verifier)
        self.kpi = FakeService(SERVICES["kpi"], verifier)

    @property
    def all(self) -> dict[str, FakeService]:
        return {"contracts": self.contracts, "care": self.care, "feedback": self.feedback, "kpi": self.kpi}

    @property
    def calls(self) -> dict[str, int]:
        """How often each method of any service was called."""
        return {name: count for service in self.all.values() for name, count in service.calls.items()}

    def addresses(self) -> dict[str, str]:
        """As settings of the gateway."""
        return {f"{name}_address": service.address for name, service in self.all.items()}

    def stop(self) -> None:
        for service in self.all.values():
            service.stop()


@dataclass(frozen=True)
class Client:
    """Asks the gateway as a person with roles would."""

    http: httpx.AsyncClient
    issuer: DevIssuer

    def headers(self, *roles: str, subject: str = "alice") -> dict[str, str]:
        token = self.issuer.issue(subject=subject, roles=roles or ("admin",), now=datetime.now(UTC))
        return {"authorization": f"Bearer {token}"}

    async def post(
        self,
        query: str,
        variables: Mapping[str, Any] | None = None,
        *,
        roles: tuple[str, ...] = ("admin",),
        subject: str = "alice",
    ) -> httpx.Response:
        body = {"query": query, "variables": dict(variables or {})}
        return await self.http.post("/graphql", json=body, headers=self.headers(*roles, subject=subject))

    async def ask(
        self,
        query: str,
        variables: Mapping[str, Any] | None = None,
        *,
        roles: tuple[str, ...] = ("admin",),
        subject: str = "alice",
    ) -> dict[str, Any]:
        response = await self.post(query, variables, roles=roles, subject=subject)
        answer: dict[str, Any] = response.json()
        return answer

    async def data(
        self,
        query: str,
        variables: Mapping[str, Any] | None = None,
        *,
        roles: tuple[str, ...] = ("admin",),
        subject: str = "alice",
    ) -> dict[str, Any]:
        answer = await self.ask(query, variables, roles=roles, subject=subject)
        assert "errors" not in answer, answer["errors"]
        data: dict[str, Any] = answer["data"]
        return data

    async def change(self, call: str, *, payload: str, role: str, subject: str = "alice") -> dict[str, Any]:
        """Make one mutation, such as `signContract(id: "...")`, and return the payload or the refusal."""
        query = f"mutation {{ {call} {{ __typename {payload} ... on UserError {{ code field }} }} }}"
        data = await self.data(query, roles=(role,), subject=subject)
        answer: dict[str, Any] = data[call.partition("(")[0]]
        return answer

    async def codes(
        self, query: str, variables: Mapping[str, Any] | None = None, *, roles: tuple[str, ...] = ("admin",)
    ) -> list[str]:
        """Return the codes of the errors, each once."""
        answer = await self.ask(query, variables, roles=roles)
        return sorted({error["extensions"]["code"] for error in answer.get("errors", [])})


@asynccontextmanager
async def gateway_of(settings: Settings, issuer: DevIssuer) -> AsyncIterator[Client]:
    """A running gateway with these settings."""
    app = build(settings)
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://localhost") as http,
    ):
        yield Client(http, issuer)
