"""What is left of allowances, in MongoDB: the lines of contracts beside the counters of their terms."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from services.chassis.mongo import collection_of
from services.contracts.domain.entitlement.coverage import CounterKey, Promise, PromisedTerms
from services.contracts.domain.life_cycle.contract_as_of import AsOf
from services.contracts.ports.entitlement import Balance
from services.contracts.store.entitlement.allowance_counters import counters, key_of
from services.contracts.store.entitlement.cover_facts import PROMISE_FIELDS
from services.contracts.store.entitlement.promises import promise_of
from services.contracts.store.entitlement.usage_history import taken
from services.contracts.store.life_cycle.contracts import ContractDocument

_NONE: Mapping[str, int] = {"reserved": 0, "consumed": 0}


class MongoBalances:
    """The allowances of contracts."""

    def of_contracts(
        self, contract_ids: Sequence[str], as_of: AsOf, *, now: datetime, most: int
    ) -> Mapping[str, Sequence[Balance]]:
        wanted, known_at = list(contract_ids), as_of.known_at
        used = _counted(wanted) if known_at is None else taken(wanted, known_at)
        found: dict[str, Sequence[Balance]] = {}
        for each in collection_of(ContractDocument).find({"_id": {"$in": wanted}}, PROMISE_FIELDS):
            promise = promise_of(each)
            day = as_of.day or now.astimezone(ZoneInfo(promise.time_zone)).date()
            # Before its first day a contract shows what it will allow.
            terms = promise.terms_at(day, known_at) or promise.first_terms(known_at)
            if terms and (balances := list(_balances(promise, terms, used=used))[:most]):
                found[promise.id] = balances
        return found


def _counted(contract_ids: Sequence[str]) -> Mapping[CounterKey, Mapping[str, int]]:
    return {key_of(each): each for each in counters().find({"contract_id": {"$in": list(contract_ids)}})}


def _balances(
    promise: Promise, terms: PromisedTerms, *, used: Mapping[CounterKey, Mapping[str, int]]
) -> Iterator[Balance]:
    for line in terms.lines:
        for unit, total in line.totals.items():
            counter = used.get(CounterKey(promise.id, line.id, terms.start_date, unit), _NONE)
            yield Balance(
                contract_id=promise.id,
                line_id=line.id,
                description=line.description,
                unit=unit,
                term_start=terms.start_date,
                term_end=terms.end_date,
                total=total,
                reserved=counter["reserved"],
                consumed=counter["consumed"],
            )
