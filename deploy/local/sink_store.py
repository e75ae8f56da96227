"""Keeps the sink's messages in SQLite: a row a delivery, so that a message that came twice shows twice."""

import asyncio
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any

_SCHEMA = """
CREATE TABLE IF NOT EXISTS deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT, message_id TEXT NOT NULL, recipient TEXT NOT NULL, sender TEXT NOT NULL,
    subject TEXT NOT NULL, time TEXT NOT NULL, content BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS deliveries_by_message ON deliveries (message_id);
CREATE INDEX IF NOT EXISTS deliveries_by_recipient ON deliveries (recipient, id);
CREATE TABLE IF NOT EXISTS refusals (address TEXT PRIMARY KEY, permanent INTEGER NOT NULL, temporary INTEGER NOT NULL);
"""
_COLUMNS = "id, message_id, recipient, sender, subject, time"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message accepted for one address."""

    message_id: str
    recipient: str
    sender: str
    subject: str
    content: bytes


class Deliveries:
    """The store; `keep` returns when the disk has the message, and one commit serves all that wait for it."""

    def __init__(self, path: Path) -> None:
        """Open or make the file."""
        self._database = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._lock = Lock()
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("PRAGMA synchronous=FULL")
        self._database.executescript(_SCHEMA)
        self._waiting: list[tuple[list[Delivery], asyncio.Future[None]]] = []
        self._flushing: asyncio.Task[None] | None = None

    async def keep(self, deliveries: list[Delivery]) -> None:
        """Return once these are on disk; raise if the disk refuses."""
        kept = asyncio.get_running_loop().create_future()
        self._waiting.append((deliveries, kept))
        if self._flushing is None or self._flushing.done():
            self._flushing = asyncio.create_task(self._flush())
        await kept

    async def _flush(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            failure: sqlite3.Error | None = None
            try:
                await asyncio.to_thread(self._insert, [one for deliveries, _ in batch for one in deliveries])
            except sqlite3.Error as error:
                failure = error
            for _, kept in batch:
                _settle(kept, failure)

    def _insert(self, deliveries: list[Delivery]) -> None:
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        rows = [(one.message_id, one.recipient, one.sender, one.subject, now, one.content) for one in deliveries]
        with self._lock:
            self._database.execute("BEGIN")
            try:
                self._database.executemany(
                    "INSERT INTO deliveries (message_id, recipient, sender, subject, time, content)"
                    " VALUES (?, ?, ?, ?, ?, ?)",
                    rows,
                )
                self._database.execute("COMMIT")
            except sqlite3.Error:
                self._database.execute("ROLLBACK")
                raise

    def refuse(self, address: str, *, permanent: bool) -> None:
        """Count a refusal."""
        column = "permanent" if permanent else "temporary"
        with self._lock:
            self._database.execute("INSERT OR IGNORE INTO refusals VALUES (?, 0, 0)", (address,))
            self._database.execute(f"UPDATE refusals SET {column} = {column} + 1 WHERE address = ?", (address,))  # noqa: S608 - one of two words

    def temporary_refusals(self, address: str) -> int:
        """Return how often this address was put off so far."""
        found = self._one("SELECT temporary FROM refusals WHERE address = ?", address)
        return int(found[0]) if found else 0

    def count(self, message_id: str) -> int:
        """Return how many deliveries carry this Message-ID."""
        return int(self._one("SELECT count(*) FROM deliveries WHERE message_id = ?", message_id)[0])

    def content(self, number: int) -> bytes | None:
        """Return a message as it came, or None."""
        found = self._one("SELECT content FROM deliveries WHERE id = ?", number)
        return found[0] if found else None

    def page(self, *, to: str, after: int, limit: int, newest: bool) -> list[dict[str, Any]]:
        """Return deliveries after this number, oldest first, or the newest first."""
        order = "DESC" if newest else "ASC"
        where, given = ("recipient = ? AND id > ?", (to, after)) if to else ("id > ?", (after,))
        rows = self._all(
            f"SELECT {_COLUMNS} FROM deliveries WHERE {where} ORDER BY id {order} LIMIT ?",  # noqa: S608 - fixed words
            *given,
            limit,
        )
        names = ("id", "message_id", "to", "from", "subject", "time")
        return [dict(zip(names, row, strict=True)) for row in rows]

    def stats(self) -> dict[str, int]:
        """Return figures; `doubled` counts deliveries beyond the first of a message to an address."""
        kept = (
            "SELECT count(*), count(DISTINCT recipient), count(DISTINCT message_id || ' ' || recipient) FROM deliveries"
        )
        deliveries, recipients, distinct = self._one(kept)
        permanent, temporary = self._one(
            "SELECT coalesce(sum(permanent), 0), coalesce(sum(temporary), 0) FROM refusals"
        )
        return {
            "deliveries": deliveries,
            "recipients": recipients,
            "doubled": deliveries - distinct,
            "refused_permanently": permanent,
            "refused_temporarily": temporary,
        }

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._database.close()

    def _one(self, query: str, *given: object) -> Any:
        with self._lock:
            return self._database.execute(query, given).fetchone()

    def _all(self, query: str, *given: object) -> list[Any]:
        with self._lock:
            return self._database.execute(query, given).fetchall()


def _settle(kept: asyncio.Future[None], failure: Exception | None) -> None:
    if kept.done():  # the client hung up
        return
    if failure is None:
        kept.set_result(None)
    else:
        kept.set_exception(failure)
