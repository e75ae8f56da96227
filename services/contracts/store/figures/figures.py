"""What the figures are read from, in MongoDB: projections of what other rooms write."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from services.chassis.mongo import handle
from services.contracts.domain.figures.attached import EndedWarranty
from services.contracts.domain.figures.booked import Agreed, BookedContract, CoveringLine, EarlyEnd, Step
from services.contracts.domain.figures.monthly import ChargedService
from services.contracts.domain.life_cycle.contract_states import ContractState, TerminationCode
from services.contracts.domain.terms.money import Money
from services.contracts.domain.terms.periods import Span, local_day
from services.contracts.store.customers.families import families
from services.contracts.store.database import ALIAS

BOOKED_FIELDS: dict[str, Any] = {
    "customer_id": 1,
    "owner_id": 1,
    "predecessor_id": 1,
    "successor_id": 1,
    "versions": {
        "number": 1,
        "effective_date": 1,
        "recorded_time": 1,
        "start_date": 1,
        "end_date": 1,
        "price": 1,
        "lines": {"asset_ids": 1, "service_types": 1},
    },
    "moves": {"state": 1, "effective_date": 1, "recorded_time": 1},
    "renewal_cancelled_time": 1,
    "termination": {"code": 1, "last_date": 1, "recorded_time": 1},
}
_WITHOUT_LINES = {
    **BOOKED_FIELDS,
    "versions": {name: 1 for name in BOOKED_FIELDS["versions"] if name != "lines"},
}
_STATES = {each.value: each for each in ContractState}
_day = lru_cache(maxsize=20_000)(date.fromisoformat)


class MongoFigureSources:
    """Contracts, chargeable services and assets as their rooms keep them."""

    def __init__(self, time_zone: str) -> None:
        """Read through the alias `contracts`; days of moments are counted in this zone."""
        self._time_zone = time_zone

    def booked(self, *, owner_id: str = "") -> Sequence[BookedContract]:
        query: dict[str, Any] = {"signed_time": {"$ne": None}} | ({"owner_id": owner_id} if owner_id else {})
        return booked_contracts(query, _WITHOUT_LINES)

    def covering(self, customer_ids: Sequence[str]) -> Sequence[BookedContract]:
        if not customer_ids:
            return ()
        members = [each for family in families(customer_ids).values() for each in family]
        return booked_contracts({"signed_time": {"$ne": None}, "customer_id": {"$in": members}})

    def services(self, start: datetime, end: datetime, *, owner_id: str) -> Sequence[ChargedService]:
        query = {"state": "completed", "completed_time": {"$gte": start, "$lt": end}}
        fields = {"customer_id": 1, "charge": 1, "completed_time": 1}
        found = [each for each in handle(ALIAS)["service_orders"].find(query, fields) if each.get("charge")]
        owners = owners_of(each["customer_id"] for each in found)
        services = (
            ChargedService(
                owner_id=owners.get(each["customer_id"], ""),
                charge=Money(each["charge"]["currency_code"], each["charge"]["minor_units"]),
                completed_day=local_day(each["completed_time"], self._time_zone),
                completed_time=each["completed_time"],
            )
            for each in found
        )
        return [each for each in services if not owner_id or each.owner_id == owner_id]

    def warranties(self, span: Span, *, owner_id: str) -> Sequence[EndedWarranty]:
        days = {"$gte": span.start.isoformat(), "$lte": span.end.isoformat()}
        query = {"warranty_end": days, "customer_id": {"$gt": ""}}
        found = list(handle(ALIAS)["assets"].find(query, {"customer_id": 1, "warranty_end": 1}))
        owners = owners_of(each["customer_id"] for each in found)
        survivors = survivors_of()
        warranties = (
            EndedWarranty(
                asset_id=each["_id"],
                customer_id=str(survivors.get(each["customer_id"]) or each["customer_id"]),
                owner_id=owners.get(each["customer_id"], ""),
                last_day=date.fromisoformat(each["warranty_end"]),
            )
            for each in found
        )
        return [each for each in warranties if not owner_id or each.owner_id == owner_id]


def to_booked(found: Mapping[str, Any]) -> BookedContract:
    """Return a contract of its document; written out by hand, for a report reads every contract there is."""
    end = found.get("termination")
    return BookedContract(
        id=found["_id"],
        customer_id=found["customer_id"],
        owner_id=found.get("owner_id", ""),
        predecessor_id=found.get("predecessor_id", ""),
        successor_id=found.get("successor_id", ""),
        versions=tuple(map(_agreed, found["versions"])),
        moves=tuple(
            Step(
                state=_STATES[each["state"]],
                effective_date=_day(each["effective_date"]),
                recorded_time=each["recorded_time"],
            )
            for each in found["moves"]
        ),
        termination=EarlyEnd(
            code=TerminationCode(end["code"]), last_date=_day(end["last_date"]), recorded_time=end["recorded_time"]
        )
        if end
        else None,
        renewal_cancelled_time=found.get("renewal_cancelled_time"),
    )


def _agreed(found: Mapping[str, Any]) -> Agreed:
    price = found["price"]
    return Agreed(
        number=found["number"],
        effective_date=_day(found["effective_date"]),
        recorded_time=found["recorded_time"],
        start_date=_day(found["start_date"]),
        end_date=_day(found["end_date"]),
        price=Money(price["currency_code"], price["minor_units"]),
        lines=tuple(
            CoveringLine(asset_ids=tuple(each.get("asset_ids", ())), service_types=tuple(each.get("service_types", ())))
            for each in found.get("lines", ())
        ),
    )


def booked_contracts(query: Mapping[str, Any], fields: Mapping[str, Any] = BOOKED_FIELDS) -> list[BookedContract]:
    """Return the contracts that match; what belongs to a doublet is told as its survivor's."""
    survivors = survivors_of()
    found = map(to_booked, handle(ALIAS)["contracts"].find(query, fields))
    return [
        replace(each, customer_id=survivors[each.customer_id]) if each.customer_id in survivors else each
        for each in found
    ]


def survivors_of() -> dict[str, str]:
    """Return, for every customer that was merged into another, that other."""
    query = {"merged_into_id": {"$gt": ""}}
    return {
        each["_id"]: each["merged_into_id"] for each in handle(ALIAS)["customers"].find(query, {"merged_into_id": 1})
    }


def owners_of(customer_ids: Iterable[str]) -> dict[str, str]:
    """Return who owns each of the customers that anybody owns."""
    wanted = sorted(set(customer_ids))
    found = handle(ALIAS)["customers"].find({"_id": {"$in": wanted}}, {"owner_id": 1}) if wanted else ()
    return {each["_id"]: each.get("owner_id", "") for each in found}
