"""Documents whose keys are taken: what many writers insert side by side is stored once."""

from pymongo.errors import BulkWriteError

_DUPLICATE_KEY = 11000


def places_taken(error: BulkWriteError) -> list[int]:
    """Return the places of those that a unique index refused; whatever else went wrong is raised again."""
    details = error.details or {}
    failures = details.get("writeErrors", [])
    if any(failure["code"] != _DUPLICATE_KEY for failure in failures) or details.get("writeConcernErrors"):
        raise error
    return [failure["index"] for failure in failures]
