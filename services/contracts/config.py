"""The settings of the contracts service."""

from dataclasses import dataclass
from datetime import time
from pathlib import Path

from services.chassis import checks
from services.chassis.config import CommonSettings, setting
from services.contracts.domain.life_cycle.contract_states import Gate


def _zone(value: str) -> None:
    checks.zone(value, "the value")


def _positive(value: int) -> None:
    if value < 1:
        raise ValueError("must be at least 1")


def _not_negative(value: int) -> None:
    if value < 0:
        raise ValueError("must not be negative")


def _http(value: str) -> None:
    if not value.startswith(("http://", "https://")):
        raise ValueError("must begin with http:// or https://")


def _time_of_day(value: str) -> None:
    time.fromisoformat(value)


def gates(value: str) -> frozenset[Gate]:
    """Return the gates that a list such as `signature,payment` names. ValueError: one is none."""
    return frozenset(Gate(name) for name in names(value))


def names(value: str) -> tuple[str, ...]:
    """Return the distinct names of a list, in its order."""
    return tuple(dict.fromkeys(name.strip() for name in value.split(",") if name.strip()))


@dataclass(frozen=True, kw_only=True)
class Settings(CommonSettings):
    """What every role of this service reads."""

    contracts_database: str = setting("membercare_contracts", doc="name of the database")
    company_time_zone: str = setting(
        "Asia/Shanghai", doc="IANA zone in which days are counted where no customer's own zone is known", check=_zone
    )
    company_name: str = setting("", doc="the company's own name, as it stands on contracts; empty: the provider")
    activation_gates: str = setting(
        "signature,legal",
        doc="what must be there before a contract comes into force: any of `signature`, `payment`, `legal`",
        check=gates,
    )
    signature_copies_to: str = setting(
        "legal,finance", doc="departments that get copies of a signed contract, by the event that says so"
    )
    labour_rounding_minutes: int = setting(
        15, doc="minutes of labour are counted and charged in units of so many; a begun unit counts", check=_positive
    )
    reservation_hours: int = setting(
        72, doc="an allowance that is reserved and not consumed is given back after so many hours", check=_positive
    )
    price_list_seconds: float = setting(
        5.0, doc="a verdict on cover may use list prices that are so many seconds old; what is charged does not"
    )
    estimate_tolerance_bps: int = setting(
        1000,
        doc="a charge may be above what the customer consented to by so many hundredths of a percent",
        check=_not_negative,
    )
    billing_seconds: int = setting(
        60,
        doc="every so many seconds billing schedules are brought up to date and due lines handed over",
        check=_positive,
    )
    billing_horizon_months: int = setting(
        13, doc="billing is planned so many months ahead, to the end of the month", check=_positive
    )
    billing_most_changes: int = setting(
        2000, doc="billing lines that one run writes for one contract at most; the next run goes on", check=_positive
    )
    billing_webhook_url: str = setting(
        "", doc="where the accounting system takes due billing lines; empty: nobody is told", check=_http
    )
    billing_webhook_secret_file: Path | None = setting(  # noqa: RUF009  # a field, not a value
        None, doc="file of the secret that the webhook's calls are signed with; needed with its URL"
    )
    warranty_window_days: int = setting(
        60, doc="a warranty that ends within so many days opens a signing opportunity", check=_positive
    )
    renewal_lead_days: int = setting(
        200, doc="work on a renewal begins so many days before the term's end", check=_positive
    )
    renewal_grace_days: int = setting(
        30, doc="a renewal that nobody won is lost so many days after the term's end", check=_not_negative
    )
    renewals_seconds: int = setting(
        300,
        doc="every so many seconds renewals, ending warranties and weekly snapshots are looked after",
        check=_positive,
    )
    value_run_at: str = setting(
        "02:00",
        doc="time of the company's day, `HH:MM`, from which the values of customers are computed",
        check=_time_of_day,
    )
