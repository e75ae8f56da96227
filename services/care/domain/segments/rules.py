"""The rules a segment is made of: a tree of typed tests on what is known of a member."""

from dataclasses import dataclass
from enum import StrEnum

from services.care.domain.channels import Channel, Purpose
from services.care.domain.segments.windows import DateWindow


class ProfileField(StrEnum):
    """What a member's record says in a word."""

    GENDER = "gender"
    LANGUAGE = "language"
    TIME_ZONE = "time_zone"
    CUSTOMER = "customer_id"
    EXTERNAL_REF = "external_ref"
    HOUSEHOLD = "household_id"
    OWNER = "owner_id"
    PREFERRED_CHANNEL = "preferred_channel"
    EMAIL = "email"
    PHONE = "phone"
    WECOM = "wecom_id"
    WECHAT = "wechat_id"


ADDRESSES = frozenset({ProfileField.EMAIL, ProfileField.PHONE, ProfileField.WECOM, ProfileField.WECHAT})
"""Whether they are known may be asked; which they are may not, since a count would tell who has a given address."""


class NumberField(StrEnum):
    """What a member's record says in whole numbers."""

    POINTS = "points"
    BIRTH_YEAR = "birth_year"

    @property
    def path(self) -> str:
        """Where it is stored in the record."""
        return "birthday.year" if self is NumberField.BIRTH_YEAR else self.value


class MomentField(StrEnum):
    """What a member's record says in moments."""

    REGISTERED = "create_time"
    CHANGED = "update_time"


class Flag(StrEnum):
    """What holds for a member, or does not."""

    DO_NOT_CONTACT = "do_not_contact"
    COMPLAINT_OPEN = "complaint_open"
    NO_CHEER = "no_cheer"
    """No cheerful messages for now: mourning, say."""
    BIRTHDAY_KNOWN = "birthday_known"


class ContractState(StrEnum):
    """Where a contract of the member's customer stands, as heard."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    TERMINATED = "terminated"


class ValueTier(StrEnum):
    """What the member's customer is worth, as contracts computes it."""

    HIGH_VALUE = "high_value"
    GROWING = "growing"
    STABLE = "stable"
    POTENTIAL = "potential"
    AT_RISK = "at_risk"


@dataclass(frozen=True, slots=True)
class AllOf:
    """All of these hold; with no rule at all: every member."""

    rules: "tuple[Rule, ...]"


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of these holds."""

    rules: "tuple[Rule, ...]"


@dataclass(frozen=True, slots=True)
class NoneOf:
    """None of these holds: the exact opposite of `AnyOf`, so what is unknown of a member is in."""

    rules: "tuple[Rule, ...]"


@dataclass(frozen=True, slots=True)
class ProfileRule:
    """A field of the record is one of these words; without any word: it is known."""

    field: ProfileField
    any_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FlagRule:
    """Something holds for the member."""

    flag: Flag


@dataclass(frozen=True, slots=True)
class ConsentRule:
    """The member agreed to messages of this purpose by this channel."""

    channel: Channel
    purpose: Purpose


@dataclass(frozen=True, slots=True)
class TagRule:
    """The member has one of these tags."""

    any_of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TierRule:
    """The member's tier is one of these, by code."""

    any_of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NumberRule:
    """A number of the record lies between two bounds, both included; a bound that is None is open."""

    field: NumberField
    at_least: int | None = None
    at_most: int | None = None


@dataclass(frozen=True, slots=True)
class MomentRule:
    """A moment of the record lies in a window of days."""

    field: MomentField
    window: DateWindow


@dataclass(frozen=True, slots=True)
class BirthdayRule:
    """The next, or last, celebration of the birthday lies in a window of at most a year; solar and lunar alike."""

    window: DateWindow


@dataclass(frozen=True, slots=True)
class TextAttribute:
    """The company's own attribute is one of these texts."""

    name: str
    any_of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NumberAttribute:
    """The company's own attribute is a number between two bounds, both included."""

    name: str
    at_least: float | None = None
    at_most: float | None = None


@dataclass(frozen=True, slots=True)
class YesNoAttribute:
    """The company's own attribute is yes, or no."""

    name: str
    value: bool


@dataclass(frozen=True, slots=True)
class DateAttribute:
    """The company's own attribute is a day in a window."""

    name: str
    window: DateWindow


@dataclass(frozen=True, slots=True)
class AttributeKnown:
    """The company's own attribute has a value, of whatever type."""

    name: str


@dataclass(frozen=True, slots=True)
class ActRule:
    """The member did something at least, or at most, so many times in the last days; without days: ever."""

    name: str
    at_least: int | None = None
    at_most: int | None = None
    days: int | None = None


@dataclass(frozen=True, slots=True)
class AnswerRule:
    """The member gave a score between two bounds in the last days; without days: ever."""

    survey: str
    """The survey, or `visit` for the satisfaction told on a return visit."""
    at_least: int | None = None
    at_most: int | None = None
    days: int | None = None


@dataclass(frozen=True, slots=True)
class ContractRule:
    """The member's customer has a contract in one of these states (none named: in any) that ends in the window."""

    states: tuple[ContractState, ...] = ()
    ends: DateWindow | None = None


@dataclass(frozen=True, slots=True)
class ValueRule:
    """The member's customer has one of these values (none named: any), and is worth an amount between two bounds now.

    Amounts are in the smallest unit of the currency, both bounds included; without a currency no amount is asked for.
    """

    tiers: tuple[ValueTier, ...] = ()
    currency: str = ""
    at_least: int | None = None
    at_most: int | None = None


@dataclass(frozen=True, slots=True)
class SegmentRule:
    """The member is in another segment, as that one stands when asked."""

    segment_id: str


AttributeRule = TextAttribute | NumberAttribute | YesNoAttribute | DateAttribute | AttributeKnown
Group = AllOf | AnyOf | NoneOf
Leaf = (
    ProfileRule
    | FlagRule
    | ConsentRule
    | TagRule
    | TierRule
    | NumberRule
    | MomentRule
    | BirthdayRule
    | AttributeRule
    | ActRule
    | AnswerRule
    | ContractRule
    | ValueRule
)
Rule = Group | Leaf | SegmentRule


def children(rule: Rule) -> "tuple[Rule, ...]":
    """Return the rules right below a group; others have none."""
    return rule.rules if isinstance(rule, Group) else ()


def segments_in(rule: Rule) -> frozenset[str]:
    """Return the segments that a tree names."""
    if isinstance(rule, SegmentRule):
        return frozenset({rule.segment_id})
    return frozenset(name for child in children(rule) for name in segments_in(child))
