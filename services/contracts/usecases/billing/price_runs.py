"""Change many prices at once: preview, approve, apply, undo."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from services.chassis.checks import civil_date, line, request_key
from services.chassis.clock import Clock
from services.chassis.errors import DomainError, InvalidField, StaleVersion
from services.chassis.ids import check_id, new_id, optional_id
from services.contracts.domain.billing.billing_errors import PriceRunTooLarge
from services.contracts.domain.billing.price_run import (
    MOST_ITEMS,
    PriceItem,
    PriceOutcome,
    PriceRule,
    PriceRun,
    PriceRunKind,
    PriceSkip,
)
from services.contracts.domain.billing.repricing import Repricing, mark_of, reprice, unmark_of, unprice
from services.contracts.domain.life_cycle.contract import Contract
from services.contracts.ports.pricing import PricedContracts, PriceIndexes, PriceRuns

_BATCH, _MOST_NAMED, _MOST_NAME, _MOST_LAG = 200, 500, 200, 24
_LEAST_BPS, _MOST_BPS = -10_000, 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceRunOrder:
    """What somebody asks for, not yet checked."""

    name: str
    rule: PriceRule
    effective_date: str
    contract_ids: Sequence[str] = ()
    customer_id: str = ""


@dataclass(frozen=True, slots=True)
class CreatePriceRun:
    """Computes what a change of prices would do, and keeps it to be looked through."""

    runs: PriceRuns
    indexes: PriceIndexes
    contracts: PricedContracts
    clock: Clock

    def __call__(self, order: PriceRunOrder, *, by: str, request_id: str) -> PriceRun:
        """Return the run as stored; no price changes."""
        name, rule = line(order.name, "name", most=_MOST_NAME, least=1), _checked(order.rule)
        effective = civil_date(order.effective_date, "effective_date")
        index = self.indexes.get(rule.index_id) if rule.kind is PriceRunKind.INDEX else None
        items, skips = self._previewed(order, Repricing(rule=rule, effective_date=effective, index=index))
        now = self.clock.now()
        run = PriceRun(
            id=new_id("esc", now),
            name=name,
            rule=rule,
            effective_date=effective,
            items=tuple(items),
            skips=tuple(skips),
            author=by,
            create_time=now,
            update_time=now,
        )
        return self.runs.add(run, request_key=request_key("create_price_run", request_id))

    def _previewed(self, order: PriceRunOrder, repricing: Repricing) -> tuple[list[PriceItem], list[PriceSkip]]:
        items: list[PriceItem] = []
        skips: list[PriceSkip] = []
        absent = dict.fromkeys(order.contract_ids)
        for contract in self._chosen(order):
            absent.pop(contract.id, None)
            new, kept = repricing.preview(contract)
            items += new
            skips += kept
            if len(items) + len(skips) > MOST_ITEMS:
                raise PriceRunTooLarge(most=MOST_ITEMS)
        skips += [PriceSkip(contract_id=each, reason="NOT_IN_FORCE") for each in absent]
        return items, skips

    def _chosen(self, order: PriceRunOrder) -> Iterator[Contract]:
        ids = [check_id(each, "con", field="contract_ids") for each in order.contract_ids]
        if len(ids) > _MOST_NAMED:
            raise InvalidField("contract_ids", f"At most {_MOST_NAMED} contracts can be named.")
        customer_id, after = optional_id(order.customer_id, "cus", field="customer_id"), ""
        while True:
            found = self.contracts.in_force(ids, customer_id=customer_id, after=after, size=_BATCH)
            yield from found
            if len(found) < _BATCH:
                return
            after = found[-1].id


@dataclass(frozen=True, slots=True)
class ApprovePriceRun:
    """Previewed to approved, by a second person."""

    runs: PriceRuns
    clock: Clock

    def __call__(self, price_run_id: str, *, by: str, etag: str, request_id: str) -> PriceRun:
        """Return the approved run."""
        return self.runs.change(
            check_id(price_run_id, "esc", field="price_run_id"),
            lambda run: run.approve(by=by, now=self.clock.now()),
            etag=etag,
            request_key=request_key("approve_price_run", request_id),
        )


@dataclass(frozen=True, slots=True)
class ApplyPriceRun:
    """Approved to applied. A crash in the middle is made good by a repeat: no contract is repriced twice."""

    runs: PriceRuns
    contracts: PricedContracts
    clock: Clock

    def __call__(self, price_run_id: str, *, by: str, etag: str, request_id: str) -> PriceRun:
        """Return the run with what came of each contract; one that refuses does not hold up the others."""
        run = self.runs.get(check_id(price_run_id, "esc", field="price_run_id"))
        key = request_key("apply_price_run", request_id)
        outcomes: tuple[PriceOutcome, ...] = ()
        if _may(run, "apply", etag=etag, clock=self.clock):
            mark = mark_of(run.id, run.rule.kind)
            outcomes = tuple(
                self._outcome(contract_id, self._step(run, contract_id, mark=mark, by=by), mark=mark)
                for contract_id in run.contract_ids
            )
        return self.runs.change(
            run.id, lambda found: found.applied(outcomes, now=self.clock.now()), etag=etag, request_key=key
        )

    def _step(self, run: PriceRun, contract_id: str, *, mark: str, by: str) -> Callable[[Contract], Contract]:
        prices, day = run.prices_of(contract_id), run.effective_date
        return lambda contract: reprice(contract, prices, on=day, mark=mark, by=by, now=self.clock.now())

    def _outcome(self, contract_id: str, step: Callable[[Contract], Contract], *, mark: str) -> PriceOutcome:
        return _outcome(self.contracts, contract_id, step=step, mark=mark)


@dataclass(frozen=True, slots=True)
class UndoPriceRun:
    """Applied to undone; what was applied stays on record, and one more version takes it back."""

    runs: PriceRuns
    contracts: PricedContracts
    clock: Clock

    def __call__(self, price_run_id: str, *, by: str, etag: str, request_id: str) -> PriceRun:
        """Return the run with what came of each contract that it had repriced."""
        run = self.runs.get(check_id(price_run_id, "esc", field="price_run_id"))
        key = request_key("undo_price_run", request_id)
        outcomes: tuple[PriceOutcome, ...] = ()
        if _may(run, "undo", etag=etag, clock=self.clock):
            mark, unmark = mark_of(run.id, run.rule.kind), unmark_of(run.id, run.rule.kind)
            outcomes = tuple(
                each
                if each.problem
                else _outcome(
                    self.contracts,
                    each.contract_id,
                    step=partial(self._back, mark=mark, unmark=unmark, by=by),
                    mark=unmark,
                )
                for each in run.outcomes
            )
        return self.runs.change(
            run.id, lambda found: found.undone(outcomes, now=self.clock.now()), etag=etag, request_key=key
        )

    def _back(self, contract: Contract, *, mark: str, unmark: str, by: str) -> Contract:
        return unprice(contract, mark=mark, unmark=unmark, by=by, now=self.clock.now())


def _may(run: PriceRun, verb: str, *, etag: str, clock: Clock) -> bool:
    """Say whether the verb is allowed; if not, the store refuses it, or knows the request as a repeat."""
    try:
        run.moved(verb, now=clock.now())
    except DomainError:
        return False
    if etag and etag != str(run.version):
        raise StaleVersion("price_run", run.id)
    return True


def _outcome(
    contracts: PricedContracts, contract_id: str, *, step: Callable[[Contract], Contract], mark: str
) -> PriceOutcome:
    try:
        changed = contracts.change(contract_id, step)
    except DomainError as error:
        return PriceOutcome(contract_id=contract_id, problem=error.code)
    number = next((each.number for each in changed.versions if each.reason == mark), 0)
    return PriceOutcome(contract_id=contract_id, terms_number=number)


def _checked(rule: PriceRule) -> PriceRule:
    if not 0 <= rule.lag_months <= _MOST_LAG:
        raise InvalidField("rule.lag_months", f"rule.lag_months must be 0 to {_MOST_LAG}.")
    for name, value in (
        ("uplift_bps", rule.uplift_bps),
        ("floor_bps", rule.bounds.floor_bps),
        ("cap_bps", rule.bounds.cap_bps),
    ):
        if value is not None and not _LEAST_BPS <= value <= _MOST_BPS:
            raise InvalidField(f"rule.{name}", f"rule.{name} must be {_LEAST_BPS} to {_MOST_BPS}.")
    floor, cap = rule.bounds.floor_bps, rule.bounds.cap_bps
    if floor is not None and cap is not None and floor > cap:
        raise InvalidField("rule.floor_bps", "rule.floor_bps must not be above rule.cap_bps.")
    if not 1 <= rule.bounds.round_to <= _MOST_BPS * 100:
        raise InvalidField("rule.round_to", "rule.round_to must be 1 to 10,000,000.")
    if rule.kind is PriceRunKind.INDEX:
        check_id(rule.index_id, "idx", field="rule.index_id")
    return rule
