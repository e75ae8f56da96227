"""The settings of the kpi service."""

from dataclasses import dataclass

from services.chassis import checks
from services.chassis.config import CommonSettings, setting


def _zone(value: str) -> None:
    checks.zone(value, "the value")


@dataclass(frozen=True, kw_only=True)
class Settings(CommonSettings):
    """What the roles of this service read."""

    kpi_database: str = setting("membercare_kpi", doc="name of the database")
    kpi_time_zone: str = setting(
        "Asia/Shanghai", doc="IANA zone in which the company counts its days and months", check=_zone
    )
