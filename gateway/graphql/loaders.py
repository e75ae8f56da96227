"""Loaders: RPCs that answer for many keys at once, so that a join costs one call however many things it joins."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from google.protobuf.message import Message

from gateway.graphql.arguments import camel
from gateway.graphql.context import Context
from gateway.graphql.rights import RIGHTS
from gateway.graphql.rpcs import rpc_of

MOST_KEYS = 500
"""What a batch RPC accepts in one call."""

Arguments = tuple[tuple[str, Any], ...]
Found = dict[str, Any]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Loader:
    """How to ask one RPC for many keys, and what is missing for a key that it does not answer."""

    rpc: str
    request: Callable[[Sequence[str], Mapping[str, Any]], Message]
    found: Callable[[Any, Sequence[str], Mapping[str, Any]], Found]
    missing: Any = None
    most_keys: int = MOST_KEYS

    @property
    def roles(self) -> frozenset[str]:
        """Who may call the RPC."""
        return RIGHTS[self.rpc]

    async def call(self, context: Context, keys: Sequence[str], *, arguments: Mapping[str, Any]) -> Found:
        """Return what was found for these keys, at most `most_keys` of them."""
        request = self.request(keys, arguments)
        return self.found(await context.call(context.method(self.rpc, request), request), keys, arguments)


def by_id(request: type[Message], *, ids: str, items: str, most_keys: int = MOST_KEYS, key: str = "id") -> Loader:
    """Return the loader over a `BatchGet` RPC: one thing for each id, or none."""
    return Loader(
        rpc=rpc_of(request),
        request=lambda keys, _: request(**{ids: keys}),
        found=lambda reply, *_: {getattr(item, key): item for item in getattr(reply, items)},
        most_keys=most_keys,
    )


def by_owner(request: type[Message], *, owner: str, items: str, others: Sequence[str] = ()) -> Loader:
    """Return the loader over a `BatchList` RPC: at most `first` things for each owner (`owner` is `member`, say).

    `others` are fields of the request that arguments of the same name fill, where they are there.
    """
    return Loader(
        rpc=rpc_of(request),
        request=lambda keys, arguments: request(
            **{f"{owner}_ids": keys, f"limit_per_{owner}": arguments["first"]},
            **{name: arguments.get(camel(name)) for name in others},
        ),
        found=lambda reply, *_: {getattr(each, f"{owner}_id"): getattr(each, items) for each in reply.results},
        missing=(),
    )


class Gathering:
    """What one loader was asked for in one request: keys asked in the same turn of the loop travel in one call."""

    def __init__(self, loader: Loader, arguments: Arguments) -> None:
        self.found: Found = {}
        """By key: what was found, or the exception that the call ended with."""
        self._loader, self._arguments = loader, dict(arguments)
        self._asked: set[str] = set()
        self._waiting: list[str] = []
        self._running: set[asyncio.Task[None]] = set()

    async def load(self, context: Context, keys: Iterable[str]) -> None:
        """Return once every key is in `found`; a key is asked for once in a request."""
        new = [key for key in dict.fromkeys(keys) if key not in self._asked]
        if new:
            if not self._waiting:
                self._start(context)
            self._asked.update(new)
            self._waiting.extend(new)
        if self._running:
            await asyncio.wait(self._running)

    def _start(self, context: Context) -> None:
        task = asyncio.create_task(self._dispatch(context))
        for tasks in (self._running, context.tasks):
            tasks.add(task)
            task.add_done_callback(tasks.discard)

    async def _dispatch(self, context: Context) -> None:
        keys, self._waiting = self._waiting, []
        size = self._loader.most_keys
        await asyncio.gather(*(self._fetch(context, keys[at : at + size]) for at in range(0, len(keys), size)))

    async def _fetch(self, context: Context, keys: list[str]) -> None:
        try:
            found = await self._loader.call(context, keys, arguments=self._arguments)
        except Exception as error:  # noqa: BLE001  # the fields that asked raise it, each at its own place
            found = dict.fromkeys(keys, error)
        missing = self._loader.missing
        self.found.update((key, found.get(key, missing)) for key in keys)


def gathering(context: Context, loader: Loader, *, arguments: Arguments = ()) -> Gathering:
    """Return what this request has gathered with the loader and these arguments so far."""
    asked = tuple((name, _hashable(value)) for name, value in arguments)
    known: Gathering | None = context.fetched.get((loader, asked))
    if known is None:
        known = context.fetched[loader, asked] = Gathering(loader, arguments)
    return known


def _hashable(value: Any) -> Any:
    """Return what stands for an argument in a key: a message, as a moment is one, has no hash."""
    return value.SerializeToString() if isinstance(value, Message) else value


async def load_one(context: Context, loader: Loader, *, key: str) -> Any:
    """Return what the key stands for, or None; calls made at the same time travel together."""
    batch = gathering(context, loader)
    await batch.load(context, (key,))
    found = batch.found[key]
    if isinstance(found, Exception):
        raise found
    return found
