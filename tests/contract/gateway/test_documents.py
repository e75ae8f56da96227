"""Files over HTTP."""

import base64
import hashlib
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from gateway.config import Settings
from gateway.signin import DevIssuer
from membercare.contracts.v1 import clause_template_pb2, document_pb2
from membercare.contracts.v1 import paperwork_service_pb2 as pb
from services.chassis.errors import DomainError, Kind, NotFound
from tests.fakes.company import an_id
from tests.fakes.suite import Client, FakeSuite, gateway_of

KEY, CONTRACT = an_id("doc", 1), an_id("con", 1)
CONTENT = b"%PDF-1.7" + bytes(range(256)) * 40_000
SLICE = 4 * 1024 * 1024


class ServiceStops(DomainError):
    kind, reason = Kind.UNAVAILABLE, "SERVICE_STOPS"


@pytest.fixture
def kept(suite: FakeSuite) -> document_pb2.Document:
    document = document_pb2.Document(
        id=KEY,
        contract_id=CONTRACT,
        kind=document_pb2.DOCUMENT_KIND_SIGNED_CONTRACT,
        file_name='合同 "2026".pdf',
        content_type="application/pdf",
        size_bytes=len(CONTENT),
        sha256=hashlib.sha256(CONTENT).hexdigest(),
    )

    def content(request: pb.GetDocumentContentRequest) -> pb.GetDocumentContentResponse:
        if request.document_id != KEY:
            raise NotFound("document", request.document_id)
        part = CONTENT[request.offset : request.offset + SLICE]
        return pb.GetDocumentContentResponse(document=document, content=part)

    suite.contracts.answers["GetDocumentContent"] = content
    return document


async def get(gateway: Client, path: str, *roles: str, **more: Any) -> httpx.Response:
    return await gateway.http.get(path, headers=gateway.headers(*(roles or ("auditor",))), **more)


def code(response: httpx.Response) -> str:
    (error,) = response.json()["errors"]
    return str(error["extensions"]["code"])


async def test_a_document_comes_whole_with_its_type_its_name_and_its_hash(
    gateway: Client, suite: FakeSuite, kept: document_pb2.Document
) -> None:
    answer = await get(gateway, f"/documents/{KEY}")
    assert (answer.status_code, answer.content) == (200, CONTENT)
    assert suite.calls == {"GetDocumentContent": 3}
    digest = base64.b64encode(bytes.fromhex(kept.sha256)).decode()
    told = {
        "content-type": "application/pdf",
        "content-length": str(len(CONTENT)),
        "content-disposition": (
            "attachment; filename=\"__ _2026_.pdf\"; filename*=UTF-8''%E5%90%88%E5%90%8C%20%222026%22.pdf"
        ),
        "x-content-type-options": "nosniff",
        "cache-control": "no-store",
        "repr-digest": f"sha-256=:{digest}:",
    }
    assert {name: answer.headers[name] for name in told} == told
    assert "sandbox" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("role", ["agent", "technician", "hr", "employee", "respondent"])
async def test_a_role_that_may_not_read_papers_gets_nothing(
    gateway: Client, suite: FakeSuite, kept: document_pb2.Document, role: str
) -> None:
    for path in (f"/documents/{KEY}", f"/documents/{CONTRACT}"):
        answer = await get(gateway, path, role)
        assert (answer.status_code, code(answer)) == (403, "FORBIDDEN")
    assert suite.calls == {}


@pytest.mark.parametrize("headers", [{}, {"authorization": "Bearer forged"}, {"authorization": "Basic x"}])
async def test_nobody_gets_a_file_without_signing_in(
    gateway: Client, suite: FakeSuite, kept: document_pb2.Document, headers: dict[str, str]
) -> None:
    answer = await gateway.http.get(f"/documents/{KEY}", headers=headers)
    assert (answer.status_code, code(answer)) == (401, "UNAUTHENTICATED")
    assert answer.headers["www-authenticate"] == "Bearer"
    assert suite.calls == {}


@pytest.mark.parametrize(
    ("path", "status", "reason"),
    [
        ("/documents/17", 404, "INVALID_ID"),
        ("/documents/cus_00000000000000000000000000", 404, "INVALID_ID"),
        ("/documents/doc_00000000000000000000000000", 404, "DOCUMENT_NOT_FOUND"),
        (f"/documents/{CONTRACT}?format=docx", 400, "INVALID_FIELD"),
        (f"/documents/{CONTRACT}?language=fr", 400, "INVALID_FIELD"),
    ],
)
async def test_what_is_not_there_is_refused_as_json(
    gateway: Client, kept: document_pb2.Document, path: str, status: int, reason: str
) -> None:
    answer = await get(gateway, path)
    assert (answer.status_code, code(answer)) == (status, reason)
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_a_deleted_document_is_not_served(gateway: Client, kept: document_pb2.Document) -> None:
    kept.deleted_time.FromSeconds(1)
    answer = await get(gateway, f"/documents/{KEY}")
    assert (answer.status_code, code(answer)) == (404, "DOCUMENT_NOT_FOUND")


async def test_bytes_that_are_not_those_that_were_uploaded_are_not_served(
    gateway: Client, kept: document_pb2.Document
) -> None:
    kept.sha256 = "0" * 64
    answer = await get(gateway, f"/documents/{KEY}")
    assert (answer.status_code, code(answer)) == (500, "DOCUMENT_DAMAGED")
    assert answer.headers["content-type"] == "application/json"


async def test_a_download_that_breaks_off_is_no_file(
    gateway: Client, suite: FakeSuite, kept: document_pb2.Document
) -> None:
    whole = suite.contracts.answers["GetDocumentContent"]

    def break_off(request: pb.GetDocumentContentRequest) -> Any:
        if request.offset:
            raise ServiceStops("The database is restarting.")
        return whole(request)

    suite.contracts.answers["GetDocumentContent"] = break_off
    answer = await get(gateway, f"/documents/{KEY}")
    assert (answer.status_code, code(answer)) == (503, "SERVICE_UNAVAILABLE")


@pytest.mark.parametrize("method", ["POST", "DELETE", "PUT"])
async def test_files_are_only_read(gateway: Client, kept: document_pb2.Document, method: str) -> None:
    answer = await gateway.http.request(method, f"/documents/{KEY}", headers=gateway.headers("admin"))
    assert (answer.status_code, code(answer), answer.headers["allow"]) == (405, "METHOD_NOT_ALLOWED", "GET, HEAD")


async def test_a_service_that_is_away_is_said_so(
    settings: Callable[..., Settings], issuer: DevIssuer, suite: FakeSuite
) -> None:
    async with gateway_of(settings(contracts_address="127.0.0.1:1"), issuer) as client:
        answer = await get(client, f"/documents/{KEY}")
    assert (answer.status_code, code(answer)) == (503, "SERVICE_UNAVAILABLE")


async def test_a_fault_is_masked(gateway: Client, suite: FakeSuite) -> None:
    answer = await get(gateway, f"/documents/{KEY}")
    assert (answer.status_code, answer.json()["errors"][0]["message"]) == (500, "Internal error.")


@pytest.mark.parametrize(
    ("query", "body", "kind", "name", "asked"),
    [
        ("", b"%PDF", "application/pdf", "zh_hans.pdf", (2, 0)),
        ("?format=html&language=EN", b"<p>Hi</p>", "text/html; charset=utf-8", "zh_hans.html", (1, 2)),
    ],
)
async def test_a_contract_is_served_as_pdf_or_html(
    gateway: Client, suite: FakeSuite, query: str, body: bytes, kind: str, name: str, asked: tuple[int, int]
) -> None:
    text = pb.ContractText(
        contract_id=CONTRACT, language=clause_template_pb2.PAPER_LANGUAGE_ZH_HANS, html="<p>Hi</p>", sha256="cd"
    )
    suite.contracts.answers["GetContractText"] = lambda _: pb.GetContractTextResponse(contract_text=text, pdf=b"%PDF")
    answer = await get(gateway, f"/documents/{CONTRACT}{query}")
    assert (answer.status_code, answer.content, answer.headers["content-type"]) == (200, body, kind)
    assert f'filename="{CONTRACT}-{name}"' in answer.headers["content-disposition"]
    assert answer.headers["x-text-sha256"] == "cd"
    (request,) = suite.contracts.asked["GetContractText"]
    assert (request.format, request.language) == asked
