"""Signed texts in MongoDB, found by contract and hash and never changed, and who the parties of a contract are."""

from mongoengine import DateTimeField, DictField, Document, ListField, StringField

from services.chassis.codec import Codec
from services.chassis.errors import NotFound
from services.chassis.mongo import collection_of
from services.contracts.domain.life_cycle.contract import Contract
from services.contracts.domain.paperwork.contract_paper import PaperLanguage
from services.contracts.domain.paperwork.paper import Parties
from services.contracts.ports.paperwork import Rendition, SignedText
from services.contracts.store.customers.customers import CustomerDocument
from services.contracts.store.database import ALIAS


class ContractTextDocument(Document):
    """A text that was frozen; its `_id` is the contract's id, a colon and the hash."""

    id = StringField(primary_key=True)
    contract_id = StringField(required=True)
    sha256 = StringField(required=True)
    language = StringField(required=True)
    renditions = ListField(DictField())
    frozen_time = DateTimeField(required=True)

    meta = {"db_alias": ALIAS, "collection": "contract_texts", "auto_create_index": False, "indexes": []}


class MongoSignedTexts:
    """The texts that were frozen."""

    def __init__(self) -> None:
        """Write through the alias `contracts`."""
        self._codec = Codec(Rendition)

    def keep(self, text: SignedText) -> None:
        """Store the text unless it is there: the first one stays, whatever comes after."""
        renditions = [self._codec.to_document(each) for each in text.renditions.values()]
        fields = {
            "contract_id": text.contract_id,
            "sha256": text.sha256,
            "language": text.language.value,
            "renditions": renditions,
            "frozen_time": text.frozen_time,
        }
        key = {"_id": _key(text.contract_id, text.sha256)}
        collection_of(ContractTextDocument).update_one(key, {"$setOnInsert": fields}, upsert=True)

    def find(self, contract_id: str, sha256: str) -> SignedText | None:
        found = collection_of(ContractTextDocument).find_one({"_id": _key(contract_id, sha256)})
        if found is None:
            return None
        renditions = [self._codec.to_aggregate(each) for each in found["renditions"]]
        return SignedText(
            contract_id=contract_id,
            sha256=sha256,
            language=PaperLanguage(found["language"]),
            renditions={each.paper.language: each for each in renditions},
            frozen_time=found["frozen_time"],
        )


class MongoPartyRegister:
    """Who signs."""

    def __init__(self, company_name: str) -> None:
        """Read customers through the alias `contracts`; the company's name is a setting."""
        self._company_name = company_name

    def parties(self, contract: Contract) -> Parties:
        wanted = {"name": 1, "tax_id": 1}
        found = collection_of(CustomerDocument).find_one({"_id": contract.customer_id}, wanted)
        if found is None:
            raise NotFound("customer", contract.customer_id)
        return Parties(
            customer_name=found["name"], customer_tax_id=found.get("tax_id") or "", company_name=self._company_name
        )


def _key(contract_id: str, sha256: str) -> str:
    return f"{contract_id}:{sha256}"
