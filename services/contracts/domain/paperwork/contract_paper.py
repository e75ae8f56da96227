"""What a contract is put together from, as the contract itself remembers it."""

from dataclasses import dataclass
from enum import StrEnum


class PaperLanguage(StrEnum):
    """A language that contracts are written in."""

    ZH_HANS = "zh_hans"
    EN = "en"


@dataclass(frozen=True, slots=True)
class ChosenClause:
    """One version of one clause; it stays, whatever is published later."""

    template_id: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperChoice:
    """The clauses of a contract in the order of the paper, and the language that is binding."""

    language: PaperLanguage = PaperLanguage.ZH_HANS
    clauses: tuple[ChosenClause, ...] = ()
