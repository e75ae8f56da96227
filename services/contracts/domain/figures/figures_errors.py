"""What the figures refuse, beside what every service refuses."""

from services.chassis.errors import Forbidden


class OthersFigures(Forbidden):
    """The caller may see the own figures only."""

    reason = "OTHERS_FIGURES"

    def __init__(self, field: str) -> None:
        """Name the field at fault, and say how to ask for the own."""
        ask = "ask with your own employee id" if field.endswith("owner_id") else "ask about a customer that you own"
        super().__init__(f"You may see your own figures only: {ask}.", field=field)
