"""What the law asks before a contract goes on by itself: one row for each jurisdiction and kind of customer."""

from dataclasses import dataclass
from enum import StrEnum

from services.contracts.domain.terms.terms import Period, PeriodUnit


class CountedFrom(StrEnum):
    """The day from which a legal window is counted back."""

    NOTICE_DATE = "notice_date"
    """The last day on which a cancellation is in time."""
    RENEWAL_DATE = "renewal_date"
    """The first day of the next term."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticePolicy:
    """Between which days a reminder must be sent, and what follows if none was."""

    jurisdiction: str
    """ISO 3166-1 code, or ISO 3166-2 where a part of a country has its own law. Empty: everywhere else."""
    consumer: bool
    earliest: Period | None = None
    """How long before, at the earliest. None: no bound."""
    latest: Period | None = None
    """How long before, at the latest. None: the law asks for no reminder."""
    counted_from: CountedFrom = CountedFrom.RENEWAL_DATE
    least_term_months: int = 0
    """The law speaks of terms of at least so many months."""
    leave_any_time_if_missed: bool = False
    """Without a reminder in the window the customer may leave at any time after the contract went on."""
    open_ended_only: bool = False
    """A contract may go on by itself only without an end, with at most one month's notice."""
    source: str = ""


_MONTHS_3, _MONTH = Period(PeriodUnit.MONTH, 3), Period(PeriodUnit.MONTH, 1)
OPEN_ENDED_NOTICE = _MONTH
"""The longest notice where only an open end is allowed."""


def _days(count: int) -> Period:
    return Period(PeriodUnit.DAY, count)


POLICIES: tuple[NoticePolicy, ...] = (
    # State Administration for Market Regulation, order 37 (2021), article 18: five days before an automatic
    # extension the consumer is reminded conspicuously; the order of 2024 for the consumer law (article 10) repeats it.
    NoticePolicy(jurisdiction="CN", consumer=True, latest=_days(5), source="SAMR Order 37/2021, Art. 18"),
    # Code de la consommation, article L215-1: at the earliest three months, at the latest one month before the end of
    # the period in which the extension can be refused; else the consumer may leave at any time, free of charge.
    NoticePolicy(
        jurisdiction="FR",
        consumer=True,
        earliest=_MONTHS_3,
        latest=_MONTH,
        counted_from=CountedFrom.NOTICE_DATE,
        leave_any_time_if_missed=True,
        source="Code de la consommation, Art. L215-1",
    ),
    # Civil code, section 309 number 9 (b) as of 1 March 2022: a consumer's contract goes on by itself only without an
    # end, and can then be left with one month's notice.
    NoticePolicy(jurisdiction="DE", consumer=True, open_ended_only=True, source="BGB § 309 Nr. 9 b"),
    # Business and Professions Code, section 17602 (b) as of 1 July 2022: first term of a year or longer, 15 to 45 days
    # before the renewal.
    NoticePolicy(
        jurisdiction="US-CA",
        consumer=True,
        earliest=_days(45),
        latest=_days(15),
        least_term_months=12,
        source="Cal. Bus. & Prof. Code § 17602(b)",
    ),
    # General Obligations Law, section 5-903: contracts for service to real or personal property, businesses included;
    # 15 to 30 days before the time at which the customer must say that it leaves; else the clause is unenforceable.
    NoticePolicy(
        jurisdiction="US-NY",
        consumer=False,
        earliest=_days(30),
        latest=_days(15),
        counted_from=CountedFrom.NOTICE_DATE,
        leave_any_time_if_missed=True,
        source="N.Y. Gen. Oblig. Law § 5-903",
    ),
    NoticePolicy(
        jurisdiction="US-NY",
        consumer=True,
        earliest=_days(30),
        latest=_days(15),
        counted_from=CountedFrom.NOTICE_DATE,
        leave_any_time_if_missed=True,
        source="N.Y. Gen. Oblig. Law § 5-903",
    ),
)
_BY_KEY = {(policy.jurisdiction, policy.consumer): policy for policy in POLICIES}


def policy_of(jurisdiction: str, *, consumer: bool) -> NoticePolicy:
    """Return the row for a customer; where the table has none, that of the country, else one that asks nothing."""
    country = jurisdiction.partition("-")[0]
    for key in (jurisdiction, country):
        if found := _BY_KEY.get((key, consumer)):
            return found
    return NoticePolicy(jurisdiction="", consumer=consumer)
