"""Members as a dispatcher reads them: a projection, without the care of a whole aggregate."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from services.care.domain.language import Language
from services.care.domain.sending.recipient import Recipient
from services.care.domain.sending.touch import GREETING
from services.care.store.sending.touches import TOOK_PLACE

RECIPIENT_FIELDS: Mapping[str, int] = dict.fromkeys(
    (
        "name",
        "gender",
        "language",
        "time_zone",
        "email",
        "birthday_key",
        "phone",
        "wecom_id",
        "wechat_id",
        "owner_id",
        "do_not_contact",
        "consents",
        "unconfirmed",
        "suppressed",
        "preferred_channel",
        "cheerless_until",
        "complaints",
        "contracts",
        "tier",
        "attributes",
        "last_acts",
        "last_act_time",
        "merged_into_id",
        "merged_ids",
        "erased_time",
    ),
    1,
)
"""What `recipient_of` reads; whatever is absent is empty."""


def is_gone(found: Mapping[str, Any]) -> bool:
    """Say whether this member is merged into another or erased: nobody to write to."""
    return bool(found.get("merged_into_id") or found.get("erased_time"))


def with_doublets(member_ids: Iterable[str]) -> tuple[dict[str, Any], dict[str, int]]:
    """Return the query for those of these members into whom others were merged, and the field that tells whom."""
    return {"_id": {"$in": list(member_ids)}, "merged_ids": {"$gt": ""}}, {"merged_ids": 1}


def doublets_of(members: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return, by the id of each doublet, the member that it was merged into."""
    return {doublet: each["_id"] for each in members for doublet in each.get("merged_ids") or ()}


def had_by(doublets: Iterable[str]) -> tuple[dict[str, Any], dict[str, int]]:
    """Return the query for what persons have had under these ids, and the fields that `recipients_of` reads."""
    fields = ("member_id", "campaign_id", "occurrence", "step")
    return {"member_id": {"$in": list(doublets)}, "state": {"$in": TOOK_PLACE}}, dict.fromkeys(fields, 1)


def recipients_of(
    members: Iterable[Mapping[str, Any]], *, doublets: Mapping[str, str], had: Iterable[Mapping[str, Any]]
) -> dict[str, Recipient]:
    """Return who of these members is there, by id, with what they have had under the ids of doublets."""
    messages: dict[str, set[tuple[str, str, str]]] = defaultdict(set)
    for each in had:
        key = (each["campaign_id"], each["occurrence"], each.get("step") or GREETING)
        messages[doublets[each["member_id"]]].add(key)
    there = (each for each in members if not is_gone(each))
    return {each["_id"]: recipient_of(each, had=frozenset(messages.get(each["_id"], ()))) for each in there}


def recipient_of(found: Mapping[str, Any], *, had: frozenset[tuple[str, str, str]] = frozenset()) -> Recipient:
    """Return the member of a document that was read with `RECIPIENT_FIELDS`."""
    told = found.get
    return Recipient(
        id=found["_id"],
        name=found["name"],
        gender=told("gender") or "",
        language=Language(told("language") or Language.ZH_HANS),
        time_zone=told("time_zone") or "",
        email=told("email") or "",
        birthday_key=told("birthday_key"),
        phone=told("phone") or "",
        wecom_id=told("wecom_id") or "",
        wechat_id=told("wechat_id") or "",
        owner_id=told("owner_id") or "",
        do_not_contact=bool(told("do_not_contact")),
        consents=told("consents") or {},
        unconfirmed=told("unconfirmed") or {},
        suppressed=told("suppressed") or {},
        preferred_channel=told("preferred_channel") or "",
        cheerless_until=told("cheerless_until") or "",
        complaints=tuple(told("complaints") or ()),
        contracts=tuple(told("contracts") or ()),
        tier=told("tier") or "",
        attributes=told("attributes") or {},
        last_acts=_last_acts(found),
        had=had,
    )


def _last_acts(found: Mapping[str, Any]) -> Mapping[str, datetime]:
    latest = found.get("last_act_time")
    return {"": latest, **(found.get("last_acts") or {})} if latest else {}
