"""New prices for a contract in force: which lines get one, and the version of the terms that says so."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from services.chassis.errors import DomainError, Kind
from services.contracts.domain.billing.escalation import NewPrice, base_price, escalated, uplifted
from services.contracts.domain.billing.price_index import PriceIndex
from services.contracts.domain.billing.price_run import PriceItem, PriceRule, PriceRunKind, PriceSkip
from services.contracts.domain.life_cycle.contract import Contract
from services.contracts.domain.life_cycle.contract_states import Verb
from services.contracts.domain.life_cycle.said import contract_amended
from services.contracts.domain.terms.money import Money
from services.contracts.domain.terms.term_price import at_its_price
from services.contracts.domain.terms.terms import ContractLine, TermsVersion

_MARK, _UNMARK = "price run", "undo of price run"
_BY_INDEX = re.compile(r"\(idx_\w+ \d{4}-\d\d/\d{4}-\d\d\)")
"""How the formula of a renewal names its index."""
_AGREED = "→"
"""Behind it a renewal's reason has another amount, which people agreed on."""


class PriceChangedSincePreview(DomainError):
    """The contract is not what was looked through: somebody amended it meanwhile."""

    kind, reason = Kind.PRECONDITION, "PRICE_CHANGED_SINCE_PREVIEW"

    def __init__(self, contract_id: str) -> None:
        """Name the contract."""
        super().__init__(f"The prices of {contract_id} changed since the preview.", contract_id=contract_id)


class PriceNotUndoable(DomainError):
    """The contract was amended after the run."""

    kind, reason = Kind.PRECONDITION, "PRICE_NOT_UNDOABLE"

    def __init__(self, contract_id: str) -> None:
        """Name the contract."""
        super().__init__(f"{contract_id} was amended after the price run.", contract_id=contract_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Repricing:
    """One rule from one day on."""

    rule: PriceRule
    effective_date: date
    index: PriceIndex | None = None

    def preview(self, contract: Contract) -> tuple[list[PriceItem], list[PriceSkip]]:
        """Return the new prices, and what keeps its price and why; a line that has ended is never repriced."""
        terms = contract.terms_at(self.effective_date)
        if terms is None or not terms.start_date <= self.effective_date <= terms.end_date:
            return [], [PriceSkip(contract_id=contract.id, reason="OUTSIDE_TERM")]
        if any(each.effective_date > self.effective_date for each in contract.versions):
            return [], [PriceSkip(contract_id=contract.id, reason="AMENDED_LATER")]
        items: list[PriceItem] = []
        skips: list[PriceSkip] = []
        for line in terms.lines:
            try:
                found = self._price(contract, terms, line=line)
            except DomainError as error:
                found = error.code
            if isinstance(found, str):
                skips.append(PriceSkip(contract_id=contract.id, line_id=line.id, reason=found))
                continue
            items.append(_item(contract, line, found=found))
        return items, skips or ([] if terms.lines else [PriceSkip(contract_id=contract.id, reason="NO_LINES")])

    def _price(self, contract: Contract, terms: TermsVersion, *, line: ContractLine) -> NewPrice | str:
        if line.end_date and line.end_date < self.effective_date:
            return "LINE_ENDED"
        bounds = self.rule.bounds
        if self.rule.kind is PriceRunKind.UPLIFT:
            new = uplifted(line.price, bps=self.rule.uplift_bps, bounds=bounds)
        else:
            base = base_price(contract.versions, line.id, escalated_by=_by_run(contract))
            if self.index is None or base is None:
                return "NO_INDEX"
            lag = self.rule.lag_months
            new = escalated(
                base.price,
                base_value=self.index.at(base.effective_date, lag_months=lag).value,
                value=self.index.at(self.effective_date, lag_months=lag).value,
                in_force=line.price,
                bounds=bounds,
            )
        return "SAME_PRICE" if new.price == line.price else new


def reprice(
    contract: Contract, prices: Mapping[str, tuple[Money, Money]], *, on: date, mark: str, by: str, now: datetime
) -> Contract:
    """Return the contract with one more version in which the lines have their new prices from a day on.

    Done already under this mark, nothing changes. Refused with CONTRACT_TRANSITION_REFUSED and
    PRICE_CHANGED_SINCE_PREVIEW.
    """
    if any(each.reason == mark for each in contract.versions):
        return contract
    contract.refuse_unless(Verb.AMEND)
    terms = contract.terms_at(on)
    later = any(each.effective_date > on for each in contract.versions)
    held = {line.id: line.price for line in terms.lines} if terms else {}
    if terms is None or later or any(held.get(line_id) != old for line_id, (old, _) in prices.items()):
        raise PriceChangedSincePreview(contract.id)
    lines = tuple(replace(line, price=prices[line.id][1]) if line.id in prices else line for line in terms.lines)
    return _with(contract, replace(terms, lines=lines), on=on, mark=mark, by=by, now=now)


def unprice(contract: Contract, *, mark: str, unmark: str, by: str, now: datetime) -> Contract:
    """Return the contract with one more version that says what held before the one with the mark.

    What was billed meanwhile becomes a credit. Refused with PRICE_NOT_UNDOABLE where the contract was amended since,
    and CONTRACT_TRANSITION_REFUSED where it has ended.
    """
    made = next((each for each in contract.versions if each.reason == mark), None)
    if made is None or any(each.reason == unmark for each in contract.versions):
        return contract
    contract.refuse_unless(Verb.AMEND)
    if contract.versions[-1].number != made.number:
        raise PriceNotUndoable(contract.id)
    without = replace(contract, versions=contract.versions[:-1])
    before = without.terms_at(made.effective_date) or contract.versions[0]
    return _with(contract, before, on=made.effective_date, mark=unmark, by=by, now=now)


def mark_of(run_id: str, kind: PriceRunKind) -> str:
    """Return the reason of the versions that a run makes: by it they are found again."""
    return f"{_MARK} {run_id} ({kind.value})"


def unmark_of(run_id: str, kind: PriceRunKind) -> str:
    """Return the reason of the versions that undo a run."""
    return f"{_UNMARK} {run_id} ({kind.value})"


def made_by_index(contract: Contract) -> frozenset[int]:
    """Return the numbers of the versions whose prices nobody agreed on: a price run or a renewal made them by an index.

    The first version is agreed as it is, whatever it came from.
    """
    renewed = (
        each.number for each in contract.versions[1:] if _BY_INDEX.search(each.reason) and _AGREED not in each.reason
    )
    return _by_run(contract).union(renewed)


def _by_run(contract: Contract) -> frozenset[int]:
    ending = f"({PriceRunKind.INDEX.value})"
    marked = (each for each in contract.versions if each.reason.startswith((_MARK, _UNMARK)))
    return frozenset(each.number for each in marked if each.reason.endswith(ending))


def _item(contract: Contract, line: ContractLine, *, found: NewPrice) -> PriceItem:
    return PriceItem(
        contract_id=contract.id,
        line_id=line.id,
        description=line.description,
        old_price=line.price,
        new_price=found.price,
        formula=found.formula,
    )


def _with(contract: Contract, terms: TermsVersion, *, on: date, mark: str, by: str, now: datetime) -> Contract:
    """Add the version, at the price of its lines."""
    version = replace(
        terms,
        number=contract.versions[-1].number + 1,
        effective_date=on,
        recorded_time=now,
        recorded_by=by,
        reason=mark,
        text_sha256="",
    )
    priced = at_its_price(version, first=contract.versions[0].start_date)
    grown = replace(contract, versions=(*contract.versions, priced), update_time=now)
    return replace(grown, events=(contract_amended(grown, priced, now=now),))
