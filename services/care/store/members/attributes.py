"""The registry of attributes in MongoDB."""

from collections.abc import Sequence
from typing import Any

from mongoengine import Document, StringField
from pymongo.errors import DuplicateKeyError

from services.care.domain.members.attributes import (
    MOST_ATTRIBUTES,
    AttributeDefinition,
    AttributeTypeFixed,
    TooManyAttributes,
)
from services.chassis.codec import Codec
from services.chassis.mongo import collection_of

_CODEC = Codec(AttributeDefinition)


class AttributeDocument(Document):
    """One definition; its id is its name."""

    id = StringField(primary_key=True)
    type = StringField(required=True)
    label_en = StringField(required=True)
    label_zh = StringField(required=True)

    meta = {"db_alias": "care", "collection": "member_attributes", "auto_create_index": False}


class MongoAttributes:
    """The registry."""

    def all(self) -> Sequence[AttributeDefinition]:
        found = collection_of(AttributeDocument).find().sort("_id", 1)
        return [_CODEC.to_aggregate(each) for each in found]

    def define(self, definition: AttributeDefinition) -> None:
        stored: dict[str, Any] = _CODEC.to_document(definition)
        attributes = collection_of(AttributeDocument)
        if not attributes.count_documents({"_id": definition.id}) and attributes.count_documents({}) >= MOST_ATTRIBUTES:
            raise TooManyAttributes
        same = {"_id": definition.id, "type": definition.type.value}
        try:
            # An upsert that finds another type under the name collides with it.
            attributes.replace_one(same, stored, upsert=True)
        except DuplicateKeyError:
            known = attributes.find_one({"_id": definition.id}) or stored
            raise AttributeTypeFixed(definition.id, _CODEC.to_aggregate(known).type) from None
