"""What a member allows: the newest word for each channel and purpose, and which words may replace which."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from services.care.domain.channels import Channel, Purpose
from services.care.domain.members.asking import ASK_AGAIN, CONFIRMED_BY, asking_touch
from services.chassis.errors import DomainError, InvalidField, Kind
from services.chassis.ids import derived_id

MOST_PROOF = 500
"""Characters."""
ASKED_FOR = (Purpose.CARE, Purpose.MARKETING)
"""Service needs no consent, so none can be given or withdrawn."""


class ConsentSource(StrEnum):
    """Whose word it is. Data: add, never rename."""

    PERSON = "person"
    """The person's own act: a form, a click, a call that somebody took down."""
    STAFF = "staff"
    IMPORT = "import"
    MIGRATED = "migrated"
    """On record before sources were kept."""


class ConsentWithdrawn(DomainError):
    """The person has withdrawn it; only a newer grant of the person opens the channel again."""

    kind, reason = Kind.PRECONDITION, "CONSENT_WITHDRAWN_BY_PERSON"


class ConsentOutdated(DomainError):
    """A later word for the same channel and purpose is on record."""

    kind, reason = Kind.PRECONDITION, "CONSENT_OUTDATED"


class ConsentGranted(DomainError):
    """There is nothing to ask for: it is granted."""

    kind, reason = Kind.PRECONDITION, "CONSENT_GRANTED_ALREADY"


class ConsentAwaited(DomainError):
    """The person is being asked; nobody else grants it meanwhile."""

    kind, reason = Kind.PRECONDITION, "CONSENT_AWAITS_CONFIRMATION"


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """One word for one channel and purpose, as recorded."""

    id: str
    channel: Channel
    purpose: Purpose
    granted: bool
    time: datetime
    """When it was given."""
    source: ConsentSource
    proof: str = ""
    recorded_time: datetime
    recorded_by: str = ""
    """Subject of the caller who recorded it; empty: the person alone, or a machine."""
    touch_id: str = ""
    """The message whose link was used; empty: none."""
    pending: bool = False
    """Asked for and not granted until the person confirms it."""
    asked_touch_id: str = ""
    """The message that asks the person to confirm it."""

    @property
    def withdrawn(self) -> bool:
        """Whether it was refused or taken back, and is not merely awaited."""
        return not self.granted and not self.pending


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentWord:
    """What somebody says about a channel and purpose, not yet held against what is on record."""

    channel: Channel
    purpose: Purpose
    granted: bool
    source: ConsentSource
    time: datetime | None = None
    """None: now; for an import, not known."""
    proof: str = ""
    by: str = ""
    touch_id: str = ""
    pending: bool = False
    """The person is asked to confirm it; then `granted` is false."""

    def awaiting(self) -> "ConsentWord":
        """Return the grant as one that counts once the person has confirmed it."""
        return replace(self, granted=False, pending=True)

    def checked(self, now: datetime) -> "ConsentWord":
        """Return itself, or refuse with INVALID_FIELD a purpose without consent and a moment to come."""
        if self.purpose not in ASKED_FOR:
            raise InvalidField("purpose", "purpose must be care or marketing: service needs no consent.")
        if self.time is not None and self.time > now:
            raise InvalidField("time", "time lies in the future.")
        if self.pending and self.channel not in CONFIRMED_BY:
            raise InvalidField("channel", "channel must be e-mail or SMS: only their messages can hold a link.")
        return self


def objection(current: Consent | None, word: ConsentWord, *, now: datetime) -> DomainError | None:
    """Return why the word must not replace what is on record, or None if it may.

    Newer wins, and of two at one moment the withdrawal. What the person withdrew, or is asked to confirm, only the
    person grants. An import that does not say when its word was given replaces imported words, and grants of others by
    a withdrawal, unless they are the person's own.
    """
    if current is None:
        return None
    where = {"channel": word.channel.value, "purpose": word.purpose.value}
    if word.source is ConsentSource.IMPORT and word.time is None:
        imported = current.source in {ConsentSource.IMPORT, ConsentSource.MIGRATED}
        withdraws = not word.granted and not word.pending and current.source is not ConsentSource.PERSON
        if not imported and not withdraws:
            return ConsentOutdated("The file does not say when this was given; a dated word is on record.", **where)
    if wrong := _objection_to_grant(current, word, where=where):
        return wrong
    given = word.time or now
    if given < current.time or (given == current.time and word.granted and current.withdrawn):
        return ConsentOutdated(f"A word of {current.time.isoformat()} is on record; this one is older.", **where)
    return None


def _objection_to_grant(current: Consent, word: ConsentWord, *, where: Mapping[str, str]) -> DomainError | None:
    if word.pending and current.granted:
        return ConsentGranted("This consent is granted already: there is nothing to confirm.", **where)
    if word.granted and current.pending and word.source is not ConsentSource.PERSON:
        return ConsentAwaited("The person was asked to confirm this consent, and nobody else grants it.", **where)
    if (word.granted or word.pending) and current.withdrawn and _only_the_person_may_grant(current, word):
        return ConsentWithdrawn(
            "The person has withdrawn this consent. Record a newer grant of the person, with its proof.", **where
        )
    return None


def replaced(
    member_id: str, facts: Sequence[Consent], *, word: ConsentWord, now: datetime
) -> tuple[tuple[Consent, ...], Consent]:
    """Return the facts with the word in place of the one for its channel and purpose, and the word as recorded."""
    given = word.time or now
    asks = asking_touch(member_id, word.channel, purpose=word.purpose, asked=now) if word.pending else ""
    said = Consent(
        id=_id(member_id, word, given=given, asks=asks),
        channel=word.channel,
        purpose=word.purpose,
        granted=word.granted,
        time=given,
        source=word.source,
        proof=word.proof,
        recorded_time=now,
        recorded_by=word.by,
        touch_id=word.touch_id,
        pending=word.pending,
        asked_touch_id=asks,
    )
    others = [each for each in facts if (each.channel, each.purpose) != (word.channel, word.purpose)]
    return tuple(sorted([*others, said], key=lambda each: (each.channel, each.purpose))), said


def current(facts: Sequence[Consent], *, channel: Channel, purpose: Purpose) -> Consent | None:
    """Return the word on record for this channel and purpose, or None."""
    return next((each for each in facts if (each.channel, each.purpose) == (channel, purpose)), None)


def summary(facts: Sequence[Consent]) -> Mapping[str, Mapping[str, bool]]:
    """Return what is allowed by channel and purpose, as the planners and the policy read it."""
    found: dict[str, dict[str, bool]] = {}
    for each in facts:
        found.setdefault(each.channel.value, {})[each.purpose.value] = each.granted
    return found


def awaited(facts: Sequence[Consent]) -> Mapping[str, Mapping[str, str]]:
    """Return what the person is asked to confirm, by channel and purpose, with the message that asks."""
    found: dict[str, dict[str, str]] = {}
    for each in facts:
        if each.pending:
            found.setdefault(each.channel.value, {})[each.purpose.value] = each.asked_touch_id
    return found


def asked_lately(current: Consent | None, now: datetime) -> bool:
    """Say whether the person was asked so lately that asking again would be a nuisance."""
    return current is not None and current.pending and now < current.recorded_time + ASK_AGAIN


def asked_anew(member_id: str, fact: Consent, *, now: datetime) -> Consent:
    """Return the word on a consent that is asked for once more, because the address has changed."""
    asks = asking_touch(member_id, fact.channel, purpose=fact.purpose, asked=now)
    key = derived_id("cns", fact.id, asks)
    return replace(fact, id=key, recorded_time=now, asked_touch_id=asks)


def _id(member_id: str, word: ConsentWord, *, given: datetime, asks: str) -> str:
    parts = (member_id, word.channel, word.purpose, given.isoformat(), word.source, str(word.granted))
    return derived_id("cns", *parts, *([asks] if asks else ()))


def _only_the_person_may_grant(current: Consent, word: ConsentWord) -> bool:
    return current.source is ConsentSource.PERSON and word.source is not ConsentSource.PERSON
