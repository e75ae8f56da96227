"""From the person's request to the bytes on disk and back: a real gateway in front of the real service."""

import base64
import hashlib
import io
from typing import Any

import pytest
from pypdf import PdfReader

from tests.fakes.suite import Client
from tests.integration.calling import Calling
from tests.integration.contracts.paperwork_builders import PDF, Desks, words


@pytest.fixture
def desks(calling: Calling) -> Desks:
    return Desks(calling)


UPLOAD = """
mutation ($contract: ID!, $content: String!) {
  uploadDocument(input: {
    contractId: $contract, kind: SIGNED_CONTRACT, fileName: "签署版 2026.pdf", contentBase64: $content
  }) {
    __typename
    ... on DocumentPayload { document { id sha256 contentType downloadPath } }
    ... on UserError { code }
  }
}
"""
READ = """
query ($contract: ID!) {
  contract(id: $contract) { signedTextSha256 documents(first: 10) { fileName sha256 downloadPath kind } }
  renderContract(contractId: $contract, language: ZH_HANS) { html sha256 frozen pdfPath htmlPath }
}
"""


async def download(gateway: Client, path: str, *, role: str = "auditor") -> Any:
    return await gateway.http.get(path, headers=gateway.headers(role))


async def test_a_signed_paper_goes_in_and_comes_out_to_the_byte(gateway: Client, desks: Desks) -> None:
    content = PDF[:-6] + bytes(5_000_000) + b"%%EOF\n"
    contract = desks.a_draft()
    desks.approve(contract.id)
    variables = {"contract": contract.id, "content": base64.b64encode(content).decode()}
    document = (await gateway.data(UPLOAD, variables, roles=("sales",)))["uploadDocument"]["document"]
    assert document["sha256"] == hashlib.sha256(content).hexdigest()
    desks.sign(contract.id)
    answer = await download(gateway, document["downloadPath"])
    assert (answer.status_code, answer.content) == (200, content)
    assert "filename*=UTF-8''%E7%AD%BE%E7%BD%B2%E7%89%88%202026.pdf" in answer.headers["content-disposition"]
    forbidden = await download(gateway, document["downloadPath"], role="technician")
    assert forbidden.status_code == 403
    delete = f'mutation {{ deleteDocument(id: "{document["id"]}") {{ __typename ... on UserError {{ code }} }} }}'
    told = await gateway.data(delete, roles=("admin",))
    assert told["deleteDocument"] == {"__typename": "PreconditionError", "code": "DOCUMENT_KEPT"}
    read = await gateway.data(READ, {"contract": contract.id}, roles=("auditor",))
    assert [each["fileName"] for each in read["contract"]["documents"]] == ["签署版 2026.pdf"]


async def test_a_signed_contract_is_read_by_its_hash_as_page_and_as_pdf(gateway: Client, desks: Desks) -> None:
    clause = desks.a_published(words("We look after {{ customer.name }}."))
    contract = desks.a_draft()
    desks.choose(contract.id, clause.id)
    desks.approve(contract.id)
    desks.sign(contract.id)
    read = await gateway.data(READ, {"contract": contract.id}, roles=("legal",))
    text = read["renderContract"]
    assert text["frozen"]
    assert read["contract"]["signedTextSha256"] == text["sha256"]
    page, pdf = await download(gateway, text["htmlPath"]), await download(gateway, text["pdfPath"])
    assert hashlib.sha256(page.content).hexdigest() == text["sha256"]
    assert page.text == text["html"]
    assert "We look after 北京东方仪器有限公司." in PdfReader(io.BytesIO(pdf.content)).pages[0].extract_text()


async def test_a_clause_is_written_published_by_another_and_chosen_through_the_schema(
    gateway: Client, desks: Desks
) -> None:
    create = (
        'mutation { createClauseTemplate(input: {name: "Law", texts: [{language: ZH_HANS, title: "法律", '
        'body: "适用{{ contract.title }}所在地法律。"}]}) '
        "{ ... on ClauseTemplatePayload { clauseTemplate { id state etag } } } }"
    )
    template = (await gateway.data(create, roles=("legal",)))["createClauseTemplate"]["clauseTemplate"]
    publish = (
        f'mutation {{ publishClauseTemplate(id: "{template["id"]}") {{ __typename ... on UserError {{ code }} }} }}'
    )
    own = await gateway.data(publish, roles=("legal",))
    assert own["publishClauseTemplate"] == {"__typename": "ForbiddenError", "code": "PUBLISHER_IS_AUTHOR"}
    second = gateway.headers("legal", subject="lin")
    answer = await gateway.http.post("/graphql", json={"query": publish}, headers=second)
    assert answer.json()["data"]["publishClauseTemplate"]["__typename"] == "ClauseTemplatePayload"
    contract = desks.a_draft()
    preview = (
        f'{{ previewClause(contractId: "{contract.id}", text: {{language: EN, title: "T", '
        'body: "For {{ contract.days }} days"}) { title paragraphs } }'
    )
    shown = await gateway.data(preview, roles=("legal",))
    assert shown["previewClause"] == {"title": "T", "paragraphs": ["For 365 days"]}
    choose = (
        f'mutation {{ chooseClauses(input: {{contractId: "{contract.id}", templateIds: ["{template["id"]}"]}}) '
        "{ ... on ContractClausesPayload { contractClauses { clauses { name number template { state } } } } } }"
    )
    chosen = (await gateway.data(choose, roles=("sales",)))["chooseClauses"]["contractClauses"]
    assert chosen["clauses"] == [{"name": "Law", "number": 1, "template": {"state": "PUBLISHED"}}]
    listed = await gateway.data("{ clauseTemplates(filter: {state: PUBLISHED}) { nodes { name currentNumber } } }")
    assert listed["clauseTemplates"]["nodes"] == [{"name": "Law", "currentNumber": 1}]
