"""What methods show of visits: as the caller may see them, with what holds them back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from membercare.care.v1 import visit_pb2
from services.care.domain.visits.visit import Visit
from services.care.ports.visits import Holds
from services.care.rpc.visits.messages import visits_to_pb
from services.chassis.identity import current_caller


@dataclass(frozen=True, kw_only=True)
class ShowsVisits:
    """The part that methods which return visits have in common."""

    holds: Holds

    def shown(self, visit: Visit) -> visit_pb2.Visit:
        (one,) = self.all_shown([visit])
        return one

    def all_shown(self, visits: Iterable[Visit]) -> Sequence[visit_pb2.Visit]:
        return visits_to_pb(visits, current_caller(), holds=self.holds)
