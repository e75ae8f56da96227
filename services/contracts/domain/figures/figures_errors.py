"""What the figures refuse, beside what every service refuses."""

from services.chassis.errors import Forbidden


class OthersFigures(Forbidden):
    """The caller may see the own figures only."""

    reason = "OTHERS_FIGURES"

    def __init__(self) -> None:
        """Say how to ask for the own."""
        super().__init__("You may see your own figures only: ask with your own employee id.", field="owner_id")
