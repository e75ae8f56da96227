"""Change the rules by which value is computed."""

from dataclasses import dataclass

from services.chassis.checks import request_key
from services.chassis.clock import Clock
from services.contracts.domain.figures.value_policy import ValuePolicy
from services.contracts.ports.values import ValuePolicies


@dataclass(frozen=True, slots=True)
class ChangeValuePolicy:
    """Replaces the rules; the next run computes every value anew."""

    policies: ValuePolicies
    clock: Clock

    def __call__(self, wanted: ValuePolicy, *, etag: str, request_id: str) -> ValuePolicy:
        """Return the rules as stored; refused with INVALID_FIELD, STALE_VERSION."""
        key = request_key("policy", request_id)
        return self.policies.replace(wanted.checked(), now=self.clock.now(), etag=etag, request_key=key)
