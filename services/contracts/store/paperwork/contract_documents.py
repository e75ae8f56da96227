"""Files of contracts in MongoDB: what is known of them in one collection, their bytes in another, in chunks."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bson.binary import Binary
from mongoengine import BinaryField, DateTimeField, IntField, LongField, StringField
from mongoengine import Document as MongoDocument
from pymongo import ReplaceOne

from services.chassis.aggregates import AggregateDocument, AggregateStore, DuplicateKey, aggregate_indexes
from services.chassis.clock import Clock
from services.chassis.errors import InvalidField
from services.chassis.mongo import collection_of
from services.contracts.domain.paperwork.contract_document import Document
from services.contracts.store.database import ALIAS

_CHUNK = 1024 * 1024
_THERE = {"deleted_time": None}


class ContractDocumentDocument(AggregateDocument):
    """What is known of a file."""

    contract_id = StringField(required=True)
    kind = StringField(required=True)
    file_name = StringField(required=True)
    content_type = StringField(required=True)
    size_bytes = LongField(required=True)
    sha256 = StringField(required=True)
    uploaded_by = StringField(required=True)
    uploaded_time = DateTimeField(required=True)
    deleted_by = StringField()
    deleted_time = DateTimeField()

    meta = {
        "db_alias": ALIAS,
        "collection": "documents",
        "auto_create_index": False,
        "indexes": [
            *aggregate_indexes(),
            {"fields": ["contract_id", "-uploaded_time", "-_id"], "name": "by_contract", "cls": False},
        ],
    }


class DocumentChunk(MongoDocument):
    """A mebibyte of a file; its `_id` is the document's id, the file's hash and its number in six digits."""

    id = StringField(primary_key=True)
    document_id = StringField(required=True)
    sha256 = StringField(required=True)
    number = IntField(required=True)
    content = BinaryField(required=True)

    meta = {
        "db_alias": ALIAS,
        "collection": "document_chunks",
        "auto_create_index": False,
        "indexes": [{"fields": ["document_id", "sha256", "number"], "name": "by_document", "cls": False}],
    }


class MongoDocuments:
    """The files of contracts."""

    def __init__(self, clock: Clock) -> None:
        """Write through the alias `contracts`."""
        self._store = AggregateStore.of(ContractDocumentDocument, Document, noun="document", source=ALIAS, clock=clock)

    def add(self, document: Document, content: bytes, *, request_key: str) -> Document:
        """Store the bytes first: a document that is known has its bytes."""
        known = self._store.find({"_id": document.id})
        if known is not None:
            return known  # of this request: the id is made of its key
        chunks = [_chunk(document, content, number=number) for number in range(-(-len(content) // _CHUNK))]
        writes = [ReplaceOne({"_id": chunk["_id"]}, chunk, upsert=True) for chunk in chunks]
        collection_of(DocumentChunk).bulk_write(writes, ordered=False)
        try:
            return self._store.add(document, request_key)
        except DuplicateKey as error:
            raise InvalidField("request_id", "request_id was used for another document.") from error

    def get(self, document_id: str) -> Document:
        return self._store.get(document_id)

    def batch_get(self, document_ids: Sequence[str]) -> Sequence[Document]:
        return self._store.batch_get(document_ids)

    def of_contracts(self, contract_ids: Sequence[str], *, most: int) -> Mapping[str, Sequence[Document]]:
        groups = self._store.collection.aggregate(
            [
                {"$match": {"contract_id": {"$in": list(contract_ids)}, **_THERE}},
                {"$sort": {"contract_id": 1, "uploaded_time": -1, "_id": -1}},
                {"$group": {"_id": "$contract_id", "items": {"$firstN": {"n": most, "input": "$$ROOT"}}}},
            ]
        )
        return {group["_id"]: [self._store.codec.to_aggregate(item) for item in group["items"]] for group in groups}

    def count(self, contract_id: str) -> int:
        return self._store.collection.count_documents({"contract_id": contract_id, **_THERE})

    def content(self, document: Document, *, offset: int, length: int) -> bytes:
        first, last = offset // _CHUNK, (offset + length - 1) // _CHUNK
        query = {"document_id": document.id, "sha256": document.sha256, "number": {"$gte": first, "$lte": last}}
        found = collection_of(DocumentChunk).find(query).sort("number", 1)
        start = offset - first * _CHUNK
        return b"".join(chunk["content"] for chunk in found)[start : start + length]

    def delete(
        self, document_id: str, step: Callable[[Document], Document], *, etag: str, request_key: str
    ) -> Document:
        """Note it first: what is noted as deleted is read by nobody, and a repeat forgets the bytes."""
        try:
            document = self._store.change(document_id, step, etag=etag, request_id=request_key)
        except DuplicateKey as error:
            raise InvalidField("request_id", "request_id was used for another document.") from error
        collection_of(DocumentChunk).delete_many({"document_id": document_id})
        return document


def _chunk(document: Document, content: bytes, *, number: int) -> dict[str, Any]:
    part = content[number * _CHUNK : (number + 1) * _CHUNK]
    return {
        "_id": f"{document.id}:{document.sha256}:{number:06d}",
        "document_id": document.id,
        "sha256": document.sha256,
        "number": number,
        "content": Binary(part),
    }
