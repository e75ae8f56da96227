"""Wall times, `HH:MM`, as they are written in plans."""

from datetime import datetime

from services.chassis.errors import InvalidField


def checked_wall_time(value: str, field: str) -> str:
    """Return the wall time, or refuse another form."""
    try:
        parsed = datetime.strptime(value, "%H:%M")  # noqa: DTZ007  # a wall time has no zone
    except ValueError:
        parsed = None
    if parsed is None or parsed.strftime("%H:%M") != value:
        raise InvalidField(field, f"{field} must be a wall time written HH:MM, for example 09:00.")
    return value
