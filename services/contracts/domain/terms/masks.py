"""Update masks: which fields a change may name."""

from collections.abc import Collection, Sequence

from services.chassis.errors import InvalidField


def checked_mask(paths: Collection[str], fields: Sequence[str]) -> frozenset[str]:
    """Return the fields that a mask names, or refuse with INVALID_FIELD an empty mask and what cannot be changed."""
    if not paths:
        raise InvalidField("update_mask", f"update_mask is empty. It may name {', '.join(fields)}.")
    unknown = sorted(path for path in paths if path not in fields)
    if unknown:
        raise InvalidField("update_mask", f"{unknown[0]} cannot be changed. update_mask may name {', '.join(fields)}.")
    return frozenset(paths)
