"""Clauses, frozen texts and files, as the use cases need them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.chassis.paging import Page
from services.contracts.domain.life_cycle.contract import Contract
from services.contracts.domain.paperwork.clause_template import ClauseState, ClauseTemplate
from services.contracts.domain.paperwork.contract_document import Document
from services.contracts.domain.paperwork.contract_paper import PaperLanguage
from services.contracts.domain.paperwork.paper import Paper, Parties


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendition:
    """The text of a contract in one language, and the page that the hash is taken of."""

    paper: Paper
    html: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedText:
    """What was signed, in every language; never changed."""

    contract_id: str
    sha256: str
    """Of the language that is binding: the key by which the contract knows its text."""
    language: PaperLanguage
    renditions: Mapping[PaperLanguage, Rendition]
    frozen_time: datetime


class ClauseTemplates(Protocol):
    """The clause templates on record."""

    def add(self, template: ClauseTemplate, *, request_key: str) -> ClauseTemplate:
        """Store the template, or return what this request stored before."""

    def get(self, template_id: str) -> ClauseTemplate:
        """Return the template, or refuse with CLAUSE_TEMPLATE_NOT_FOUND."""

    def batch_get(self, template_ids: Sequence[str]) -> Sequence[ClauseTemplate]:
        """Return those that exist, in no promised order."""

    def page(self, state: ClauseState | None, *, size: int, after: str) -> Page[ClauseTemplate]:
        """Return the page of templates in this state (None: in any) whose ids follow `after`."""

    def change(
        self, template_id: str, step: Callable[[ClauseTemplate], ClauseTemplate], *, etag: str, request_key: str
    ) -> ClauseTemplate:
        """Apply the step and store the outcome; a repeated request takes no second step."""


class SignedTexts(Protocol):
    """The texts that were frozen."""

    def keep(self, text: SignedText) -> None:
        """Store the text; one of the same contract and hash that is there already stays."""

    def find(self, contract_id: str, sha256: str) -> SignedText | None:
        """Return the text that the contract was signed with."""


class TextFreezer(Protocol):
    """Freezes what is about to be signed, or amended."""

    def __call__(self, contract: Contract, *, now: datetime) -> str:
        """Return the SHA-256 of the text as kept; refused with CLAUSE_RENDERING_FAILED, CONTRACT_TEXT_TOO_LONG.

        Before the signature a retired clause is refused with CLAUSE_RETIRED; in an amendment it stays as it was signed.
        """


class PartyRegister(Protocol):
    """Who signs a contract."""

    def parties(self, contract: Contract) -> Parties:
        """Return both sides, or refuse with CUSTOMER_NOT_FOUND."""


class Documents(Protocol):
    """The files of contracts."""

    def add(self, document: Document, content: bytes, *, request_key: str) -> Document:
        """Store the bytes and then what is known of them, or return what this request stored before."""

    def get(self, document_id: str) -> Document:
        """Return what is known of the file, or refuse with DOCUMENT_NOT_FOUND."""

    def batch_get(self, document_ids: Sequence[str]) -> Sequence[Document]:
        """Return those that exist, in no promised order."""

    def of_contracts(self, contract_ids: Sequence[str], *, most: int) -> Mapping[str, Sequence[Document]]:
        """Return the files of each contract that has any, newest first, without deleted ones."""

    def count(self, contract_id: str) -> int:
        """Return how many files the contract has, without deleted ones."""

    def content(self, document: Document, *, offset: int, length: int) -> bytes:
        """Return a slice of the bytes; it is shorter at the end, and empty where the file was deleted."""

    def delete(
        self, document_id: str, step: Callable[[Document], Document], *, etag: str, request_key: str
    ) -> Document:
        """Apply the step, store the outcome and forget the bytes."""
