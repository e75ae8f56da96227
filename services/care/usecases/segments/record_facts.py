"""Notes with members what events say of them, for the rules of segments."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.care.domain.names import checked_act
from services.care.domain.segments.facts import (
    OWN_ACTS,
    Act,
    Answer,
    ContractNews,
    HeldValue,
    HeldWarranty,
    RenewalNews,
)
from services.care.ports.members import MergedCustomers
from services.care.ports.segments import Changed, HeldContracts, HeldValues, HeldWarranties, LinkCursor, MemberFacts
from services.care.usecases.loyalty.settle_accounts import FollowValue
from services.care.usecases.members.relink_customer import RelinkCustomer
from services.care.usecases.members.survivor import survivors
from services.chassis.checks import line
from services.chassis.clock import Clock
from services.chassis.errors import InvalidField
from services.chassis.ids import check_id

_BATCH = 500
_MOST_TOLD = 500
_AHEAD = timedelta(minutes=5)
"""Clocks of other systems may be a little fast."""
_OVERLAP = timedelta(minutes=5)
"""Changes may become visible a little after others that are younger."""


@dataclass(frozen=True, slots=True)
class RecordAct:
    """Notes what a member did, or what happened to everybody of a customer."""

    facts: MemberFacts
    merged: MergedCustomers

    def __call__(self, act: Act, *, member_id: str, customer_id: str = "") -> None:
        """Note it with the member if one is named, else with the members whom the customer has now."""
        if member_id:
            self.facts.did(act, member_id=member_id)
        elif customer_id:
            for survivor in survivors(self.merged, customer_id):
                self.facts.customer_did(act, customer_id=survivor)


@dataclass(frozen=True, slots=True)
class ToldAct:
    """What somebody says that a member did, not yet checked."""

    member_id: str
    name: str
    at: datetime | None
    key: str


@dataclass(frozen=True, slots=True)
class RecordToldActs:
    """Notes what members did elsewhere, as the company's own systems say."""

    facts: MemberFacts
    clock: Clock

    def __call__(self, told: Sequence[ToldAct]) -> tuple[int, list[str]]:
        """Return how many were recorded, and which members do not exist; refuses all if one is wrong."""
        if not 1 <= len(told) <= _MOST_TOLD:
            raise InvalidField("acts", f"acts holds {len(told)}; 1 to {_MOST_TOLD} are allowed.")
        now = self.clock.now()
        acts = [(each.member_id, _checked(each, f"acts[{place}]", now=now)) for place, each in enumerate(told)]
        known = self.facts.known([member_id for member_id, _ in acts])
        for member_id, act in acts:
            if member_id in known:
                self.facts.did(act, member_id=member_id)
        unknown = list(dict.fromkeys(member_id for member_id, _ in acts if member_id not in known))
        return sum(member_id in known for member_id, _ in acts), unknown


def _checked(told: ToldAct, path: str, *, now: datetime) -> Act:
    check_id(told.member_id, "mem", field=f"{path}.member_id")
    if checked_act(told.name, f"{path}.name") in OWN_ACTS:
        raise InvalidField(f"{path}.name", f"{path}.name: {told.name} is recorded by the suite itself.")
    if told.at is None or told.at > now + _AHEAD:
        raise InvalidField(f"{path}.occurred_time", f"{path}.occurred_time must be told, and not lie ahead.")
    return Act(told.name, told.at, f"told/{line(told.key, f'{path}.key', least=1, most=100)}")


@dataclass(frozen=True, slots=True)
class RecordAnswer:
    """Notes a score that a member gave."""

    facts: MemberFacts

    def __call__(self, answer: Answer, *, member_id: str) -> None:
        """Note it; an answer of nobody on record is left out."""
        if member_id:
            self.facts.answered(answer, member_id=member_id)


@dataclass(frozen=True, slots=True)
class NoteContract:
    """Notes where a contract stands with everybody of its customer."""

    contracts: HeldContracts
    facts: MemberFacts
    merged: MergedCustomers

    def __call__(self, news: ContractNews) -> None:
        """Note the news; they may come in any order, and twice."""
        for survivor in survivors(self.merged, news.customer_id):
            if held := self.contracts.heard(replace(news, customer_id=survivor)):
                self.facts.hold(held)


@dataclass(frozen=True, slots=True)
class NoteRenewal:
    """Notes with everybody of a customer that the renewal of a contract's term is won or lost."""

    contracts: HeldContracts
    facts: MemberFacts
    merged: MergedCustomers

    def __call__(self, news: RenewalNews) -> None:
        """Note the news; they may come in any order, and twice."""
        for survivor in survivors(self.merged, news.customer_id):
            if held := self.contracts.settled(replace(news, customer_id=survivor)):
                self.facts.hold(held)


@dataclass(frozen=True, slots=True)
class NoteWarranty:
    """Notes with everybody of a customer until when a delivered item is under warranty."""

    warranties: HeldWarranties
    facts: MemberFacts
    merged: MergedCustomers

    def __call__(self, news: HeldWarranty) -> None:
        """Note the news; they may come in any order, and twice."""
        for survivor in survivors(self.merged, news.customer_id):
            self.facts.warrant(self.warranties.heard(replace(news, customer_id=survivor)))


@dataclass(frozen=True, slots=True)
class NoteValue:
    """Notes with everybody of a customer what it is worth; nobody belongs to a doublet, so its value is nobody's."""

    values: HeldValues
    facts: MemberFacts

    def __call__(self, value: HeldValue) -> None:
        """Note the news; they may come in any order, and twice."""
        self.facts.appraise(self.values.heard(value))


@dataclass(frozen=True, slots=True)
class MoveContracts:
    """A customer was merged: what members hold follows."""

    contracts: HeldContracts
    warranties: HeldWarranties
    facts: MemberFacts
    merged: MergedCustomers

    def __call__(self, customer_id: str) -> None:
        """Give the doublet's contracts and warranties to the customer that stays."""
        place = customer_id
        for survivor in survivors(self.merged, customer_id):
            if survivor == place:
                continue
            for held in self.contracts.move(place, into_id=survivor):
                self.facts.hold(held)
            for warranty in self.warranties.move(place, into_id=survivor):
                self.facts.warrant(warranty)
            place = survivor


@dataclass(frozen=True, slots=True)
class LinkContracts:
    """Gives members who came to a customer, or left one, what the customer they belong to now holds.

    Who came with the id of a customer that was merged before belongs to the one that stays, and is looked at again.
    """

    relink: RelinkCustomer
    follow_value: FollowValue
    contracts: HeldContracts
    warranties: HeldWarranties
    values: HeldValues
    facts: MemberFacts
    cursor: LinkCursor

    def __call__(self, leading: Callable[[], bool]) -> int:
        """Look at everybody who was changed since the last time; return how much was given or taken."""
        done, place = 0, Changed(self.cursor.get() - _OVERLAP)
        while leading() and (found := self.facts.changed_since(place, most=_BATCH)):
            done += self.facts.drop_strange([each.member_id for each in found])
            customers = sorted({each.customer_id for each in found if each.customer_id})
            for gone in self.relink.merged.among(customers):
                self.relink.move(gone)
            held, warranties = self.contracts.of_customers(customers), self.warranties.of_customers(customers)
            for contract in held:
                self.facts.hold(contract)
            for warranty in warranties:
                self.facts.warrant(warranty)
            values = self.values.of_customers(customers)
            for value in values:
                self.facts.appraise(value)
            self.follow_value({each.member_id: each.customer_id for each in found}, values)
            done, place = done + len(held) + len(warranties) + len(values), found[-1]
            self.cursor.advance(place.at)
        return done
