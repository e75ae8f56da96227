import hashlib
from typing import Any

import pytest
from pymongo.database import Database

from membercare.contracts.v1 import document_pb2
from membercare.contracts.v1 import paperwork_service_pb2 as pb
from services.chassis.errors import Kind
from tests.integration.calling import Calling, refused
from tests.integration.contracts.builders import NO_CONTRACT
from tests.integration.contracts.paperwork_builders import (
    JPEG,
    NO_DOCUMENT,
    PDF,
    PNG,
    Desks,
    a_file,
)

SIGNED = document_pb2.DOCUMENT_KIND_SIGNED_CONTRACT
SLICE = 4 * 1024 * 1024


@pytest.fixture
def desks(calling: Calling) -> Desks:
    return Desks(calling)


def upload(desks: Desks, contract_id: str, **fields: Any) -> document_pb2.Document:
    return desks.sales_papers.UploadDocument(a_file(contract_id, **fields)).document


def part(desks: Desks, document_id: str, *, offset: int = 0, length: int = 0) -> bytes:
    request = pb.GetDocumentContentRequest(document_id=document_id, offset=offset, length=length)
    return desks.sales_papers.GetDocumentContent(request).content


def deleting(document_id: str, **fields: Any) -> pb.DeleteDocumentRequest:
    return pb.DeleteDocumentRequest(document_id=document_id, **fields)


def listed(desks: Desks, *contract_ids: str, limit: int = 0) -> dict[str, list[str]]:
    request = pb.BatchListDocumentsByContractRequest(contract_ids=contract_ids, limit_per_contract=limit)
    found = desks.sales_papers.BatchListDocumentsByContract(request).results
    return {each.contract_id: [document.id for document in each.documents] for each in found}


def counts(database: Database[dict[str, Any]]) -> tuple[int, int]:
    return database["documents"].count_documents({}), database["document_chunks"].count_documents({})


def test_a_file_is_kept_with_what_its_bytes_are_and_comes_back_to_the_byte(desks: Desks) -> None:
    contract = desks.a_draft()
    kept = upload(desks, contract.id, file_name="附件 1.pdf")
    assert (kept.file_name, kept.content_type, kept.size_bytes) == ("附件 1.pdf", "application/pdf", len(PDF))
    assert (kept.sha256, kept.uploaded_by) == (hashlib.sha256(PDF).hexdigest(), "sue")
    assert kept.kind == document_pb2.DOCUMENT_KIND_ATTACHMENT
    assert part(desks, kept.id) == PDF


def test_ten_megabytes_come_back_in_slices_with_the_same_hash(desks: Desks) -> None:
    content = PNG + bytes(range(256)) * 39_062
    content += bytes(10_000_000 - len(content))
    kept = upload(desks, desks.a_draft().id, file_name="scan.png", content=content)
    slices = [part(desks, kept.id, offset=offset) for offset in range(0, 10_000_000, SLICE)]
    assert [len(each) for each in slices] == [SLICE, SLICE, 10_000_000 - 2 * SLICE]
    assert hashlib.sha256(b"".join(slices)).hexdigest() == kept.sha256
    for offset, length in ((0, 1), (1_048_575, 2), (1_048_576, 3), (9_999_999, 10), (10_000_000, 5), (2_000_001, 99)):
        assert part(desks, kept.id, offset=offset, length=length) == content[offset : offset + length]


@pytest.mark.parametrize(
    ("fields", "reason", "at_fault"),
    [
        ({"contract_id": "17"}, "INVALID_ID", "contract_id"),
        ({"contract_id": NO_CONTRACT}, "CONTRACT_NOT_FOUND", ""),
        ({"kind": 9}, "INVALID_FIELD", "kind"),
        ({"file_name": "../../etc/passwd.pdf"}, "INVALID_FIELD", "file_name"),
        ({"content": b""}, "DOCUMENT_EMPTY", "content"),
        ({"content": PNG + bytes(10_000_000), "file_name": "a.png"}, "DOCUMENT_TOO_LARGE", "content"),
        ({"content": b"MZ executable"}, "DOCUMENT_TYPE_REFUSED", "content"),
        ({"content": JPEG}, "DOCUMENT_TYPE_REFUSED", "file_name"),
        ({"content": b"%PDF-1.7 cut off"}, "DOCUMENT_TYPE_REFUSED", "content"),
    ],
)
def test_a_wrong_file_is_refused_and_nothing_is_kept(
    desks: Desks, database: Database[dict[str, Any]], fields: dict[str, Any], reason: str, at_fault: str
) -> None:
    contract = desks.a_draft()
    refusal = refused(desks.sales_papers.UploadDocument, a_file(**{"contract_id": contract.id} | fields))
    assert (refusal.reason, refusal.field) == (reason, at_fault)
    assert counts(database) == (0, 0)


def test_an_upload_that_is_repeated_is_kept_once(desks: Desks, database: Database[dict[str, Any]]) -> None:
    contract = desks.a_draft()
    first = upload(desks, contract.id, request_id="r1")
    assert upload(desks, contract.id, request_id="r1") == first
    assert counts(database) == (1, 1)
    assert upload(desks, contract.id, request_id="r2").id != first.id


def test_an_upload_that_died_halfway_is_finished_by_its_repeat(
    desks: Desks, database: Database[dict[str, Any]]
) -> None:
    contract = desks.a_draft()
    first = upload(desks, contract.id, request_id="r1")
    database["documents"].delete_many({})
    assert upload(desks, contract.id, request_id="r1").id == first.id
    assert counts(database) == (1, 1)
    assert part(desks, first.id) == PDF


def test_other_bytes_under_the_same_request_do_not_replace_the_first(desks: Desks) -> None:
    contract = desks.a_draft()
    first = upload(desks, contract.id, request_id="r1")
    assert upload(desks, contract.id, request_id="r1", content=PDF + b"\n%%EOF") == first
    assert part(desks, first.id) == PDF


def test_files_are_listed_by_contract_newest_first_without_deleted_ones(desks: Desks) -> None:
    one, two, none = desks.a_draft().id, desks.a_draft().id, desks.a_draft().id
    of_one = [upload(desks, one).id for _ in range(3)]
    of_two = upload(desks, two, content=PNG, file_name="a.png").id
    desks.sales_papers.DeleteDocument(deleting(of_one[1]))
    assert listed(desks, one, two, none) == {one: [of_one[2], of_one[0]], two: [of_two]}
    assert listed(desks, one, limit=1) == {one: [of_one[2]]}


def test_before_the_signature_a_file_can_be_taken_away_and_who_did_stays_known(
    desks: Desks, database: Database[dict[str, Any]]
) -> None:
    kept = upload(desks, desks.a_draft().id)
    request = deleting(kept.id, etag=kept.etag, request_id="r1")
    gone = desks.papers("ops", "olga").DeleteDocument(request).document
    assert (gone.deleted_by, gone.sha256, gone.file_name) == ("olga", kept.sha256, kept.file_name)
    assert desks.papers("ops", "olga").DeleteDocument(request).document == gone
    assert counts(database) == (1, 0)
    assert part(desks, kept.id) == b""


def test_once_the_contract_is_signed_its_files_stay(desks: Desks, database: Database[dict[str, Any]]) -> None:
    contract = desks.a_draft()
    attachment = upload(desks, contract.id)
    desks.approve(contract.id)
    paper = upload(desks, contract.id, kind=SIGNED, file_name="签署版.pdf")
    desks.sign(contract.id)
    later = upload(desks, contract.id)
    for document in (attachment, paper, later):
        for role in ("sales", "legal", "ops", "admin"):
            refusal = refused(desks.papers(role).DeleteDocument, deleting(document.id))
            assert (refusal.kind, refusal.reason) == (Kind.PRECONDITION, "DOCUMENT_KEPT")
    assert listed(desks, contract.id) == {contract.id: [later.id, paper.id, attachment.id]}
    assert counts(database) == (3, 3)


def test_a_paper_that_nobody_was_allowed_to_sign_yet_is_refused(
    desks: Desks, database: Database[dict[str, Any]]
) -> None:
    contract = desks.a_draft()
    refusal = refused(desks.sales_papers.UploadDocument, a_file(contract.id, kind=SIGNED))
    assert (refusal.kind, refusal.reason) == (Kind.PRECONDITION, "CONTRACT_NOT_APPROVED")
    assert counts(database) == (0, 0)


def test_a_contract_is_no_file_store(desks: Desks, database: Database[dict[str, Any]]) -> None:
    contract = desks.a_draft()
    first = upload(desks, contract.id)
    (stored,) = database["documents"].find({})
    database["documents"].insert_many(
        {**stored, "_id": f"{stored['_id']}{number}", "request_ids": [], "outbox": []} for number in range(99)
    )
    refusal = refused(desks.sales_papers.UploadDocument, a_file(contract.id))
    assert (refusal.kind, refusal.reason) == (Kind.PRECONDITION, "CONTRACT_HAS_TOO_MANY_DOCUMENTS")
    assert part(desks, first.id) == PDF


@pytest.mark.parametrize(
    ("method", "request_", "reason", "at_fault"),
    [
        ("DeleteDocument", deleting("17"), "INVALID_ID", "document_id"),
        ("DeleteDocument", deleting(NO_DOCUMENT), "DOCUMENT_NOT_FOUND", ""),
        ("GetDocumentContent", pb.GetDocumentContentRequest(), "INVALID_ID", "document_id"),
        (
            "GetDocumentContent",
            pb.GetDocumentContentRequest(document_id=NO_DOCUMENT),
            "DOCUMENT_NOT_FOUND",
            "",
        ),
        ("BatchGetDocuments", pb.BatchGetDocumentsRequest(), "INVALID_FIELD", "document_ids"),
        (
            "BatchListDocumentsByContract",
            pb.BatchListDocumentsByContractRequest(contract_ids=[NO_CONTRACT], limit_per_contract=-1),
            "INVALID_FIELD",
            "limit_per_contract",
        ),
    ],
)
def test_a_wrong_question_is_refused(desks: Desks, method: str, request_: Any, reason: str, at_fault: str) -> None:
    refusal = refused(getattr(desks.sales_papers, method), request_)
    assert (refusal.reason, refusal.field) == (reason, at_fault)


@pytest.mark.parametrize("slice_", [{"offset": -1}, {"length": -1}])
def test_a_slice_that_cannot_be_is_refused(desks: Desks, slice_: dict[str, int]) -> None:
    kept = upload(desks, desks.a_draft().id)
    request = pb.GetDocumentContentRequest(document_id=kept.id, **slice_)
    refusal = refused(desks.sales_papers.GetDocumentContent, request)
    assert (refusal.reason, refusal.field) == ("INVALID_FIELD", next(iter(slice_)))


@pytest.mark.parametrize(
    ("role", "may"),
    [
        *((role, {"upload", "read", "delete"}) for role in ("sales", "legal", "ops", "admin")),
        *((role, {"read"}) for role in ("approver", "manager", "auditor")),
        *((role, set[str]()) for role in ("agent", "technician", "hr", "employee", "respondent")),
    ],
)
def test_each_role_does_with_files_what_it_may_and_no_more(
    desks: Desks, database: Database[dict[str, Any]], role: str, may: set[str]
) -> None:
    contract = desks.a_draft()
    kept = upload(desks, contract.id)
    stub = desks.papers(role)
    calls: dict[str, tuple[Any, Any]] = {
        "read": (stub.GetDocumentContent, pb.GetDocumentContentRequest(document_id=kept.id)),
        "upload": (stub.UploadDocument, a_file(contract.id)),
        "delete": (stub.DeleteDocument, deleting(kept.id)),
    }
    for verb, (call, request) in calls.items():
        if verb in may:
            call(request)
        else:
            assert refused(call, request).kind is Kind.FORBIDDEN, verb
    text = pb.GetContractTextRequest(contract_id=contract.id)
    if "read" in may:
        assert stub.GetContractText(text).contract_text.contract_id == contract.id
    else:
        assert refused(stub.GetContractText, text).kind is Kind.FORBIDDEN
    assert database["documents"].count_documents({}) == (2 if "upload" in may else 1)
