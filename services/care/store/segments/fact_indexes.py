"""The indexes over `members` that rules of segments ask."""

from typing import Any

from mongoengine import DateTimeField, DictField, Document, IntField, ListField, StringField

from services.chassis.mongo import collection_of


def _sparse(*fields: str) -> dict[str, Any]:
    """Return an index that leaves out who has none of these, as most have not."""
    return {"fields": list(fields), "name": f"segments_{fields[0].replace('.', '_')}", "cls": False, "sparse": True}


class MemberFactsDocument(Document):
    """What rules ask of a member beside what people list members by; the documents are those of the room of members."""

    id = StringField(primary_key=True)
    tier = StringField()
    points = IntField()
    create_time = DateTimeField()
    update_time = DateTimeField()
    cheerless_until = StringField()
    complaints = ListField(StringField())
    attributes = DictField()
    acts = DictField()
    answers = ListField(DictField())
    contracts = ListField(DictField())
    customer_value = DictField()

    meta = {
        "db_alias": "care",
        "collection": "members",
        "auto_create_index": False,
        "indexes": [
            _sparse("tier"),
            _sparse("points"),
            _sparse("cheerless_until"),
            _sparse("complaints"),
            _sparse("contracts.state", "contracts.end_date"),
            _sparse("answers.survey", "answers.at"),
            _sparse("customer_value.tier", "customer_value.minor_units"),
            {"fields": ["create_time"], "name": "segments_create_time", "cls": False},
            # Also who was changed since the links to contracts were looked at.
            {"fields": ["update_time", "_id"], "name": "segments_update_time", "cls": False},
        ],
    }

    @classmethod
    def ensure_indexes(cls) -> None:
        """Build them, and those that mongoengine cannot declare: every attribute and every act has its part of one."""
        super().ensure_indexes()
        for field in ("attributes", "acts"):
            collection_of(cls).create_index([(f"{field}.$**", 1)], name=f"segments_{field}")
