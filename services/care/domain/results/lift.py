"""What a campaign changed: members who were due against the control group, who heard nothing.

Both groups are drawn by the same lot, so they are compared as drawn: everybody who was due counts, also who could not
be reached in the end (intention to treat). To compare only those who got a message with a whole control group would be
to compare people who can be reached with people who partly cannot. Both are counted from the same moment: when the
message was due.
"""

from dataclasses import dataclass
from enum import StrEnum

from services.care.domain.campaigns.comparison import Arm, Difference, Verdict, compare, difference


class LiftVerdict(StrEnum):
    """Data: shown to programs; add, never rename."""

    NO_CONTROL = "no_control"
    TOO_FEW = "too_few"
    NO_DIFFERENCE = "no_difference"
    MORE = "more"
    FEWER = "fewer"


_WORDS: dict[LiftVerdict, tuple[str, str]] = {
    LiftVerdict.NO_CONTROL: (
        "Nobody was held out: what would have happened without the campaign cannot be told.",
        "没有对照组，无法判断没有该活动时会怎样。",
    ),
    LiftVerdict.TOO_FEW: (
        "There are too few results to say anything: less than five successes or failures are expected in a group.",
        "结果太少，还不能下结论：某一组的预期达成数或未达成数少于五。",
    ),
    LiftVerdict.NO_DIFFERENCE: (
        "No difference to the control group is shown: chance alone may explain what is seen.",
        "与对照组相比未显示差异：目前的差别可能只是偶然。",
    ),
    LiftVerdict.MORE: (
        "More members reached the goal than in the control group; chance alone hardly explains it.",
        "达成目标的会员多于对照组，差异不太可能出于偶然。",
    ),
    LiftVerdict.FEWER: (
        "Fewer members reached the goal than in the control group; chance alone hardly explains it.",
        "达成目标的会员少于对照组，差异不太可能出于偶然。",
    ),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """Members of one group."""

    members: int = 0
    converted: int = 0
    """Who reached the goal within its window after they were due."""
    open_windows: int = 0
    """Whose window is still open: they may yet reach it."""


@dataclass(frozen=True, slots=True)
class Lift:
    """What may be said as of now."""

    treated: Outcome
    control: Outcome
    verdict: LiftVerdict
    difference: Difference | None
    """The rate of those who were due less that of the control group; None without a control group."""

    @property
    def words(self) -> tuple[str, str]:
        """The verdict in English and in Simplified Chinese."""
        return _WORDS[self.verdict]


def lift(treated: Outcome, control: Outcome) -> Lift:
    """Compare the groups: a pooled two-proportion z test at 5 %, and Newcombe's interval (his method 10)."""
    if not control.members:
        return Lift(treated, control, LiftVerdict.NO_CONTROL, None)
    arms = (Arm("due", treated.members, treated.converted), Arm("control", control.members, control.converted))
    found = compare(arms)
    return Lift(treated, control, _verdict(found.verdict, found.winner), difference(*arms))


def _verdict(verdict: Verdict, winner: str) -> LiftVerdict:
    if verdict is Verdict.WINNER:
        return LiftVerdict.MORE if winner == "due" else LiftVerdict.FEWER
    return LiftVerdict.TOO_FEW if verdict is Verdict.TOO_FEW else LiftVerdict.NO_DIFFERENCE
