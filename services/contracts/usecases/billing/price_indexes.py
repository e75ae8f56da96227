"""Keep indices of prices."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.chassis.checks import request_key
from services.chassis.clock import Clock
from services.chassis.errors import InvalidField
from services.chassis.ids import check_id, new_id
from services.contracts.domain.billing.price_index import PriceIndex, ToldValue
from services.contracts.domain.terms.periods import local_day
from services.contracts.ports.pricing import PriceIndexes

_MOST_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class CreatePriceIndex:
    """Stores a new index."""

    indexes: PriceIndexes
    clock: Clock

    def __call__(self, *, name: str, basis: str, request_id: str) -> PriceIndex:
        """Return the index without values; a repeat of the request returns the first."""
        now = self.clock.now()
        index = PriceIndex.create(new_id("idx", now), name=name, basis=basis, now=now)
        return self.indexes.add(index, request_key=request_key("create_index", request_id))


@dataclass(frozen=True, slots=True)
class RecordIndexValues:
    """Records what was published."""

    indexes: PriceIndexes
    clock: Clock
    time_zone: str
    """IANA name: the company's, whose calendar says which month is over."""

    def __call__(self, index_id: str, values: Sequence[ToldValue], *, etag: str, request_id: str) -> PriceIndex:
        """Return the index with the values, all of them or none."""
        if not 1 <= len(values) <= _MOST_AT_ONCE:
            raise InvalidField("values", f"1 to {_MOST_AT_ONCE} values are needed.")
        now = self.clock.now()
        today = local_day(now, self.time_zone)
        return self.indexes.change(
            check_id(index_id, "idx", field="index_id"),
            lambda index: index.recorded(values, today=today, now=now),
            etag=etag,
            request_key=request_key("record_values", request_id),
        )
