"""A file of a contract: what its bytes are, not what its name says, and that it stays once the contract is signed."""

import hashlib
import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from services.chassis.checks import line
from services.chassis.errors import InvalidField
from services.contracts.domain.paperwork.paperwork_errors import DocumentEmpty, DocumentTooLarge, DocumentTypeRefused

MOST_FILE_NAME, MOST_BYTES, MOST_DOCUMENTS = 200, 10_000_000, 100
_PDF, _JPEG, _PNG = "application/pdf", "image/jpeg", "image/png"
_ENDINGS = {_PDF: ("pdf",), _JPEG: ("jpg", "jpeg"), _PNG: ("png",)}
_BEGINNINGS = ((b"%PDF-", _PDF), (b"\xff\xd8\xff", _JPEG), (b"\x89PNG\r\n\x1a\n", _PNG))
_TAIL = 2_048
"""A PDF ends with its mark, but for a few bytes that some programs put behind it."""


class DocumentKind(StrEnum):
    """What a file is to its contract."""

    ATTACHMENT = "attachment"
    SIGNED_CONTRACT = "signed_contract"


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """What somebody sends, not yet checked."""

    contract_id: str
    kind: DocumentKind
    file_name: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What is known of a stored file. The hash, the type and the size are those of its bytes."""

    id: str
    version: int = 1
    contract_id: str
    kind: DocumentKind
    file_name: str
    content_type: str
    size_bytes: int
    sha256: str
    uploaded_by: str
    uploaded_time: datetime
    deleted_by: str = ""
    deleted_time: datetime | None = None
    events: tuple[object, ...] = ()

    @classmethod
    def of(cls, document_id: str, file: File, *, by: str, now: datetime) -> "Document":
        """Return the document of a file.

        Refused with INVALID_FIELD (its name), DOCUMENT_EMPTY, DOCUMENT_TOO_LARGE, DOCUMENT_TYPE_REFUSED.
        """
        name = _file_name(file.file_name)
        return cls(
            id=document_id,
            contract_id=file.contract_id,
            kind=file.kind,
            file_name=name,
            content_type=_content_type(file.content, name, kind=file.kind),
            size_bytes=len(file.content),
            sha256=hashlib.sha256(file.content).hexdigest(),
            uploaded_by=by,
            uploaded_time=now,
        )

    def deleted(self, *, by: str, now: datetime) -> "Document":
        """Return what is left of it; a second time changes nothing."""
        return self if self.deleted_time else replace(self, deleted_by=by, deleted_time=now)


def _file_name(name: str) -> str:
    clean = unicodedata.normalize("NFC", line(name, "file_name", most=MOST_FILE_NAME, least=1))
    if any(mark in clean for mark in '/\\:*?"<>|') or clean.startswith("."):
        raise InvalidField("file_name", "file_name must be a plain name, without a path.")
    if any(unicodedata.category(mark) in {"Cf", "Zl", "Zp", "Cs", "Co"} for mark in clean):
        raise InvalidField("file_name", "file_name contains a character that cannot be seen.")
    return clean


def _content_type(content: bytes, name: str, *, kind: DocumentKind) -> str:
    if not content:
        raise DocumentEmpty
    if len(content) > MOST_BYTES:
        raise DocumentTooLarge(len(content), most=MOST_BYTES)
    found = next((each for beginning, each in _BEGINNINGS if content.startswith(beginning)), "")
    if not found:
        raise DocumentTypeRefused(
            "The bytes are neither PDF nor JPEG nor PNG, whatever the name says.", field="content"
        )
    if found == _PDF and b"%%EOF" not in content[-_TAIL:]:
        raise DocumentTypeRefused("The PDF is cut off: its end is missing.", field="content")
    if not name.lower().endswith(tuple(f".{ending}" for ending in _ENDINGS[found])):
        wanted = " or ".join(f".{ending}" for ending in _ENDINGS[found])
        raise DocumentTypeRefused(f"The bytes are {found}: the name must end in {wanted}.", field="file_name")
    if kind is DocumentKind.SIGNED_CONTRACT and found != _PDF:
        raise DocumentTypeRefused("A signed contract must be a PDF.", field="kind")
    return found
