"""The settings of the contracts service."""

from dataclasses import dataclass

from services.chassis import checks
from services.chassis.config import CommonSettings, setting
from services.contracts.domain.contract_states import Gate


def _zone(value: str) -> None:
    checks.zone(value, "the value")


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
    activation_gates: str = setting(
        "signature,legal",
        doc="what must be there before a contract comes into force: any of `signature`, `payment`, `legal`",
        check=gates,
    )
    signature_copies_to: str = setting(
        "legal,finance", doc="departments that get copies of a signed contract, by the event that says so"
    )
