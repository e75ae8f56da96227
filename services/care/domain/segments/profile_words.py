"""Words of the record that come from a fixed list: how they are stored, and how else they may be written."""

from collections.abc import Mapping, Sequence

from services.care.domain.channels import Channel
from services.care.domain.language import Language
from services.care.domain.members.details import Gender
from services.care.domain.segments.rules import ProfileField

LISTED: Mapping[ProfileField, Sequence[str]] = {
    ProfileField.GENDER: tuple(Gender),
    ProfileField.LANGUAGE: tuple(Language),
    ProfileField.PREFERRED_CHANNEL: tuple(Channel),
}


def as_stored(field: ProfileField, word: str) -> str:
    """Return the word as it is stored: `GENDER_FEMALE` for `FEMALE` and `female`; what is none of them stays."""
    return _SPELLINGS.get(field, {}).get(word.casefold().replace("-", "_"), word)


def choices(field: ProfileField) -> str:
    """Return the words of a listed field in their short form, for a refusal."""
    return ", ".join(sorted(_short(field, word) for word in LISTED[field]))


def _short(field: ProfileField, word: str) -> str:
    return word.upper().removeprefix(f"{field.value.upper()}_")


_SPELLINGS: Mapping[ProfileField, Mapping[str, str]] = {
    field: {spelling.casefold(): str(word) for word in words for spelling in (word, _short(field, word))}
    for field, words in LISTED.items()
}
