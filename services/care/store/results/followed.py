"""The messages of a campaign, member by member, with what each member did.

Members are read a block at a time and nothing is kept of them: to have the database look each one up by itself costs
ten times as much, and a campaign may have a million messages.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby, islice
from operator import itemgetter
from typing import Any

from pymongo.client_session import ClientSession

from services.care.store.members.members import MemberDocument
from services.care.store.sending.touches import OF_CAMPAIGN, touches
from services.chassis.mongo import collection_of

AT_ONCE = 1_000
"""So many members, or messages, are asked about in one read."""
_Message = Mapping[str, Any]


def followed(
    match: Mapping[str, Any], *, act: str, fields: Sequence[str], session: ClientSession | None = None
) -> Iterator[tuple[Sequence[_Message], Sequence[datetime]]]:
    """Yield for each member the messages that match, with `due_at` and these fields, and when the member did the act.

    `match` names one campaign. The database sorts, on its disk if need be.
    """
    wanted = dict.fromkeys(("member_id", "due_at", *fields), 1)
    found = touches().aggregate(
        [{"$match": match}, {"$project": wanted}, {"$sort": {"member_id": 1}}],
        hint=OF_CAMPAIGN,  # or the ledgers of all members would be read, because they stand in that order
        allowDiskUse=True,
        batchSize=AT_ONCE,
        session=session,
    )
    members = ((member, list(messages)) for member, messages in groupby(found, key=itemgetter("member_id")))
    while some := list(islice(members, AT_ONCE)):
        acts = _acts([member for member, _ in some], act, session=session)
        yield from ((messages, acts.get(member, ())) for member, messages in some)


def _acts(member_ids: Sequence[str], act: str, *, session: ClientSession | None) -> Mapping[str, Sequence[datetime]]:
    who = {"_id": {"$in": list(member_ids)}, f"acts.{act}.0": {"$exists": True}}
    found = collection_of(MemberDocument).find(
        who, {f"acts.{act}": 1}, hint="_id_", batch_size=AT_ONCE + 1, session=session
    )
    return {each["_id"]: each["acts"][act] for each in found}
