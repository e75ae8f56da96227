"""What became of a step, as branches ask for it and histories tell it."""

from enum import StrEnum


class StepOutcome(StrEnum):
    """Data: stored in plans and runs; add, never rename."""

    PLANNED = "STEP_OUTCOME_PLANNED"
    """A message or a task is planned; nobody waited for more."""
    SENT = "STEP_OUTCOME_SENT"
    SKIPPED = "STEP_OUTCOME_SKIPPED"
    """The message was not sent, or the task not planned, with a reason; the journey goes on."""
    FAILED = "STEP_OUTCOME_FAILED"
    OPEN = "STEP_OUTCOME_OPEN"
    """The message had no end when the journey waited no longer."""
    PASSED = "STEP_OUTCOME_PASSED"
    """A wait is over, or a way was taken."""
    HAPPENED = "STEP_OUTCOME_HAPPENED"
    """What was waited for happened."""
    TIMED_OUT = "STEP_OUTCOME_TIMED_OUT"


DECIDING = frozenset(StepOutcome) - {StepOutcome.PASSED}
"""Outcomes that an arm of a branch may name; passing by a wait or a branch is none."""
