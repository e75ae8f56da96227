"""Members as a dispatcher reads them: a projection, without the care of a whole aggregate."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.care.domain.language import Language
from services.care.domain.sending.recipient import Recipient

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
        "erased_time",
    ),
    1,
)
"""What `recipient_of` reads; whatever is absent is empty."""


def is_gone(found: Mapping[str, Any]) -> bool:
    """Say whether this member is merged into another or erased: nobody to write to."""
    return bool(found.get("merged_into_id") or found.get("erased_time"))


def recipient_of(found: Mapping[str, Any]) -> Recipient:
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
        suppressed=told("suppressed") or {},
        preferred_channel=told("preferred_channel") or "",
        cheerless_until=told("cheerless_until") or "",
        complaints=tuple(told("complaints") or ()),
        contracts=tuple(told("contracts") or ()),
        tier=told("tier") or "",
        attributes=told("attributes") or {},
        last_acts=_last_acts(found),
    )


def _last_acts(found: Mapping[str, Any]) -> Mapping[str, datetime]:
    latest = found.get("last_act_time")
    return {"": latest, **(found.get("last_acts") or {})} if latest else {}
