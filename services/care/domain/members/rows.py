"""Rows of a member file, as companies write them, and what is wrong with them."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from services.care.domain.calendars.birthday import Birthday, BirthdayCalendar
from services.care.domain.campaigns.planning import last_open_day
from services.care.domain.channels import Channel, Purpose
from services.care.domain.language import Language
from services.care.domain.members.attributes import (
    AttributeDefinition,
    AttributeType,
    AttributeValue,
    checked_attributes,
)
from services.care.domain.members.consents import MOST_PROOF, ConsentSource, ConsentWord
from services.care.domain.members.details import Gender, MemberDetails, check_details
from services.chassis import checks
from services.chassis.errors import InvalidField

REQUIRED = ("external_ref", "name")
CONSENTS = {
    f"{channel.value}_{word}": (channel, purpose)
    for channel in Channel
    if channel is not Channel.WEBHOOK
    for word, purpose in (("consent", Purpose.CARE), ("marketing", Purpose.MARKETING))
}
"""By column: `email_consent` is care by e-mail, `sms_marketing` offers by text message."""
_TEXTS = (
    "external_ref", "name", "time_zone", "email", "phone", "customer_id", "household_id", "owner_id", "wecom_id",
    "wechat_id", "cheerless_until",
)  # fmt: skip
OPTIONAL = (
    *_TEXTS[2:], "gender", "language", "birthday", "birthday_calendar", "do_not_contact", "tags", "preferred_channel",
    *CONSENTS, "consent_time", "consent_source", "consent_proof",
)  # fmt: skip
WORDS = "consent_words"
"""Under this name `check_row` returns what a row says of consent."""

_GENDERS = {
    "": None, "unknown": None, "未知": None,
    "female": Gender.FEMALE, "f": Gender.FEMALE, "女": Gender.FEMALE,
    "male": Gender.MALE, "m": Gender.MALE, "男": Gender.MALE,
}  # fmt: skip
_LANGUAGES = {
    "": Language.ZH_HANS, "zh": Language.ZH_HANS, "zh-hans": Language.ZH_HANS, "zh-cn": Language.ZH_HANS,
    "zh_hans": Language.ZH_HANS, "zh_cn": Language.ZH_HANS, "中文": Language.ZH_HANS,
    "en": Language.EN, "en-us": Language.EN, "en-gb": Language.EN, "english": Language.EN, "英文": Language.EN,
}  # fmt: skip
_CALENDARS = {
    "": BirthdayCalendar.SOLAR, "solar": BirthdayCalendar.SOLAR, "公历": BirthdayCalendar.SOLAR,
    "阳历": BirthdayCalendar.SOLAR,
    "lunar": BirthdayCalendar.LUNAR, "农历": BirthdayCalendar.LUNAR, "阴历": BirthdayCalendar.LUNAR,
}  # fmt: skip
_YES_OR_NO = {
    "": False, "no": False, "n": False, "false": False, "0": False, "否": False,
    "yes": True, "y": True, "true": True, "1": True, "是": True,
}  # fmt: skip


_SOURCES = {
    "": ConsentSource.IMPORT, "import": ConsentSource.IMPORT, "导入": ConsentSource.IMPORT,
    "person": ConsentSource.PERSON, "本人": ConsentSource.PERSON,
}  # fmt: skip
_PREFERRED: dict[str, Channel | None] = {"": None, **{each.value: each for each in Channel}}
_WORDED: dict[str, Mapping[str, Any]] = {
    "gender": _GENDERS, "language": _LANGUAGES, "email_consent": _YES_OR_NO, "do_not_contact": _YES_OR_NO,
    "preferred_channel": _PREFERRED,
}  # fmt: skip
_BETWEEN_TAGS = re.compile(r"[;；|]")


def check_row(
    cells: Mapping[str, str], *, now: datetime, registry: Mapping[str, AttributeDefinition] | None = None
) -> dict[str, Any]:
    """Return the fields of a `Member` that the row tells, or refuse with INVALID_FIELD naming the column.

    A column that the file does not have is not told: an import leaves it as it is. An empty cell tells "none"; an
    empty `email_consent` tells "no", since nobody may be written to on a guess.
    """
    told: dict[str, Any] = {field: cells[field] for field in _TEXTS if field in cells}
    if not cells["external_ref"]:
        raise InvalidField("external_ref", "external_ref is missing: without it a second import would double the row.")
    for field, words in _WORDED.items():
        if field in cells:
            told[field] = _word(cells[field], field, words=words)
    if "birthday" in cells:
        told["birthday"] = _birthday(cells, now)
    if "tags" in cells:
        told["tags"] = [tag for tag in _BETWEEN_TAGS.split(cells["tags"]) if tag.strip()]
    checked = check_details(MemberDetails(**told), told.keys(), now=now)
    if held := _attributes(cells, registry or {}):
        checked["attributes"] = held
    if any(column in cells for column in CONSENTS):
        checked[WORDS] = _consents(cells, now)
    return checked


def _consents(cells: Mapping[str, str], now: datetime) -> tuple[ConsentWord, ...]:
    source = _word(cells.get("consent_source", ""), "consent_source", words=_SOURCES)
    time = _moment(cells.get("consent_time", ""), now)
    proof = checks.text(cells.get("consent_proof", ""), "consent_proof", most=MOST_PROOF)
    if source is ConsentSource.PERSON and time is None:
        raise InvalidField("consent_time", "consent_time is missing: a word of the person needs its time.")
    if source is ConsentSource.PERSON and not proof:
        raise InvalidField("consent_proof", "consent_proof is missing: a word of the person needs its proof.")
    return tuple(
        ConsentWord(
            channel=channel,
            purpose=purpose,
            granted=_word(cells[column], column, words=_YES_OR_NO),
            source=source,
            time=time,
            proof=proof,
        )
        for column, (channel, purpose) in CONSENTS.items()
        if column in cells
    )


def _moment(cell: str, now: datetime) -> datetime | None:
    """Return the moment, for a day its first in UTC, or None for an empty cell."""
    if not cell:
        return None
    try:
        told = datetime.fromisoformat(cell)
    except ValueError:
        raise InvalidField("consent_time", "consent_time is YYYY-MM-DD, or a moment with its offset.") from None
    moment = told if told.tzinfo else told.replace(tzinfo=UTC)
    moment = moment.replace(microsecond=moment.microsecond // 1000 * 1000)  # the grain of what is stored
    if moment > now:
        raise InvalidField("consent_time", "consent_time lies in the future.")
    return moment


def _attributes(cells: Mapping[str, str], registry: Mapping[str, AttributeDefinition]) -> dict[str, AttributeValue]:
    """Return the own fields that the row tells; an empty cell tells nothing."""
    told = [
        (name, _own(cells[column], definition, column=column))
        for name, definition in registry.items()
        if cells.get(column := f"attributes.{name}")
    ]
    return checked_attributes(told, registry)


def _own(cell: str, definition: AttributeDefinition, *, column: str) -> AttributeValue:
    if definition.type is AttributeType.FLAG:
        return bool(_word(cell, column, words=_YES_OR_NO))
    if definition.type is not AttributeType.NUMBER:
        return cell
    try:
        return float(cell)
    except ValueError:
        raise InvalidField(column, f"{column} must be a number.") from None


def _birthday(cells: Mapping[str, str], now: datetime) -> Birthday | None:
    calendar = _word(cells.get("birthday_calendar", ""), "birthday_calendar", words=_CALENDARS)
    if not cells["birthday"]:
        return None
    parsed: Birthday = Birthday.parse(cells["birthday"], calendar, today=last_open_day(now))
    return parsed


def _word(value: str, field: str, *, words: Mapping[str, Any]) -> Any:
    word = value.casefold()
    if word not in words:
        raise InvalidField(field, f"{field} must be one of {', '.join(word for word in words if word)}, or empty.")
    return words[word]
