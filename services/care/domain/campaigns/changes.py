"""What changed between two plans, field by field."""

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.care.domain.campaigns.campaign import Campaign
from services.care.domain.campaigns.plan import RULE_FIELDS, CampaignPlan, MessageTemplate
from services.chassis.errors import NotFound

_RULES = {f"rules.{field}": written for field, written in RULE_FIELDS.items()}
"""Paths that a plan is written with, where the domain keeps the fields together."""


@dataclass(frozen=True, slots=True)
class Change:
    """One field; an empty text means that it is not there."""

    path: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed from a version (0: from nothing) to another."""

    from_version: int
    to_version: int
    changes: tuple[Change, ...]


def changes_of(campaign: Campaign, *, from_version: int = 0, to_version: int = 0) -> Changes:
    """Compare two versions: 0 means the plan being written, or else the last version, with the one before.

    Refused with CAMPAIGN_VERSION_NOT_FOUND.
    """
    approved = {version.number: version.plan for version in campaign.approved_versions()}
    last = max(approved, default=0)
    written = _being_written(campaign)
    if to_version == 0:
        to_version = last + 1 if written else last
    after = written if written and to_version == last + 1 else approved.get(to_version)
    if from_version == 0:
        from_version = max((number for number in approved if number < to_version), default=0)
    if after is None or (from_version and from_version not in approved):
        raise NotFound("campaign_version", str(to_version if after is None else from_version))
    before = approved[from_version] if from_version else None
    return Changes(from_version, to_version, tuple(_compare(before, after)))


def _being_written(campaign: Campaign) -> CampaignPlan | None:
    if campaign.revision:
        return campaign.revision.plan
    return None if campaign.approved_versions() else campaign.plan


def _compare(before: CampaignPlan | None, after: CampaignPlan) -> Iterator[Change]:
    old = dict(_flat(before)) if before else {}
    new = dict(_flat(after))
    for path in dict.fromkeys([*new, *old]):
        if old.get(path, "") != new.get(path, ""):
            yield Change(path, old.get(path, ""), new.get(path, ""))


def _flat(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            below = f"{path}.{field.name}" if path else field.name
            yield from _flat(getattr(value, field.name), _RULES.get(below, below))
    elif isinstance(value, tuple):
        for place, each in enumerate(value):
            yield from _flat(each, f"{path}[{_label(each, place)}]")
    elif value is not None and value != "":
        yield path, _text(value)


def _label(value: Any, place: int) -> str:
    """Name an item by what it is, not by its place: one put before it changes nothing about it."""
    if isinstance(value, MessageTemplate):
        language = value.language.removeprefix("LANGUAGE_").lower()
        return ",".join(filter(None, (language, value.channel.value, value.variant, value.step)))
    return str(getattr(value, "name", place)) if dataclasses.is_dataclass(value) else str(place)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, date) else str(value)
