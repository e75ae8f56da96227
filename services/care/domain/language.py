"""The languages that everything a person reads exists in."""

from enum import StrEnum


class Language(StrEnum):
    ZH_HANS = "LANGUAGE_ZH_HANS"
    EN = "LANGUAGE_EN"
