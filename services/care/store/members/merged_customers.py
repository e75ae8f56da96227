"""Which customers were merged into which, as contracts said."""

from collections.abc import Sequence

from mongoengine import Document, StringField

from services.chassis.mongo import collection_of


class MergedCustomerDocument(Document):
    """A doublet and the customer that stays."""

    id = StringField(primary_key=True)
    into_id = StringField(required=True)

    meta = {"db_alias": "care", "collection": "merged_customers", "auto_create_index": False}


class MongoMergedCustomers:
    """The merges that care has heard of."""

    def heard(self, customer_id: str, *, into_id: str) -> None:
        news = {"$set": {"into_id": into_id}}
        collection_of(MergedCustomerDocument).update_one({"_id": customer_id}, news, upsert=True)

    def among(self, customer_ids: Sequence[str]) -> Sequence[str]:
        found = collection_of(MergedCustomerDocument).find({"_id": {"$in": list(customer_ids)}}, {"_id": 1})
        return [each["_id"] for each in found] if customer_ids else []

    def survivor_of(self, customer_id: str) -> str:
        seen = {""}
        while customer_id not in seen:
            seen.add(customer_id)
            found = collection_of(MergedCustomerDocument).find_one({"_id": customer_id})
            customer_id = found["into_id"] if found else customer_id
        return customer_id
