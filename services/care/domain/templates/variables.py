"""What words can say of a member and an occasion: every variable, as data, and its value for one recipient."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.care.domain.channels import Purpose
from services.care.domain.members.links import MessageLinks
from services.care.domain.sending.recipient import Recipient

ATTRIBUTES = "member.attributes"
_TOKEN = "x" * 68  # as long as a real one, since text messages are billed by length
_ATTRIBUTE = re.compile(r"member\.attributes\.[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """A name that a template can use."""

    name: str
    optional: bool
    """Whether it can be empty for a member, so that words need a fallback: `{{ member.tier | default: "guest" }}`."""
    sample: str
    meaning_en: str
    meaning_zh: str


VARIABLES: tuple[Variable, ...] = (
    Variable(
        name="member.name",
        optional=False,
        sample="王小明",
        meaning_en="The member's full name.",
        meaning_zh="会员全名。",
    ),
    Variable(
        name="member.first_name",
        optional=False,
        sample="王小明",
        meaning_en="The given name where names are written with spaces; otherwise the whole name.",
        meaning_zh="姓名含空格时为名，否则为全名。",
    ),
    Variable(
        name="member.gender",
        optional=True,
        sample="FEMALE",
        meaning_en="FEMALE or MALE.",
        meaning_zh="FEMALE 或 MALE。",
    ),
    Variable(
        name="member.language",
        optional=False,
        sample="ZH_HANS",
        meaning_en="The language of the member: EN or ZH_HANS.",
        meaning_zh="会员语言：EN 或 ZH_HANS。",
    ),
    Variable(
        name="member.tier",
        optional=True,
        sample="gold",
        meaning_en="The code of the tier.",
        meaning_zh="会员等级代码。",
    ),
    Variable(
        name="occasion.date",
        optional=False,
        sample="2026-02-17",
        meaning_en="The day that the message is for, YYYY-MM-DD.",
        meaning_zh="消息对应的日期，YYYY-MM-DD。",
    ),
    Variable(
        name="links.unsubscribe",
        optional=False,
        sample=f"https://care.example.com/unsubscribe/{_TOKEN}",
        meaning_en="Where the member unsubscribes; every e-mail for marketing must show it.",
        meaning_zh="退订链接；营销邮件必须包含。",
    ),
    Variable(
        name="links.preferences",
        optional=False,
        sample=f"https://care.example.com/preferences/{_TOKEN}",
        meaning_en="Where the member says what to hear from us, and how.",
        meaning_zh="偏好设置链接。",
    ),
    Variable(
        name="links.confirm",
        optional=False,
        sample=f"https://care.example.com/confirm/{_TOKEN}",
        meaning_en="Where the member confirms a consent; it leads somewhere only in a message that asks for one.",
        meaning_zh="同意确认链接；仅在请求确认的消息中有效。",
    ),
    Variable(
        name="consent.purpose",
        optional=True,
        sample="marketing",
        meaning_en="What the message asks consent for: care or marketing; empty where it asks for none.",
        meaning_zh="消息请求确认的用途：care 或 marketing；不请求确认时为空。",
    ),
    Variable(
        name=f"{ATTRIBUTES}.NAME",
        optional=True,
        sample="x",
        meaning_en="An attribute of the member, by the name it is registered under.",
        meaning_zh="会员属性，NAME 为登记的属性名。",
    ),
)
"""In the order of a list that a person reads."""

_KNOWN = frozenset(variable.name for variable in VARIABLES)


class Attributes(dict[str, Any]):
    """A member's attributes: one that the member does not have is nothing, and no mistake of the words."""

    def __missing__(self, name: str) -> None:
        """Return nothing."""


class Absent:
    """In the place of a variable that is empty; it notes where the words print it without a fallback."""

    def __init__(self, name: str, printed: set[str]) -> None:
        """Note the name in `printed` when it is printed."""
        self._name, self._printed = name, printed

    def __liquid__(self) -> None:
        """Be nil in conditions and for the filter `default`."""

    def __str__(self) -> str:
        """Print nothing, and note it."""
        self._printed.add(self._name)
        return ""


class _AbsentAttributes(dict[str, Any]):
    def __init__(self, printed: set[str]) -> None:
        super().__init__()
        self._printed = printed

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> Absent:
        return Absent(f"{ATTRIBUTES}.{name}", self._printed)


class _SampleAttributes(dict[str, Any]):
    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> str:
        return name


def unknown(names: frozenset[str]) -> list[str]:
    """Return the names that no variable has, in order."""
    return sorted(name for name in names if name not in _KNOWN and not _ATTRIBUTE.fullmatch(name))


def values_of(
    recipient: Recipient, *, date: str, links: MessageLinks, consent: Purpose | None = None
) -> dict[str, Any]:
    """Return what the words are filled with for one message."""
    return {
        "member": {
            "name": recipient.name,
            "first_name": first_name(recipient.name),
            "gender": recipient.gender.removeprefix("GENDER_") or None,  # empty text would be true in a condition
            "language": recipient.language.removeprefix("LANGUAGE_"),
            "tier": recipient.tier or None,
            "attributes": Attributes(recipient.attributes),
        },
        "occasion": {"date": date},
        "links": {"unsubscribe": links.unsubscribe, "preferences": links.preferences, "confirm": links.confirm},
        "consent": {"purpose": consent.value if consent else None},
    }


def sample_values() -> dict[str, Any]:
    """Return values for a member of whom everything is known."""
    return _nested({each.name: each.sample for each in VARIABLES}, _SampleAttributes())


def bare_values(printed: set[str]) -> dict[str, Any]:
    """Return values for a member of whom nothing optional is known; `printed` fills while the words are."""
    values = {each.name: Absent(each.name, printed) if each.optional else each.sample for each in VARIABLES}
    return _nested(values, _AbsentAttributes(printed))


def _nested(values: Mapping[str, Any], attributes: dict[str, Any]) -> dict[str, Any]:
    nested: dict[str, dict[str, Any]] = {}
    for name, value in values.items():
        group, _, field = name.partition(".")
        nested.setdefault(group, {})[field] = value
    nested["member"]["attributes"] = attributes
    return nested


def first_name(name: str) -> str:
    """Return the given name where names are written with spaces; a name without any is returned whole."""
    return name.split(maxsplit=1)[0] if name.split() else name
