"""What a person sends to the room of paper arrives as it was meant."""

import base64
from typing import Any
from uuid import UUID

import pytest

from membercare.contracts.v1 import clause_template_pb2, document_pb2
from membercare.contracts.v1 import paperwork_service_pb2 as pb
from tests.fakes.company import NOON, an_id
from tests.fakes.suite import Client, FakeSuite

TEMPLATE = clause_template_pb2.ClauseTemplate(
    id="tpl_1",
    name="Law",
    state=clause_template_pb2.CLAUSE_STATE_DRAFT,
    etag="1",
    create_time=NOON,
    update_time=NOON,
)
CHOICE = pb.ContractClauses(contract_id="con_1", language=clause_template_pb2.PAPER_LANGUAGE_ZH_HANS, etag="2")
DOCUMENT = document_pb2.Document(
    id="doc_1",
    contract_id=an_id("con", 1),
    kind=document_pb2.DOCUMENT_KIND_ATTACHMENT,
    file_name="附件.pdf",
    content_type="application/pdf",
    size_bytes=3,
    sha256="ab",
    uploaded_by="sue",
    uploaded_time=NOON,
    etag="1",
)
TEXTS = 'texts: [{language: EN, title: "Law", body: "The law of {{ contract.title }}."}]'
SENT = [{"language": 2, "title": "Law", "body": "The law of {{ contract.title }}."}]

CASES: list[tuple[str, str, Any, dict[str, Any]]] = [
    (
        "CreateClauseTemplate",
        f'input: {{name: "Law", {TEXTS}}}, requestId: "r1"',
        pb.CreateClauseTemplateResponse(clause_template=TEMPLATE),
        {"name": "Law", "texts": SENT, "request_id": "r1"},
    ),
    (
        "ReviseClauseTemplate",
        f'id: "tpl_1", input: {{name: "Law", {TEXTS}}}, etag: "3"',
        pb.ReviseClauseTemplateResponse(clause_template=TEMPLATE),
        {"template_id": "tpl_1", "name": "Law", "texts": SENT, "etag": "3"},
    ),
    (
        "PublishClauseTemplate",
        'id: "tpl_1", etag: "3", requestId: "r2"',
        pb.PublishClauseTemplateResponse(clause_template=TEMPLATE),
        {"template_id": "tpl_1", "etag": "3", "request_id": "r2"},
    ),
    (
        "RetireClauseTemplate",
        'id: "tpl_1"',
        pb.RetireClauseTemplateResponse(clause_template=TEMPLATE),
        {"template_id": "tpl_1"},
    ),
    (
        "ChooseClauses",
        'input: {contractId: "con_1", templateIds: ["tpl_2", "tpl_1"], language: EN}, etag: "4"',
        pb.ChooseClausesResponse(contract_clauses=CHOICE),
        {"contract_id": "con_1", "template_ids": ["tpl_2", "tpl_1"], "language": 2, "etag": "4"},
    ),
    (
        "UploadDocument",
        'input: {contractId: "con_1", kind: SIGNED_CONTRACT, fileName: "附件.pdf", contentBase64: "AQID"}',
        pb.UploadDocumentResponse(document=DOCUMENT),
        {"contract_id": "con_1", "kind": 2, "file_name": "附件.pdf", "content": b"\x01\x02\x03"},
    ),
    (
        "DeleteDocument",
        'id: "doc_1", etag: "1"',
        pb.DeleteDocumentResponse(document=DOCUMENT),
        {"document_id": "doc_1", "etag": "1"},
    ),
]
SHOWN = {
    "clause_template": ("ClauseTemplatePayload", "clauseTemplate { id }"),
    "contract_clauses": ("ContractClausesPayload", "contractClauses { contractId etag }"),
    "document": ("DocumentPayload", "document { id sha256 fileName downloadPath }"),
}


@pytest.mark.parametrize(("rpc", "arguments", "reply", "arrived"), CASES, ids=[each[0] for each in CASES])
async def test_a_mutation_sends_what_was_asked_and_shows_what_came_back(
    gateway: Client, suite: FakeSuite, rpc: str, arguments: str, reply: Any, arrived: dict[str, Any]
) -> None:
    suite.contracts.answers[rpc] = lambda _: reply
    (noun,) = (field.name for field in reply.DESCRIPTOR.fields)
    payload, selection = SHOWN[noun]
    field = rpc[0].lower() + rpc[1:]
    data = await gateway.data(
        f"mutation {{ {field}({arguments}) {{ __typename ... on {payload} {{ {selection} }} }} }}"
    )
    assert data[field].pop("__typename") == payload
    (shown,) = data[field].values()
    assert shown in (
        {"id": "tpl_1"},
        {"contractId": "con_1", "etag": "2"},
        {"id": "doc_1", "sha256": "ab", "fileName": "附件.pdf", "downloadPath": "/documents/doc_1"},
    )
    (request,) = suite.contracts.asked[rpc]
    if "request_id" not in arrived:
        UUID(request.request_id)
        request.request_id = ""
    assert request == type(request)(**arrived)


UPLOAD = """
mutation ($content: String!) {
  uploadDocument(input: {contractId: "con_1", fileName: "a.pdf", contentBase64: $content}) {
    __typename
    ... on UserError { code field message }
  }
}
"""


@pytest.mark.parametrize("content", ["%", "AQI", "A Q I D", "附件"])
async def test_what_is_no_base64_is_refused_and_goes_nowhere(gateway: Client, suite: FakeSuite, content: str) -> None:
    data = await gateway.data(UPLOAD, {"content": content})
    assert data["uploadDocument"] == {
        "__typename": "InvalidInputError",
        "code": "INVALID_FIELD",
        "field": "contentBase64",
        "message": "contentBase64 is not base64.",
    }
    assert suite.calls == {}


async def test_a_file_of_ten_megabytes_arrives_and_a_longer_text_goes_nowhere(
    gateway: Client, suite: FakeSuite
) -> None:
    suite.contracts.answers["UploadDocument"] = lambda _: pb.UploadDocumentResponse(document=DOCUMENT)
    whole = base64.b64encode(bytes(10_000_000)).decode()
    assert (await gateway.data(UPLOAD, {"content": whole}))["uploadDocument"]["__typename"] == "DocumentPayload"
    (request,) = suite.contracts.asked["UploadDocument"]
    assert len(request.content) == 10_000_000
    data = await gateway.data(UPLOAD, {"content": whole + "AAAA" * 2})
    assert data["uploadDocument"]["code"] == "INVALID_FIELD"
    assert suite.calls == {"UploadDocument": 1}


async def test_the_documents_of_many_contracts_are_one_call(gateway: Client, company: FakeSuite) -> None:
    def documents(request: pb.BatchListDocumentsByContractRequest) -> pb.BatchListDocumentsByContractResponse:
        results = [
            pb.ContractDocuments(contract_id=key, documents=[DOCUMENT])
            for key in request.contract_ids
            if key[-1] != "1"
        ]
        return pb.BatchListDocumentsByContractResponse(results=results)

    company.contracts.answers["BatchListDocumentsByContract"] = documents
    ids = [an_id("con", number) for number in (1, 2, 3)]
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Contract { documents(first: 5) { sha256 } } } }"
    data = await gateway.data(query, {"ids": ids})
    assert data["nodes"] == [{"documents": []}, {"documents": [{"sha256": "ab"}]}, {"documents": [{"sha256": "ab"}]}]
    (request,) = company.contracts.asked["BatchListDocumentsByContract"]
    assert (sorted(request.contract_ids), request.limit_per_contract) == (ids, 5)


async def test_a_contract_is_rendered_with_the_way_to_its_files(gateway: Client, suite: FakeSuite) -> None:
    key = an_id("con", 1)
    text = pb.ContractText(
        contract_id=key,
        language=clause_template_pb2.PAPER_LANGUAGE_EN,
        html="<p>Hi</p>",
        sha256="cd",
        frozen=True,
        frozen_time=NOON,
        other_language_titles=["保密"],
    )
    suite.contracts.answers["GetContractText"] = lambda _: pb.GetContractTextResponse(contract_text=text)
    query = (
        "query ($id: ID!) { renderContract(contractId: $id, language: EN) "
        "{ html sha256 frozen language pdfPath htmlPath otherLanguageTitles missingCharacters } }"
    )
    data = await gateway.data(query, {"id": key})
    assert data["renderContract"] == {
        "html": "<p>Hi</p>",
        "sha256": "cd",
        "frozen": True,
        "language": "EN",
        "pdfPath": f"/documents/{key}?format=pdf&language=en",
        "htmlPath": f"/documents/{key}?format=html&language=en",
        "otherLanguageTitles": ["保密"],
        "missingCharacters": [],
    }
    (request,) = suite.contracts.asked["GetContractText"]
    assert request == pb.GetContractTextRequest(contract_id=key, language=clause_template_pb2.PAPER_LANGUAGE_EN)
    text.terms_number = 2
    amended = await gateway.data(query.replace("language: EN", "language: EN, termsNumber: 2"), {"id": key})
    assert amended["renderContract"]["pdfPath"] == f"/documents/{key}?format=pdf&language=en&terms_number=2"
    assert [each.terms_number for each in suite.contracts.asked["GetContractText"]] == [0, 2]
