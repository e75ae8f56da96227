"""The connection to MongoDB: one client a process, one alias a service."""

from typing import Any

import mongoengine
import pymongo
from bson.codec_options import CodecOptions
from mongoengine.connection import get_connection, get_db
from pymongo import MongoClient
from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.errors import PyMongoError

Document = dict[str, Any]

SERVER_SELECTION_MS = 3_000
"""A call waits this long for a database that restarts, then is refused as unavailable."""

HEARTBEAT_MS = 2_000
"""The driver asks the database this often. One that hangs, which closes no connection, is given up after a heartbeat
and a connect timeout; what waits for it is then interrupted, instead of holding its thread for ever."""


def connect(url: str, database: str, *, alias: str) -> Database[Document]:
    """Connect lazily: a process may start before its database does. Times are read as aware UTC."""
    mongoengine.connect(
        db=database,
        host=url,
        alias=alias,
        tz_aware=True,
        uuidRepresentation="standard",
        serverSelectionTimeoutMS=SERVER_SELECTION_MS,
        connectTimeoutMS=SERVER_SELECTION_MS,
        heartbeatFrequencyMS=HEARTBEAT_MS,
        appname=f"membercare-{alias}",
    )
    return handle(alias)


def disconnect(alias: str) -> None:
    """Close the connection of this alias."""
    mongoengine.disconnect(alias=alias)


def handle(alias: str) -> Database[Document]:
    """Return the database of this alias."""
    database: Database[Document] = get_db(alias)
    return database.with_options(codec_options=CodecOptions(tz_aware=True))


def collection_of(document: type[mongoengine.Document]) -> Collection[Document]:
    """Return the collection behind a mongoengine document, for bulk writes and reads that must not hydrate."""
    collection: Collection[Document] = document._get_collection()  # noqa: SLF001  # mongoengine has no other way
    return collection


def ping(alias: str) -> bool:
    """Say whether the database answers."""
    client: MongoClient[Document] = get_connection(alias)
    try:
        with pymongo.timeout(SERVER_SELECTION_MS / 1000):  # a database that hangs is as good as none
            client.admin.command("ping")
    except PyMongoError:
        return False
    return True
