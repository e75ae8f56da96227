"""Say what a cancellation would bring about, and record one."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from services.chassis.checks import civil_date, request_key, text
from services.chassis.clock import Clock
from services.chassis.errors import InvalidField
from services.chassis.ids import check_id
from services.contracts.domain.life_cycle.cancel_contract import Leaving, leaving
from services.contracts.domain.life_cycle.contract import Contract
from services.contracts.domain.renewals.cancellation import Cancellation, CancellationVerdict
from services.contracts.domain.renewals.renewal import Outcome, Renewal
from services.contracts.domain.renewals.renewal_opening import RENEWABLE, refuse_unless_renewable, renewal_id
from services.contracts.domain.renewals.renewal_settling import won_by_itself
from services.contracts.domain.renewals.renewal_stages import LostReason
from services.contracts.ports.renewals import Change, Outcomes, RenewableContracts, Renewals
from services.contracts.usecases.renewals.open_renewals import NO_QUOTES, Prepare
from services.contracts.usecases.renewals.work_renewal import MOST_NOTE

_MOST_RENEWALS = 100


@dataclass(frozen=True, slots=True)
class CheckCancellation:
    """Judges without changing anything."""

    contracts: RenewableContracts
    renewals: Renewals
    prepare: Prepare
    clock: Clock

    def __call__(self, contract_id: str, received_date: str) -> tuple[Cancellation, date]:
        """Return the verdict and the last day on which a cancellation is in time."""
        now = self.clock.now()
        contract = self.contracts.get(check_id(contract_id, "con", field="contract_id"))
        refuse_unless_renewable(contract)
        received = civil_date(received_date, "received_date") if received_date else contract.today(now)
        found = self.leaving(contract, received, note="", by="", now=now)
        return replace(found.verdict, recorded_time=None), found.notice_date

    def leaving(self, contract: Contract, received: date, *, note: str, by: str, now: datetime) -> Leaving:
        """Return what a cancellation does."""
        renewals = self.renewals.of_contracts([contract.id], most=_MOST_RENEWALS).get(contract.id, ())
        quotes = self.prepare.prices.quotes([contract]).get(contract.id, NO_QUOTES)
        return leaving(contract, received, renewals=renewals, quotes=quotes, note=note, by=by, now=now)


@dataclass(frozen=True, slots=True)
class RecordCancellation:
    """Records what the customer said on the renewal of the term, and ends the contract when that follows."""

    check: CheckCancellation
    outcomes: Outcomes

    def __call__(self, contract_id: str, received_date: str, *, note: str, by: str, request_id: str) -> Renewal:
        """Return the renewal of the term in which the customer said so; it is opened where it was not."""
        key = request_key("cancel", request_id)
        words, now = text(note, "note", most=MOST_NOTE), self.check.clock.now()
        contract = self.check.contracts.get(check_id(contract_id, "con", field="contract_id"))
        received = civil_date(received_date, "received_date") if received_date else contract.today(now)
        if received > contract.today(now):
            raise InvalidField("received_date", "received_date must not lie in the future.")
        renewal = self._renewal(contract, received, by=by, now=now)

        def step(renewal: Renewal, contract: Contract) -> Change:
            refuse_unless_renewable(contract)
            found = self.check.leaving(contract, received, note=words, by=by, now=now)
            return Change(_told(renewal, found, by=by, now=now), found.contract)

        return self.outcomes.store(renewal, step, request_key=key)

    def _renewal(self, contract: Contract, received: date, *, by: str, now: datetime) -> str:
        """Return the id of the renewal of the term in which it was said; one that is missing is opened."""
        if contract.state in RENEWABLE and not contract.termination and not contract.successor_id:
            number = self.check.leaving(contract, received, note="", by=by, now=now).term_number
        else:
            number = contract.term_number
        found = renewal_id(contract.id, number)
        if not self.check.renewals.batch_get([found]):
            refuse_unless_renewable(contract)
            self.check.renewals.add(self.check.prepare([contract], now=now).renewal(contract))
        return found


def _told(renewal: Renewal, found: Leaving, *, by: str, now: datetime) -> Renewal:
    told = renewal.cancelled(found.verdict, now=now)
    if found.verdict.verdict is CancellationVerdict.TOO_LATE:
        return won_by_itself(told, found.contract.price, now=now) if told.open else told
    outcome = Outcome(
        by=by, time=now, lost_reason=LostReason.CANCELLED, note=found.verdict.note, amount=renewal.due_amount
    )
    return told.lost(outcome) if told.open else told.taken_back(outcome)
