"""Customers and their doublets: what belongs to a doublet is found through the customer that it was merged into."""

from collections.abc import Mapping, Sequence
from typing import Protocol, TypeVar

from services.chassis.mongo import handle
from services.contracts.store.database import ALIAS


class Identified(Protocol):
    """What has an id that sorts by the time it was made."""

    @property
    def id(self) -> str: ...


Thing = TypeVar("Thing", bound=Identified)


def families(customer_ids: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    """Return for each customer asked for the ids that its things stand under: its own first, then its doublets'."""
    where = {"_id": {"$in": list(customer_ids)}, "merged_ids": {"$gt": ""}}
    found = handle(ALIAS)["customers"].find(where, {"merged_ids": 1})
    doublets = {each["_id"]: tuple(each["merged_ids"]) for each in found}
    return {key: (key, *doublets.get(key, ())) for key in dict.fromkeys(customer_ids)}


def family(customer_id: str) -> tuple[str, ...]:
    """Return the ids that the things of one customer stand under."""
    return families([customer_id])[customer_id]


def gathered(
    of: Mapping[str, tuple[str, ...]],
    found: Mapping[str, Sequence[Thing]],
    *,
    most: int,
    newest_first: bool = True,
) -> dict[str, list[Thing]]:
    """Return, for each customer that has any, what was found under the ids of its family, at most so many."""
    every = {key: [thing for each in members for thing in found.get(each, ())] for key, members in of.items()}
    return {
        key: sorted(things, key=lambda thing: thing.id, reverse=newest_first)[:most]
        for key, things in every.items()
        if things
    }
