"""What people do with a renewal while it is open: assign it, move it on, make a call, decide, lose it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from services.chassis.checks import civil_date, line, request_key, text
from services.chassis.clock import Clock
from services.chassis.errors import InvalidField
from services.chassis.ids import check_id, optional_id
from services.contracts.domain.life_cycle.contract import Contract
from services.contracts.domain.renewals.reminders import ReminderProof
from services.contracts.domain.renewals.renewal import Renewal
from services.contracts.domain.renewals.renewal_calls import Call, CallCategory, Decision
from services.contracts.domain.renewals.renewal_opening import RENEWABLE
from services.contracts.domain.renewals.renewal_settling import lost_for
from services.contracts.domain.renewals.renewal_stages import LostReason, RenewalStage
from services.contracts.domain.terms.money import Money, checked_price
from services.contracts.domain.terms.periods import local_day
from services.contracts.ports.renewals import Change, Outcomes, Renewals

MOST_NOTE, MOST_KEY, MOST_CHANNEL, MOST_RECIPIENT = 500, 100, 40, 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which renewal, by whom, and the guards against lost updates and repeats."""

    renewal_id: str
    by: str = ""
    etag: str = ""
    request_id: str = ""

    def checked_id(self) -> str:
        """Return the renewal's id, or refuse what is none."""
        return check_id(self.renewal_id, "ren", field="renewal_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class CallDetails:
    """What a person says, not yet checked."""

    category: CallCategory | None
    amount: Money | None = None
    close_date: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class WorkRenewal:
    """The verbs that change the renewal alone."""

    renewals: Renewals
    clock: Clock
    zone: str
    """IANA name: the company's, in which people count days."""

    def assign(self, asked: Asked, owner_id: str) -> Renewal:
        """Return it with another owner, or with none."""
        owner, now = optional_id(owner_id, "emp", field="owner_id"), self.clock.now()
        return self._change(asked, "assign", step=lambda renewal: renewal.assigned(owner, now=now))

    def advance(self, asked: Asked, stage: RenewalStage | None) -> Renewal:
        """Return it in another open stage."""
        if stage is None:
            raise InvalidField("stage", "stage is missing.")
        now = self.clock.now()
        return self._change(asked, "advance", step=lambda renewal: renewal.advanced(stage, now=now))

    def call(self, asked: Asked, details: CallDetails) -> Renewal:
        """Return it with the person's call."""
        if details.category is None:
            raise InvalidField("category", "category is missing.")
        category, note = details.category, text(details.note, "note", most=MOST_NOTE)
        close = civil_date(details.close_date, "close_date") if details.close_date else None
        now = self.clock.now()

        def step(renewal: Renewal) -> Renewal:
            amount = in_currency(details.amount, renewal.amount.currency_code) if details.amount else renewal.amount
            call = Call(
                category=category,
                amount=amount,
                close_date=close or renewal.term_end,
                note=note,
                called_by=asked.by,
                called_time=now,
            )
            return renewal.called(call, today=self._today(now), now=now)

        return self._change(asked, "call", step=step)

    def decide(self, asked: Asked, category: CallCategory | None, *, note: str) -> Renewal:
        """Return it with the leader's decision."""
        if category is None:
            raise InvalidField("category", "category is missing.")
        words, now = text(note, "note", most=MOST_NOTE, least=1), self.clock.now()

        def step(renewal: Renewal) -> Renewal:
            decision = Decision(
                category=category,
                note=words,
                likelihood=renewal.likelihood.score,
                decided_by=asked.by,
                decided_time=now,
            )
            return renewal.decided(decision, today=self._today(now), now=now)

        return self._change(asked, "decide", step=step)

    def remind(self, asked: Asked, *, key: str, sent_date: str, channel: str, recipient: str, note: str) -> Renewal:
        """Return it with the proof that the customer was reminded."""
        now = self.clock.now()
        sent = civil_date(sent_date, "sent_date")
        if sent > self._today(now):
            raise InvalidField("sent_date", "sent_date must not lie in the future.")
        proof = ReminderProof(
            key=line(key, "key", most=MOST_KEY, least=1),
            sent_date=sent,
            channel=line(channel, "channel", most=MOST_CHANNEL, least=1),
            recipient=line(recipient, "recipient", most=MOST_RECIPIENT),
            note=text(note, "note", most=MOST_NOTE),
            in_legal_window=False,
            recorded_by=asked.by,
            recorded_time=now,
        )
        return self._change(asked, "remind", step=lambda renewal: renewal.reminded(proof, now=now))

    def _today(self, now: datetime) -> date:
        return local_day(now, self.zone)

    def _change(self, asked: Asked, verb: str, *, step: Callable[[Renewal], Renewal]) -> Renewal:
        key = request_key(verb, asked.request_id)
        return self.renewals.change(asked.checked_id(), step, etag=asked.etag, request_key=key)


@dataclass(frozen=True, slots=True)
class LoseRenewal:
    """The customer does not go on: a contract that would go on by itself no longer does."""

    outcomes: Outcomes
    clock: Clock

    def __call__(self, asked: Asked, reason: LostReason | None, *, note: str) -> Renewal:
        """Return the renewal lost."""
        if reason is None:
            raise InvalidField("reason", "reason is missing.")
        words = text(note, "note", most=MOST_NOTE, least=int(reason is LostReason.OTHER))
        now = self.clock.now()

        def step(renewal: Renewal, contract: Contract) -> Change:
            lost = lost_for(renewal, reason, now=now, by=asked.by, note=words)
            ends = contract.state in RENEWABLE and contract.term_number == renewal.term_number
            return Change(lost, contract.renewal_cancelled(now) if ends else contract)

        key = request_key("lose", asked.request_id)
        return self.outcomes.store(asked.checked_id(), step, etag=asked.etag, request_key=key)


def in_currency(amount: Money, currency_code: str) -> Money:
    """Return the amount, or refuse with INVALID_FIELD one that is no price or in another currency."""
    checked = checked_price(amount, "amount")
    if checked.currency_code != currency_code:
        raise InvalidField("amount.currency_code", f"amount must be in {currency_code}.")
    return checked
