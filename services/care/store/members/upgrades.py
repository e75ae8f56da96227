"""Changes of stored members that run once."""

from typing import Any

from pymongo.database import Database

from services.care.domain.channels import Channel, Purpose
from services.care.domain.members.consents import ConsentSource
from services.care.store.members import due_members
from services.chassis.migrations import Step

_BATCH = {"email_consent": {"$exists": True}}


def _consents_by_channel(database: Database[dict[str, Any]]) -> None:
    """Turn `email_consent` into consent for greetings by e-mail, with the last change as its time."""
    word = {
        "id": {"$concat": ["cns_", {"$substrCP": ["$_id", len("mem_"), 26]}]},
        "channel": Channel.EMAIL.value,
        "purpose": Purpose.CARE.value,
        "granted": True,
        "time": "$update_time",
        "source": ConsentSource.MIGRATED.value,
        "proof": "",
        "recorded_time": "$update_time",
        "recorded_by": "",
    }
    agreed = {Channel.EMAIL.value: {Purpose.CARE.value: True}}
    database["members"].update_many(
        {**_BATCH, "email_consent": True, "consents": {"$exists": False}},
        [{"$set": {"consents": agreed, "consent_facts": [word]}}],
    )
    database["members"].update_many(_BATCH, {"$unset": {"email_consent": ""}})


STEPS: tuple[Step, ...] = (("consents_by_channel", _consents_by_channel), *due_members.STEPS)
