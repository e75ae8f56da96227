"""Which customer stays, for whoever writes something about one: also when it is merged at that very moment."""

from collections.abc import Iterator

from services.care.ports.members import MergedCustomers


def survivors(merged: MergedCustomers, customer_id: str) -> Iterator[str]:
    """Yield the customer that stays, and once more another one if a merge was heard while the caller wrote.

    Whoever hears of a merge notes it before anything is moved: what was written before that note is moved along, and
    what was written after it is written again for what is yielded here.
    """
    last = ""
    while (latest := merged.survivor_of(customer_id)) != last:
        yield latest
        last = latest
