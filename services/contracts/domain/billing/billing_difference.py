"""What must be written so that a stored schedule says what is owed; what is billed already is never touched."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from services.chassis.ids import derived_id
from services.contracts.domain.billing.billing_line import BillingKey, BillingLine, BillingLineKind
from services.contracts.domain.billing.billing_plan import Charge
from services.contracts.domain.life_cycle.contract import Contract
from services.contracts.domain.terms.money import Money, total
from services.contracts.domain.terms.periods import starts_at


@dataclass(slots=True)
class Difference:
    """Lines to store, pairs of a line and what takes its place, and lines to remove."""

    add: list[BillingLine] = field(default_factory=list)
    change: list[tuple[BillingLine, BillingLine]] = field(default_factory=list)
    remove: list[BillingLine] = field(default_factory=list)

    def __len__(self) -> int:
        """Return how many writes it is."""
        return len(self.add) + len(self.change) + len(self.remove)

    def earliest(self, most: int) -> "Difference":
        """Return the part that is due first; what is left over is found by the next run."""
        if len(self) <= most:
            return self
        kept = Difference(sorted(self.add, key=lambda line: (line.due_date, line.id))[:most])
        kept.change = self.change[: most - len(kept.add)]
        kept.remove = self.remove[: most - len(kept.add) - len(kept.change)]
        return kept


def difference(
    contract: Contract, owed: Mapping[BillingKey, Charge], *, stored: Sequence[BillingLine], now: datetime
) -> Difference:
    """Return what to write. Once it is written, the difference is empty: that makes a repeat harmless."""
    found = Difference()
    by_key: dict[BillingKey, list[BillingLine]] = defaultdict(list)
    for line in stored:
        by_key[line.key].append(line)
    for key in owed.keys() | by_key.keys():
        _compare(contract, owed.get(key), lines=by_key.get(key, []), found=found, now=now)
    return found


def settled(lines: Iterable[BillingLine], *, now: datetime) -> list[tuple[BillingLine, BillingLine]]:
    """Return the billed lines of one key, paired with what they become, where billed credits took all of them back."""
    billed = [line for line in lines if line.billed]
    if len(billed) < 2 or _sum(billed).minor_units:  # noqa: PLR2004  # a line and what takes it back
        return []
    return [(line, line.taken_back(now)) for line in billed if not line.credited_time]


def _compare(
    contract: Contract, charge: Charge | None, *, lines: list[BillingLine], found: Difference, now: datetime
) -> None:
    billed = [line for line in lines if line.billed]
    current = next((line for line in lines if not line.billed), None)
    if billed:
        wanted = _correction(contract, charge, billed=billed, current=current, now=now)
        found.change.extend(settled(billed, now=now))
    else:
        wanted = _line(contract, charge, ordinal=0, now=now) if charge and charge.amount.minor_units else None
    if current is None:
        found.add.extend([wanted] if wanted else [])
    elif wanted is None:
        _withdraw(current, found, now=now)
    elif changed := _changed(current, wanted):
        found.change.append((current, changed))


def _correction(
    contract: Contract,
    charge: Charge | None,
    *,
    billed: Sequence[BillingLine],
    current: BillingLine | None,
    now: datetime,
) -> BillingLine | None:
    already = _sum(billed)
    wanted = charge.amount if charge else Money(already.currency_code, 0)
    missing = wanted - already
    if not missing.minor_units:
        return None
    due = current.due_date if current else contract.today(now)
    basis = charge or _nothing(billed[-1], contract)
    line = _line(contract, basis, ordinal=len(billed), now=now)
    return replace(
        line,
        kind=BillingLineKind.ADJUSTMENT if missing.minor_units > 0 else BillingLineKind.CREDIT,
        amount=missing,
        formula=f"({basis.formula}) − {already} = {missing}",
        due_date=due,
        due_time=starts_at(due, contract.time_zone),
    )


def _line(contract: Contract, charge: Charge, *, ordinal: int, now: datetime) -> BillingLine:
    key = charge.key
    return BillingLine(
        id=derived_id(
            "bil", contract.id, key.line_id, key.period_start.isoformat(), key.period_end.isoformat(), str(ordinal)
        ),
        contract_id=contract.id,
        customer_id=contract.customer_id,
        line_id=key.line_id,
        period_start=key.period_start,
        period_end=key.period_end,
        ordinal=ordinal,
        kind=BillingLineKind.CHARGE,
        description=charge.description,
        start_date=charge.start_date,
        end_date=charge.end_date,
        due_date=charge.due_date,
        due_time=starts_at(charge.due_date, contract.time_zone),
        amount=charge.amount,
        formula=charge.formula,
        terms_number=charge.terms_number,
        create_time=now,
        update_time=now,
    )


def _nothing(line: BillingLine, contract: Contract) -> Charge:
    """A period that costs nothing any more."""
    zero = Money(line.amount.currency_code, 0)
    return Charge(
        key=line.key,
        description=line.description,
        start_date=line.start_date,
        end_date=line.end_date,
        due_date=line.due_date,
        amount=zero,
        formula=str(zero),
        terms_number=contract.versions[-1].number,
    )


def _changed(current: BillingLine, wanted: BillingLine) -> BillingLine | None:
    """Return the stored line as it must be, or None where it says the same; what was handed over goes out anew."""
    same = replace(
        wanted,
        version=current.version,
        delivery_id=current.delivery_id,
        create_time=current.create_time,
        update_time=current.update_time,
    )
    return None if same == current else replace(same, delivery_id="", update_time=wanted.update_time)


def _withdraw(current: BillingLine, found: Difference, *, now: datetime) -> None:
    """Accounting must hear that a line is gone which it was handed; one that it never saw just goes."""
    if not current.delivery_id and not current.credited_time:
        found.remove.append(current)
    elif not current.credited_time:
        nothing = Money(current.amount.currency_code, 0)
        gone = replace(current.taken_back(now), amount=nothing, formula=str(nothing), delivery_id="")
        found.change.append((current, gone))


def _sum(lines: Sequence[BillingLine]) -> Money:
    return total((line.amount for line in lines), lines[0].amount.currency_code)
