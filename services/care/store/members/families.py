"""Members and their doublets: what belongs to a doublet is found through the member that it was merged into."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from services.chassis.mongo import handle

Thing = TypeVar("Thing")


def families(member_ids: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    """Return for each member asked for the ids that its things stand under: its own first, then its doublets'."""
    where = {"_id": {"$in": list(member_ids)}, "merged_ids": {"$gt": ""}}
    found = handle("care")["members"].find(where, {"merged_ids": 1})
    doublets = {each["_id"]: tuple(each["merged_ids"]) for each in found}
    return {key: (key, *doublets.get(key, ())) for key in dict.fromkeys(member_ids)}


def gathered(
    of: Mapping[str, tuple[str, ...]],
    found: Mapping[str, Sequence[Thing]],
    *,
    newest: Callable[[Thing], Any],
    most: int,
) -> dict[str, list[Thing]]:
    """Return, for each member that has any, what was found under the ids of its family, newest first, so many."""
    every = {key: [thing for each in members for thing in found.get(each, ())] for key, members in of.items()}
    return {key: sorted(things, key=newest, reverse=True)[:most] for key, things in every.items() if things}
