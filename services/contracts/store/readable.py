"""Many documents read one by one, so that one that cannot be read spoils no other."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from services.chassis import logs

_log = logs.get("contracts.store")

Item = TypeVar("Item")


def readable(
    documents: Iterable[dict[str, Any]], read: Callable[[dict[str, Any]], Item], *, collection: str
) -> Iterator[Item]:
    """Yield what is read of each document; one that cannot be read is told in the log and left out."""
    for each in documents:
        try:
            item = read(each)
        except Exception as error:  # noqa: BLE001  # whatever is wrong with one document concerns no other
            # The error's text may hold what stands in the document, which may be about a person.
            _log.warning("record_unreadable", collection=collection, id=each.get("_id"), reason=type(error).__name__)
            continue
        yield item
