"""Broadcast tasks in WeCom: the book of those that we asked for, and WeCom itself."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from services.care.domain.providers.broadcasts import Broadcast, BroadcastEnd, Circular, Quota


class WecomSilent(Exception):
    """WeCom cannot be asked now, or gives no answer that says anything."""


class Broadcasts(Protocol):
    """The book. A broadcast stands in it before WeCom is asked, so that a crash leaves a trace and never two tasks."""

    def begin(self, broadcast: Broadcast, quota: Quota) -> Broadcast | None:
        """Take a place under the quota and note that WeCom is about to be asked; None: the quota is spent.

        What is noted already under this id is returned as it stands, and nothing is taken.
        """

    def drop(self, broadcast: Broadcast) -> None:
        """Forget what WeCom surely made no task of, and give its place back."""

    def created(self, circular: Circular, task_id: str, *, look_at: datetime) -> None:
        """Note the task that WeCom made, for whom it made it, and when to look what became of it."""

    def find(self, broadcast_id: str) -> Broadcast | None:
        """Return it, if it is there."""

    def doubtful_like(self, broadcast: Broadcast, *, look_at: datetime) -> Sequence[Broadcast]:
        """Return what is in doubt of the same text, sender and provider, and put the next look at all of them off."""

    def unknown_of(self, task_ids: Collection[str]) -> set[str]:
        """Return the tasks that no message is known to be in."""

    def due(self, now: datetime, *, most: int) -> Sequence[Sequence[Broadcast]]:
        """Return tasks to look at with all that is open of each, those that wait longest first."""

    def look_later(self, task: Sequence[Broadcast], look_at: datetime) -> None:
        """Put the next look off."""

    def reminded(self, task: Sequence[Broadcast], *, now: datetime, look_at: datetime) -> None:
        """Count a reminder that is about to be asked for."""

    def withdrawn(self, task: Sequence[Broadcast], *, now: datetime) -> None:
        """Note that WeCom has stopped the task."""

    def ended(self, broadcasts: Sequence[Broadcast], end: BroadcastEnd, *, now: datetime) -> None:
        """Note what became of these."""


class BroadcastTasks(Protocol):
    """WeCom, as whoever follows tasks asks it. Each broadcast tells of the task that it is in."""

    async def ends(self, task: Broadcast) -> Mapping[str, BroadcastEnd]:
        """Return what became of it by customer; whom nobody has confirmed for is missing. Raises `WecomSilent`."""

    async def like(self, broadcast: Broadcast) -> Mapping[str, Collection[str]]:
        """Return the customers of each task of this sender and text that was made about then. Raises `WecomSilent`."""

    async def remind(self, task: Broadcast) -> bool:
        """Ask WeCom to remind whoever must confirm; False: it did not. Raises `WecomSilent`."""

    async def cancel(self, task: Broadcast) -> bool:
        """Ask WeCom to stop a task as far as it is not confirmed; False: it did not. Raises `WecomSilent`."""
