"""Speaks GraphQL over HTTP to the gateway of a suite, as a front end does."""

import json
from typing import Any, Self
from uuid import uuid4

import httpx

from deploy.local.suite import Suite
from deploy.local.tokens import token
from tests.e2e.patient import until

_REFUSED = " fragment Refused on UserError { code field message }"


class GraphQL:
    """Signed in as one person."""

    def __init__(self, suite: Suite, *roles: str, subject: str = "") -> None:
        signed = token(suite.places.keys.dev_issuer, list(roles), subject=subject)
        self._suite = suite
        self._client = httpx.Client(
            base_url=suite.gateway_url, headers={"authorization": f"Bearer {signed}"}, timeout=30.0
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def answer(self, query: str, **variables: Any) -> dict[str, Any]:
        """Return the whole answer, errors and all."""
        request_id = str(uuid4())
        body = {"query": query, "variables": variables}
        reply = self._client.post("/graphql", json=body, headers={"x-request-id": request_id})
        answered: dict[str, Any] = reply.json()
        return {**answered, "request_id": reply.headers["x-request-id"]}

    def data(self, query: str, **variables: Any) -> Any:
        """Return the data of a query that must not fail."""
        answered = self.answer(query, **variables)
        assert not answered.get("errors"), answered["errors"]
        return answered["data"]

    def mutate(self, mutation: str, **variables: Any) -> Any:
        """Return the one payload of a mutation, be it a result or a refusal."""
        (payload,) = self.data(mutation + _REFUSED, **variables).values()
        return payload

    def calls(self, request_id: str, *, least: int) -> list[str]:
        """Return which methods the services were asked for one request, as their own logs tell.

        A service answers before it logs, so wait for the least that there must be.
        """
        until(lambda: len(self._calls(request_id)) >= least, seconds=20, what=f"{least} calls are logged")
        return self._calls(request_id)

    def _calls(self, request_id: str) -> list[str]:
        lines = [line for name in self._suite.places.rpc for line in self._suite.log(f"{name}-rpc").splitlines()]
        entries = [json.loads(line) for line in lines if request_id in line and line.startswith("{")]
        return sorted(entry["method"] for entry in entries if entry["event"] == "rpc")
