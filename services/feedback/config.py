"""The settings of the feedback service."""

from dataclasses import dataclass

from services.chassis.config import CommonSettings, setting


@dataclass(frozen=True, kw_only=True)
class Settings(CommonSettings):
    """What every role of this service reads."""

    feedback_database: str = setting("membercare_feedback", doc="name of the database")
