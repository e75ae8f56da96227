"""Notes with members what events say of them, for the rules of segments."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from services.care.domain.segments.facts import Act, Answer, ContractNews
from services.care.ports.members import MergedCustomers
from services.care.ports.segments import Changed, HeldContracts, LinkCursor, MemberFacts

_BATCH = 500
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
            self.facts.customer_did(act, customer_id=self.merged.survivor_of(customer_id))


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
        customer_id = self.merged.survivor_of(news.customer_id)
        held = self.contracts.heard(replace(news, customer_id=customer_id))
        if held:
            self.facts.hold(held)


@dataclass(frozen=True, slots=True)
class MoveContracts:
    """A customer was merged: what members hold follows."""

    contracts: HeldContracts
    facts: MemberFacts
    merged: MergedCustomers

    def __call__(self, customer_id: str) -> None:
        """Give the doublet's contracts to the customer that stays."""
        survivor = self.merged.survivor_of(customer_id)
        for held in self.contracts.move(customer_id, into_id=survivor) if survivor != customer_id else ():
            self.facts.hold(held)


@dataclass(frozen=True, slots=True)
class LinkContracts:
    """Gives members who came to a customer, or left one, the contracts of the customer they belong to now."""

    contracts: HeldContracts
    facts: MemberFacts
    cursor: LinkCursor

    def __call__(self, leading: Callable[[], bool]) -> int:
        """Look at everybody who was changed since the last time; return how many contracts were given or taken."""
        done, place = 0, Changed(self.cursor.get() - _OVERLAP)
        while leading() and (found := self.facts.changed_since(place, most=_BATCH)):
            done += self.facts.drop_strange([each.member_id for each in found])
            held = self.contracts.of_customers(sorted({each.customer_id for each in found if each.customer_id}))
            for contract in held:
                self.facts.hold(contract)
            done, place = done + len(held), found[-1]
            self.cursor.advance(place.at)
        return done
