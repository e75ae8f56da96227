"""Changes of stored contracts that run once, when a newer version is deployed over an older one."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from pymongo.database import Database

from services.chassis.codec import Codec
from services.chassis.migrations import Step
from services.contracts.domain.life_cycle.contract import Contract
from services.contracts.domain.life_cycle.contract_states import (
    ContractState,
    Gate,
    GatePassed,
    Move,
    Termination,
    TerminationCode,
)
from services.contracts.domain.terms.money import Money
from services.contracts.domain.terms.terms import CreditPolicy, TermsVersion
from services.contracts.store.life_cycle.contracts import ContractCodec

_ZONE = "Asia/Shanghai"
"""What days were counted in before contracts had a zone of their own."""
_NOBODY = ""
"""Who did what was recorded without a name."""


def give_versions(database: Database[dict[str, Any]]) -> None:
    """Turn each contract of one set of terms into one of versions and moves; what was signed stays signed."""
    contracts, codec = database["contracts"], ContractCodec()
    for old in contracts.find({"versions": {"$exists": False}}):
        state = codec.to_document(_with_versions(old))
        where = {"_id": state.pop("_id"), "version": old["version"]}
        contracts.update_one(where, {"$set": state, "$unset": {"termination_reason": ""}})


def _with_versions(old: dict[str, Any]) -> Contract:
    made: datetime = old["create_time"]
    signed, active, ended = (old.get(field) for field in ("signed_time", "activated_time", "terminated_time"))
    start, gates = date.fromisoformat(old["start_date"]), (Gate.SIGNATURE, Gate.LEGAL) if signed else ()
    version = TermsVersion(
        number=1,
        effective_date=start,
        recorded_time=made,
        recorded_by=_NOBODY,
        title=old["title"],
        start_date=start,
        end_date=date.fromisoformat(old["end_date"]),
        price=Codec(Money).to_aggregate(old["price"]),
    )
    steps = (
        (ContractState.DRAFT, made),
        (ContractState.SIGNED, signed),
        (ContractState.ACTIVE, active),
        (ContractState.TERMINATED, ended),
    )
    contract = Contract(
        id=old["_id"],
        version=old["version"],
        customer_id=old["customer_id"],
        owner_id=old.get("owner_id") or "",
        author=_NOBODY,
        state=ContractState(old["state"]),
        time_zone=_ZONE,
        versions=(version,),
        moves=(),
        gates=tuple(GatePassed(gate=gate, by=_NOBODY, time=signed) for gate in gates if signed),
        signed_time=signed,
        activated_time=active,
        terminated_time=ended,
        create_time=made,
        update_time=old["update_time"],
    )
    return _with_history(contract, [(state, at) for state, at in steps if at], reason=old.get("termination_reason"))


def _with_history(contract: Contract, steps: list[tuple[ContractState, datetime]], *, reason: str | None) -> Contract:
    moves = []
    for state, at in steps:
        day = contract.today(at)
        began = min(day, contract.start_date) if state is ContractState.ACTIVE else day
        moves.append(Move(state=state, effective_date=began, recorded_time=at, by=_NOBODY))
    ended = contract.terminated_time
    termination = (
        Termination(
            code=TerminationCode.OTHER,
            reason=reason or "",
            last_date=contract.today(ended) - timedelta(days=1),
            by=_NOBODY,
            recorded_time=ended,
            credit_policy=CreditPolicy.NONE,
        )
        if ended
        else None
    )
    return replace(contract, moves=tuple(moves), termination=termination)


STEPS: Sequence[Step] = (("contracts-give-versions", give_versions),)
"""In the order in which they run; a name is never used twice."""
