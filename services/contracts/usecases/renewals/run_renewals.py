"""What the leader does about terms that end: opens renewals, lets contracts go on, and closes what has an outcome."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TypeVar

from services.chassis import logs
from services.chassis.clock import Clock
from services.chassis.errors import DomainError
from services.contracts.domain.life_cycle.contract import JOBS, Contract
from services.contracts.domain.renewals.next_term import renewal_rule
from services.contracts.domain.renewals.renewal import Renewal
from services.contracts.domain.renewals.renewal_opening import RENEWABLE, notice_date_of, opening_date, renewal_id
from services.contracts.domain.renewals.renewal_settling import lost_for, settled, won_by_itself
from services.contracts.domain.renewals.renewal_stages import LostReason
from services.contracts.domain.terms.notice import last_cancellation_date
from services.contracts.domain.terms.terms import PriceChange, RenewalKind
from services.contracts.ports.renewals import Broken, Ending, RenewableContracts, Renewals, StuckRenewals
from services.contracts.usecases.renewals.open_renewals import Preparation, Prepare

BATCH = 500
_TOMORROW = timedelta(days=1)
"""In no zone is it a later day than tomorrow in UTC."""
_LONGEST_NOTICE = timedelta(days=1_100)
_MOST_TERMS = 60
"""A contract goes on for at most so many terms in one run: five years of months after an outage."""
_LOOKED_UP = {PriceChange.LIST, PriceChange.INDEX}
_log = logs.get("contracts.renewals")

Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class RunRenewals:
    """Repeating it, or killing it anywhere, changes nothing in the outcome.

    A renewal's id follows from its term, and a contract is changed only as it was read. The contract goes on first and
    its renewal is closed after; whatever was interrupted between is found by where the contract stands.
    """

    contracts: RenewableContracts
    renewals: Renewals
    prepare: Prepare
    stuck: StuckRenewals
    clock: Clock
    lead_days: int
    grace_days: int

    def __call__(self, *, holds: Callable[[], bool]) -> int:
        """Do what is due and return how many renewals were opened or closed and contracts went on."""
        today = self.clock.now().date() + _TOMORROW
        through = today + timedelta(days=self.lead_days)
        done = 0
        for batch in self.contracts.ending(through, long_notice_through=through + _LONGEST_NOTICE, size=BATCH):
            if not holds():
                return done
            done += self._batch(batch, today)
        for renewals in self.renewals.open_binding(today, size=BATCH):
            if not holds():
                return done
            done += self.settle(renewals)
        return done

    def settle(self, renewals: Sequence[Renewal]) -> int:
        """Close those whose contract shows an outcome."""
        now = self.clock.now()
        standing = self.contracts.standing([renewal.contract_id for renewal in renewals])
        changes = []
        for renewal in renewals:
            at = standing.get(renewal.contract_id)
            if at is None or not renewal.open:
                continue
            new = settled(
                renewal,
                state=at.state,
                term_number=at.term_number,
                successor_id=at.successor_id,
                cancelled=at.cancelled,
                price=at.price,
                grace_days=self.grace_days,
                today=now.date(),
                now=now,
            )
            if new is not renewal:
                changes.append((renewal, new))
        return self.renewals.change_many(changes)

    def _batch(self, batch: Sequence[Ending | Broken], today: date) -> int:
        now = self.clock.now()
        sound = [each for each in batch if isinstance(each, Ending)]
        self._give_up(each for each in batch if isinstance(each, Broken))
        known = self.renewals.known([renewal_id(each.contract_id, each.term_number) for each in sound])
        wanted = [each.contract_id for each in sound if self._may_be_due(each, today, known=known)]
        read = self.contracts.read(wanted) if wanted else ()
        self._give_up(each for each in read if isinstance(each, Broken))
        contracts = [each for each in read if isinstance(each, Contract) and each.state in RENEWABLE]
        return self._prepared(contracts, known, now=now) if contracts else 0

    def _prepared(self, contracts: Sequence[Contract], known: Collection[str], *, now: datetime) -> int:
        opening = [each for each in contracts if renewal_id(each.id, each.term_number) not in known]
        try:
            ready = self.prepare(contracts, now=now, opening=opening)
        except Exception as error:  # noqa: BLE001  # a price list or an index that is broken concerns who goes by it
            if len(contracts) == 1:
                self._give_up([Broken(contracts[0].id, error)])
                return 0
            return sum(self._prepared([each], known, now=now) for each in contracts)
        opened = self._each(opening, lambda contract: self._opened(contract, ready))
        done = self.renewals.add_many([renewal for _, renewal in opened if renewal])
        grown = self._each(contracts, lambda contract: self._grown(contract, ready))
        failed = {each.id for each in opening} - {each.id for each, _ in opened}
        self.stuck.forget([each.id for each, _ in grown if each.id not in failed])
        return done + self._go_on([(old, new) for old, new in grown if new is not None], now)

    def _may_be_due(self, ending: Ending, today: date, *, known: Collection[str]) -> bool:
        notice = min(
            (last_cancellation_date(ending.end_date, each) for each in ending.notices), default=ending.end_date
        )
        if ending.kind is not RenewalKind.OFFER and notice < today:
            return True
        is_open = renewal_id(ending.contract_id, ending.term_number) in known
        return (
            not is_open
            and ending.kind is not RenewalKind.EVERGREEN
            and opening_date(ending.end_date, notice, lead_days=self.lead_days) <= today
        )

    def _opened(self, contract: Contract, ready: Preparation) -> Renewal | None:
        opens = opening_date(contract.end_date, notice_date_of(contract), lead_days=self.lead_days)
        if contract.termination or contract.successor_id or contract.today(ready.now) < opens:
            return None
        if renewal_rule(contract).kind is RenewalKind.EVERGREEN:
            return None
        renewal = ready.renewal(contract)
        return lost_for(renewal, LostReason.CANCELLED, now=ready.now) if contract.renewal_cancelled_time else renewal

    def _grown(self, contract: Contract, ready: Preparation) -> Contract | None:
        """Return the contract gone on for every term that became binding, or None."""
        today, grown, events = contract.today(ready.now), contract, list[object]()
        most = 1 if contract.renewal.price_change in _LOOKED_UP else _MOST_TERMS
        while len(events) < most and _goes_on(grown, today):
            grown = grown.extended(ready.next_term(grown).terms, now=ready.now, by=JOBS)
            events += grown.events
        if len(events) > 1:
            return replace(grown, events=tuple(events))
        return grown if events else None

    def _go_on(self, changes: Sequence[tuple[Contract, Contract]], now: datetime) -> int:
        if not changes:
            return 0
        late = self._stored(changes)
        stored = [(old, new) for old, new in changes if old.id not in late]
        prices = {renewal_id(old.id, old.term_number): new.versions[len(old.versions)].price for old, new in stored}
        renewals = [each for each in self.renewals.batch_get(list(prices)) if each.open] if prices else []
        self.renewals.change_many([(each, won_by_itself(each, prices[each.id], now=now)) for each in renewals])
        return len(stored)

    def _stored(self, changes: Sequence[tuple[Contract, Contract]]) -> set[str]:
        """Store what can be stored and return the ids of the others."""
        try:
            return set(self.contracts.change_many(changes))
        except Exception as error:  # noqa: BLE001  # one that cannot be written must not stop the batch
            if len(changes) == 1:
                self._give_up([Broken(changes[0][0].id, error)])
                return {changes[0][0].id}
        return {contract_id for change in changes for contract_id in self._stored([change])}

    def _each(
        self, contracts: Sequence[Contract], step: Callable[[Contract], Made | None]
    ) -> list[tuple[Contract, Made | None]]:
        """Take the step for each; one that fails is kept aside with its reason."""
        made: list[tuple[Contract, Made | None]] = []
        for contract in contracts:
            try:
                made.append((contract, step(contract)))
            except Exception as error:  # noqa: BLE001  # one bad contract must not stop the others
                self._give_up([Broken(contract.id, error)])
        return made

    def _give_up(self, broken: Iterable[Broken]) -> None:
        for each in broken:
            reason = each.error.code if isinstance(each.error, DomainError) else type(each.error).__name__
            _log.warning("renewal_stuck", contract_id=each.contract_id, reason=reason)
            self.stuck.keep(each.contract_id, reason=reason, message=str(each.error), now=self.clock.now())


def _goes_on(contract: Contract, today: date) -> bool:
    ends = contract.renewal_cancelled_time or contract.termination or contract.successor_id
    if ends or renewal_rule(contract).kind is RenewalKind.OFFER:
        return False
    return notice_date_of(contract) < today
