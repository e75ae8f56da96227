"""What billing refuses, beside what every service refuses."""

from datetime import date

from services.chassis.errors import DomainError, Forbidden, Kind


class BillingLineNotDue(DomainError):
    """Only what is due can be billed."""

    kind, reason = Kind.PRECONDITION, "BILLING_LINE_NOT_DUE"

    def __init__(self, billing_line_id: str, *, state: str, due_date: str) -> None:
        """Name the line and where it stands."""
        super().__init__(
            f"The billing line {billing_line_id} is {state}, not due; its day is {due_date}.",
            billing_line_id=billing_line_id,
            state=state,
            due_date=due_date,
        )


class BillingLineBilled(DomainError):
    """It stands on another invoice already."""

    kind, reason = Kind.PRECONDITION, "BILLING_LINE_BILLED"

    def __init__(self, billing_line_id: str, *, invoice: str) -> None:
        """Name the line and the invoice it stands on."""
        super().__init__(
            f"The billing line {billing_line_id} stands on the invoice {invoice} already.",
            billing_line_id=billing_line_id,
            invoice=invoice,
        )


class ScheduleTooLong(DomainError):
    """A schedule of more lines than any contract needs: its terms hold a mistake."""

    kind, reason = Kind.PRECONDITION, "BILLING_SCHEDULE_TOO_LONG"

    def __init__(self, contract_id: str, *, most: int) -> None:
        """Name the contract and how many lines there may be."""
        super().__init__(
            f"The billing schedule of {contract_id} would have more than {most} lines.",
            contract_id=contract_id,
            most=str(most),
        )


class BillingParked(DomainError):
    """The billing of a contract cannot be computed until something changes."""

    kind, reason = Kind.PRECONDITION, "BILLING_PARKED"

    def __init__(self, contract_id: str, *, cause: str, message: str) -> None:
        """Name the contract and what went wrong."""
        super().__init__(
            f"The billing of {contract_id} cannot be computed: {message}", contract_id=contract_id, cause=cause
        )


class BillingNotParked(DomainError):
    """There is nothing to try again."""

    kind, reason = Kind.PRECONDITION, "BILLING_NOT_PARKED"

    def __init__(self, contract_id: str) -> None:
        """Name the contract."""
        super().__init__(f"The billing of {contract_id} is not parked.", contract_id=contract_id)


class ContractNotBillable(DomainError):
    """Nothing is billed before a contract is signed."""

    kind, reason = Kind.PRECONDITION, "CONTRACT_NOT_BILLABLE"

    def __init__(self, contract_id: str) -> None:
        """Name the contract."""
        super().__init__(f"The contract {contract_id} is not signed: nothing is billed.", contract_id=contract_id)


class IndexValueDefinitive(DomainError):
    """A definitive value of an index never changes."""

    kind, reason = Kind.PRECONDITION, "INDEX_VALUE_DEFINITIVE"

    def __init__(self, index_id: str, *, month: str, value: str) -> None:
        """Name the month and the value that stands."""
        super().__init__(f"The value {value} of {month} is definitive.", index_id=index_id, month=month, value=value)


class IndexMonthNotOver(DomainError):
    """Nobody knows the definitive value of a month that has not ended."""

    kind, reason = Kind.PRECONDITION, "INDEX_MONTH_NOT_OVER"

    def __init__(self, month: str, *, day: date, field: str) -> None:
        """Name the month and the day on which it was not over."""
        super().__init__(
            f"The month {month} is not over on {day}: until then its value is provisional.",
            field=field,
            month=month,
            day=day.isoformat(),
        )


class IndexValueMissing(DomainError):
    """The index has no published value for a month that a price depends on."""

    kind, reason = Kind.PRECONDITION, "INDEX_VALUE_MISSING"

    def __init__(self, index_id: str, *, month: str) -> None:
        """Name the month."""
        super().__init__(f"The index {index_id} has no value for {month}.", index_id=index_id, month=month)


class PriceRunTransitionRefused(DomainError):
    """The state of a price run does not allow the verb."""

    kind, reason = Kind.PRECONDITION, "PRICE_RUN_TRANSITION_REFUSED"

    def __init__(self, price_run_id: str, *, state: str, verb: str) -> None:
        """Name the run, where it stands and what was asked."""
        super().__init__(
            f"You cannot {verb} the price run {price_run_id}: it is {state}.",
            price_run_id=price_run_id,
            state=state,
            verb=verb,
        )


class PriceRunOwnWork(Forbidden):
    """Who prepared a price run does not approve it."""

    reason = "PRICE_RUN_OWN_WORK"

    def __init__(self, price_run_id: str) -> None:
        """Name the run."""
        super().__init__(
            f"Whoever prepared the price run {price_run_id} may not approve it.", price_run_id=price_run_id
        )


class PriceRunTooLarge(DomainError):
    """A run that reaches more contracts or lines than one person can look through."""

    kind, reason = Kind.PRECONDITION, "PRICE_RUN_TOO_LARGE"

    def __init__(self, *, most: int) -> None:
        """Name how many there may be."""
        super().__init__(f"A price run holds at most {most} lines; choose fewer contracts.", most=str(most))
