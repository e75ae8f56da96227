"""The settings of the contracts service."""

from dataclasses import dataclass

from services.chassis.config import CommonSettings, setting


@dataclass(frozen=True, kw_only=True)
class Settings(CommonSettings):
    """What every role of this service reads."""

    contracts_database: str = setting("membercare_contracts", doc="name of the database")
