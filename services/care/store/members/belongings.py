"""What goes along when a doublet is merged, beside the two aggregates: acts and answers, contact history, credits."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from pymongo.client_session import ClientSession
from pymongo.collection import Collection

from services.care.domain.segments.facts import MOST_KEPT
from services.care.domain.sending.caps import KEPT
from services.care.store.members.members import MemberDocument
from services.care.store.providers.wechat_credits import REMEMBERED_KEYS, WechatCreditDocument, credit_id
from services.care.store.segments.member_facts import REMEMBERED_EVENTS
from services.care.store.sending.contacts import MOST_CONTACTS, ContactDocument, contact_of
from services.care.store.sending.touches import TOOK_PLACE, touches
from services.chassis.mongo import collection_of

Document = dict[str, Any]


class MongoBelongings:
    """Everything in one transaction; done again, it finds that the survivor has it already."""

    def carry(self, doublet_id: str, survivor_id: str, *, now: datetime) -> None:
        def attempt(session: ClientSession) -> None:
            doublet, survivor = _read(doublet_id, session), _read(survivor_id, session)
            if survivor and survivor.get("merged_into_id"):  # somebody was faster with the next merge
                survivor = _read(survivor["merged_into_id"], session)
            if doublet is None or survivor is None or survivor.get("erased_time"):
                return
            person = survivor["_id"]
            if facts := _facts(doublet, survivor):
                noted = {"$set": facts, "$currentDate": {"heard_time": True}}
                _members().update_one({"_id": person}, noted, session=session)
            _carry_contacts(doublet_id, person, since=now - KEPT, session=session)
            if doublet.get("wechat_id") in {None, "", survivor.get("wechat_id")}:  # an authorisation is one openid's
                _carry_credits(doublet_id, person, session=session)

        with _members().database.client.start_session() as session:
            session.with_transaction(attempt)  # tries again by itself when somebody else was faster


def _read(member_id: str, session: ClientSession) -> Document | None:
    return _members().find_one({"_id": member_id}, session=session)


def _facts(doublet: Document, survivor: Document) -> Document:
    """Return what both did and told, newest first; what stands with both was one event of their customer."""
    told = [*(survivor.get("answers") or ()), *(doublet.get("answers") or ())]
    heard = [*(doublet.get("heard") or ()), *(survivor.get("heard") or ())]
    active = [each["last_act_time"] for each in (doublet, survivor) if each.get("last_act_time")]
    facts = {
        "acts": _united(doublet, survivor, field="acts", of=_moments),
        "last_acts": _united(doublet, survivor, field="last_acts", of=max),
        "last_act_time": max(active, default=None),
        "answers": sorted(_once(told), key=lambda each: each["at"], reverse=True)[:MOST_KEPT],
        "heard": _once(heard)[-REMEMBERED_EVENTS:],
    }
    return {name: value for name, value in facts.items() if value}


def _united(doublet: Document, survivor: Document, *, field: str, of: Callable[[Any, Any], Any]) -> Document:
    one, other = doublet.get(field) or {}, survivor.get(field) or {}
    return one | other | {name: of(one[name], other[name]) for name in one.keys() & other.keys()}


def _moments(some: Sequence[datetime], others: Sequence[datetime]) -> list[datetime]:
    return sorted((Counter(some) | Counter(others)).elements(), reverse=True)[:MOST_KEPT]


def _once(things: Sequence[Any]) -> list[Any]:
    return [each for place, each in enumerate(things) if each not in things[:place]]


def _carry_contacts(doublet_id: str, survivor_id: str, *, since: datetime, session: ClientSession) -> None:
    """A survivor without a record gets one made of the ledger of both when it is first met under caps."""
    history = collection_of(ContactDocument)
    gone, kept = (history.find_one({"_id": key}, session=session) for key in (doublet_id, survivor_id))
    if kept:
        where = {"member_id": doublet_id, "state": {"$in": TOOK_PLACE}, "updated_at": {"$gte": since}}
        ledger = [contact_of(each) for each in touches().find(where, session=session)]
        told = {each["touch_id"]: each for each in (*ledger, *(gone or {}).get("contacts", ()), *kept["contacts"])}
        newest = sorted(told.values(), key=lambda each: each["at"])[-MOST_CONTACTS:]
        history.update_one(
            {"_id": survivor_id}, {"$set": {"contacts": newest}, "$inc": {"version": 1}}, session=session
        )
    if gone:
        history.delete_one({"_id": doublet_id}, session=session)


def _carry_credits(doublet_id: str, survivor_id: str, *, session: ClientSession) -> None:
    balances = collection_of(WechatCreditDocument)
    for each in balances.find({"member_id": doublet_id}, session=session):
        balances.update_one(
            {"_id": credit_id(survivor_id, each["template_id"])},
            {
                "$inc": {"left": each["left"]},
                "$set": {"member_id": survivor_id, "template_id": each["template_id"]},
                "$push": {"seen": {"$each": each["seen"], "$slice": -REMEMBERED_KEYS}},
            },
            upsert=True,
            session=session,
        )
        balances.delete_one({"_id": each["_id"]}, session=session)


def _members() -> Collection[Document]:
    return collection_of(MemberDocument)
