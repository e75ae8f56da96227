import hashlib
from datetime import UTC, datetime
from typing import Any

import pytest

from services.chassis.errors import DomainError
from services.contracts.domain.paperwork.contract_document import MOST_BYTES, Document, DocumentKind, File

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
PDF, PNG, JPEG = b"%PDF-1.7\n%%EOF", b"\x89PNG\r\n\x1a\n0000", b"\xff\xd8\xff\xe00000"
ZIP, HTML, GIF = b"PK\x03\x04", b"<html><script>", b"GIF89a"


def document(file_name: str = "合同.pdf", content: bytes = PDF, **fields: Any) -> Document:
    given: dict[str, Any] = {"contract_id": "con_1", "kind": DocumentKind.ATTACHMENT}
    return Document.of("doc_1", File(file_name=file_name, content=content, **given | fields), by="sue", now=NOON)


def refusal(*given: Any, **fields: Any) -> tuple[str, str]:
    with pytest.raises(DomainError) as caught:
        document(*given, **fields)
    return caught.value.code, caught.value.field


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("合同.pdf", PDF, "application/pdf"),
        ("SIGNED.PDF", PDF, "application/pdf"),
        ("a.b.png", PNG, "image/png"),
        ("photo.jpg", JPEG, "image/jpeg"),
        ("photo.jpeg", JPEG, "image/jpeg"),
    ],
)
def test_a_file_is_what_its_bytes_are(name: str, content: bytes, found: str) -> None:
    kept = document(name, content)
    assert (kept.content_type, kept.size_bytes, kept.file_name) == (found, len(content), name)
    assert kept.sha256 == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("content", [ZIP, HTML, GIF, b" " + PDF, b"\n%PDF-1.7\n%%EOF", b"%PDF"])
def test_the_right_ending_does_not_help_bytes_of_another_type(content: bytes) -> None:
    assert refusal("invoice.pdf", content) == ("DOCUMENT_TYPE_REFUSED", "content")


@pytest.mark.parametrize(
    ("name", "content"), [("a.pdf", PNG), ("a.png", PDF), ("a.jpg", PNG), ("a", PDF), ("pdf", PDF)]
)
def test_a_name_that_says_another_type_than_the_bytes_is_refused(name: str, content: bytes) -> None:
    assert refusal(name, content) == ("DOCUMENT_TYPE_REFUSED", "file_name")


def test_a_pdf_that_was_cut_off_is_refused() -> None:
    assert refusal("a.pdf", b"%PDF-1.7\n" + bytes(5_000)) == ("DOCUMENT_TYPE_REFUSED", "content")


def test_ten_megabytes_are_kept_and_a_byte_more_is_not() -> None:
    whole = PNG + bytes(MOST_BYTES - len(PNG))
    assert document("a.png", whole).size_bytes == 10_000_000
    assert refusal("a.png", whole + b"0") == ("DOCUMENT_TOO_LARGE", "content")


def test_an_empty_file_is_refused() -> None:
    assert refusal("a.pdf", b"") == ("DOCUMENT_EMPTY", "content")


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "../a.pdf",
        "a/b.pdf",
        "a\\b.pdf",
        "a\nb.pdf",
        "a\x00.pdf",
        ".pdf",
        "a\u202efdp.exe.pdf",
        "x" * 201,
        'a".pdf',
    ],
)
def test_a_name_that_is_no_plain_name_is_refused(name: str) -> None:
    assert refusal(name) == ("INVALID_FIELD", "file_name")


def test_a_signed_contract_is_a_pdf() -> None:
    assert refusal("a.png", PNG, kind=DocumentKind.SIGNED_CONTRACT) == ("DOCUMENT_TYPE_REFUSED", "kind")


def test_deleting_twice_notes_who_did_it_first() -> None:
    once = document().deleted(by="sue", now=NOON)
    assert (once.deleted_by, once.deleted_time) == ("sue", NOON)
    assert once.deleted(by="tom", now=NOON) is once
