from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
import pytest
from pymongo.database import Database

from membercare.contracts.v1 import clause_template_pb2 as clause
from membercare.contracts.v1 import paperwork_service_pb2 as pb
from services.chassis.errors import Kind
from services.chassis.rpc_errors import refusal_of
from tests.integration.calling import Calling, refused
from tests.integration.contracts.builders import NO_CONTRACT
from tests.integration.contracts.paperwork_builders import EN, NO_TEMPLATE, ZH, Desks, new_clause, words

DRAFT, PUBLISHED, RETIRED = clause.CLAUSE_STATE_DRAFT, clause.CLAUSE_STATE_PUBLISHED, clause.CLAUSE_STATE_RETIRED


@pytest.fixture
def desks(calling: Calling) -> Desks:
    return Desks(calling)


def publishing(template_id: str, **fields: Any) -> pb.PublishClauseTemplateRequest:
    return pb.PublishClauseTemplateRequest(template_id=template_id, **fields)


def stored(database: Database[dict[str, Any]], template_id: str) -> dict[str, Any]:
    found = database["clause_templates"].find_one({"_id": template_id})
    assert found is not None
    return found


def test_a_clause_lives_from_draft_to_retirement_with_every_wording_kept(desks: Desks) -> None:
    chinese, english = words("你好", title="问候", language=ZH), words("Hello", title="Greeting")
    draft = desks.author.CreateClauseTemplate(new_clause(chinese, english, name="Greeting")).clause_template
    assert (draft.state, draft.current_number, draft.etag, draft.versions[0].author) == (DRAFT, 0, "1", "leo")
    published = desks.publisher.PublishClauseTemplate(publishing(draft.id)).clause_template
    assert (published.state, published.current_number, published.versions[0].publisher) == (PUBLISHED, 1, "lin")
    revising = pb.ReviseClauseTemplateRequest(template_id=draft.id, name="Salutation", texts=[words("Dear all")])
    revised = desks.author.ReviseClauseTemplate(revising).clause_template
    assert (revised.name, revised.state, revised.current_number) == ("Salutation", PUBLISHED, 1)
    assert [each.state for each in revised.versions] == [PUBLISHED, DRAFT]
    assert list(revised.versions[0].texts) == [chinese, english]
    retired = desks.publisher.RetireClauseTemplate(pb.RetireClauseTemplateRequest(template_id=draft.id))
    assert {each.state for each in retired.clause_template.versions} == {RETIRED}
    read = desks.sales_papers.GetClauseTemplate(pb.GetClauseTemplateRequest(template_id=draft.id))
    assert read.clause_template == retired.clause_template


def test_whoever_wrote_a_clause_cannot_publish_it(desks: Desks, database: Database[dict[str, Any]]) -> None:
    draft = desks.author.CreateClauseTemplate(new_clause()).clause_template
    refusal = refused(desks.author.PublishClauseTemplate, publishing(draft.id))
    assert (refusal.kind, refusal.reason) == (Kind.FORBIDDEN, "PUBLISHER_IS_AUTHOR")
    assert stored(database, draft.id)["state"] == "draft"


def test_a_retired_or_unpublished_clause_is_not_chosen(desks: Desks) -> None:
    retired, draft = desks.a_published(), desks.author.CreateClauseTemplate(new_clause()).clause_template
    desks.publisher.RetireClauseTemplate(pb.RetireClauseTemplateRequest(template_id=retired.id))
    contract = desks.a_draft()
    for template_id, reason in ((retired.id, "CLAUSE_RETIRED"), (draft.id, "CLAUSE_NOT_PUBLISHED")):
        request = pb.ChooseClausesRequest(contract_id=contract.id, template_ids=[template_id])
        refusal = refused(desks.sales_papers.ChooseClauses, request)
        assert (refusal.kind, refusal.reason) == (Kind.PRECONDITION, reason)
    clauses = desks.sales_papers.GetContractClauses(pb.GetContractClausesRequest(contract_id=contract.id))
    assert list(clauses.contract_clauses.clauses) == []


@pytest.mark.parametrize(
    ("fields", "reason", "at_fault"),
    [
        ({"name": ""}, "INVALID_FIELD", "name"),
        ({"texts": []}, "INVALID_FIELD", "texts"),
        ({"texts": [words("x", language=0)]}, "INVALID_FIELD", "texts.language"),
        ({"texts": [words("x", language=9)]}, "INVALID_FIELD", "texts.language"),
        ({"texts": [words("x" * 20_001)]}, "INVALID_FIELD", "texts.body"),
        ({"texts": [words("x" * 1_000_000)]}, "INVALID_FIELD", "texts.body"),
        ({"texts": [words("{{ customer.iban }}")]}, "CLAUSE_INVALID", "texts.body"),
        ({"texts": [words("x", title="{{ nobody }}")]}, "CLAUSE_INVALID", "texts.title"),
        ({"texts": [words("{% for i in (1..1000000000) %}x{% endfor %}")]}, "CLAUSE_INVALID", "texts.body"),
        ({"request_id": "a\nb"}, "INVALID_FIELD", "request_id"),
    ],
)
def test_a_wrong_clause_is_refused_and_nothing_is_stored(
    desks: Desks, database: Database[dict[str, Any]], fields: dict[str, Any], reason: str, at_fault: str
) -> None:
    refusal = refused(desks.author.CreateClauseTemplate, new_clause(**fields))
    assert (refusal.reason, refusal.field) == (reason, at_fault)
    assert database["clause_templates"].count_documents({}) == 0


def test_a_request_that_is_repeated_is_done_once(desks: Desks, database: Database[dict[str, Any]]) -> None:
    first = desks.author.CreateClauseTemplate(new_clause(request_id="r1"))
    assert desks.author.CreateClauseTemplate(new_clause(request_id="r1")) == first
    assert database["clause_templates"].count_documents({}) == 1
    request = publishing(first.clause_template.id, request_id="r2")
    assert desks.publisher.PublishClauseTemplate(request) == desks.publisher.PublishClauseTemplate(request)


def test_a_stale_etag_is_refused(desks: Desks) -> None:
    draft = desks.author.CreateClauseTemplate(new_clause()).clause_template
    revising = pb.ReviseClauseTemplateRequest(template_id=draft.id, texts=[words("Anew")], etag="1")
    desks.author.ReviseClauseTemplate(revising)
    assert refused(desks.author.ReviseClauseTemplate, revising).kind is Kind.STALE
    assert refused(desks.publisher.PublishClauseTemplate, publishing(draft.id, etag="1")).kind is Kind.STALE


def test_of_many_who_publish_at_once_one_does(desks: Desks) -> None:
    draft = desks.author.CreateClauseTemplate(new_clause()).clause_template

    def publish(number: int) -> str:
        try:
            desks.papers("legal", f"person{number}").PublishClauseTemplate(publishing(draft.id))
        except grpc.RpcError as error:
            refusal = refusal_of(error)
            assert refusal is not None
            return refusal.reason
        return "published"

    with ThreadPoolExecutor(10) as pool:
        outcomes = sorted(pool.map(publish, range(10)))
    assert outcomes == ["CLAUSE_HAS_NO_DRAFT"] * 9 + ["published"]


def test_clauses_are_listed_by_state_and_page_by_page(desks: Desks) -> None:
    draft = desks.author.CreateClauseTemplate(new_clause()).clause_template
    published = [desks.a_published().id for _ in range(3)]

    def listed(**fields: Any) -> pb.ListClauseTemplatesResponse:
        return desks.sales_papers.ListClauseTemplates(pb.ListClauseTemplatesRequest(**fields))

    assert [each.id for each in listed(filter={"state": DRAFT}).clause_templates] == [draft.id]
    page = listed(filter={"state": PUBLISHED}, page_size=2)
    rest = listed(filter={"state": PUBLISHED}, page_size=2, page_token=page.next_page_token)
    assert sorted(each.id for each in (*page.clause_templates, *rest.clause_templates)) == sorted(published)
    assert rest.next_page_token == ""
    found = desks.sales_papers.BatchGetClauseTemplates(
        pb.BatchGetClauseTemplatesRequest(template_ids=[NO_TEMPLATE, draft.id])
    )
    assert [each.id for each in found.clause_templates] == [draft.id]


@pytest.mark.parametrize(
    ("method", "request_", "reason", "at_fault"),
    [
        ("GetClauseTemplate", pb.GetClauseTemplateRequest(), "INVALID_ID", "template_id"),
        ("GetClauseTemplate", pb.GetClauseTemplateRequest(template_id=NO_CONTRACT), "INVALID_ID", "template_id"),
        (
            "GetClauseTemplate",
            pb.GetClauseTemplateRequest(template_id=NO_TEMPLATE),
            "CLAUSE_TEMPLATE_NOT_FOUND",
            "",
        ),
        ("BatchGetClauseTemplates", pb.BatchGetClauseTemplatesRequest(), "INVALID_FIELD", "template_ids"),
        ("ListClauseTemplates", pb.ListClauseTemplatesRequest(page_size=-1), "INVALID_FIELD", "page_size"),
        ("ListClauseTemplates", pb.ListClauseTemplatesRequest(page_token="17"), "INVALID_ID", "page_token"),
        (
            "ListClauseTemplates",
            pb.ListClauseTemplatesRequest(filter={"state": 9}),  # type: ignore[arg-type]  # no such state
            "INVALID_FIELD",
            "filter.state",
        ),
    ],
)
def test_a_wrong_question_is_refused(desks: Desks, method: str, request_: Any, reason: str, at_fault: str) -> None:
    refusal = refused(getattr(desks.publisher, method), request_)
    assert (refusal.reason, refusal.field) == (reason, at_fault)


@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("legal", {"write", "publish", "choose", "read"}),
        ("admin", {"write", "publish", "choose", "read"}),
        ("ops", {"write", "choose", "read"}),
        ("sales", {"choose", "read"}),
        ("approver", {"read"}),
        ("manager", {"read"}),
        ("auditor", {"read"}),
        ("agent", set[str]()),
        ("technician", set[str]()),
        ("hr", set[str]()),
        ("employee", set[str]()),
        ("respondent", set[str]()),
    ],
)
def test_each_role_does_with_clauses_what_it_may_and_no_more(desks: Desks, role: str, may: set[str]) -> None:
    template = desks.author.CreateClauseTemplate(new_clause(words("Hi", language=EN))).clause_template
    contract = desks.a_draft()
    stub = desks.papers(role, f"the_{role}")
    calls: dict[str, tuple[Any, Any]] = {
        "read": (stub.GetClauseTemplate, pb.GetClauseTemplateRequest(template_id=template.id)),
        "write": (stub.CreateClauseTemplate, new_clause()),
        "publish": (stub.PublishClauseTemplate, publishing(template.id)),
        "choose": (stub.ChooseClauses, pb.ChooseClausesRequest(contract_id=contract.id)),
    }
    for verb, (call, request) in calls.items():
        if verb in may:
            call(request)
        else:
            assert refused(call, request).kind is Kind.FORBIDDEN, verb
    found = desks.author.GetClauseTemplate(pb.GetClauseTemplateRequest(template_id=template.id)).clause_template
    assert found.state == (PUBLISHED if "publish" in may else DRAFT)


def test_a_clause_is_shown_with_a_contracts_values_while_it_is_being_written(
    desks: Desks, database: Database[dict[str, Any]]
) -> None:
    contract = desks.a_draft()
    text = words("{{ customer.name }}，{{ contract.price }}\n\n二", title="{{ contract.title }}", language=ZH)
    request = pb.PreviewClauseRequest(contract_id=contract.id, text=text)
    shown = desks.author.PreviewClause(request).clause_preview
    assert (shown.title, list(shown.paragraphs)) == ("Care", ["北京东方仪器有限公司，CNY 1,200.00", "二"])
    assert "contract.end_date" in shown.known_variables
    assert refused(desks.sales_papers.PreviewClause, request).kind is Kind.FORBIDDEN
    assert database["clause_templates"].count_documents({}) == 0


@pytest.mark.parametrize(
    ("fields", "reason", "at_fault"),
    [
        ({"text": words("{{ nobody }}")}, "CLAUSE_INVALID", "texts.body"),
        ({"text": words("x", language=0)}, "INVALID_FIELD", "texts.language"),
        ({"contract_id": "17"}, "INVALID_ID", "contract_id"),
        ({"contract_id": NO_CONTRACT}, "CONTRACT_NOT_FOUND", ""),
    ],
)
def test_a_clause_that_cannot_be_is_not_shown(desks: Desks, fields: dict[str, Any], reason: str, at_fault: str) -> None:
    given: dict[str, Any] = {"contract_id": desks.a_draft().id, "text": words("x")}
    refusal = refused(desks.author.PreviewClause, pb.PreviewClauseRequest(**given | fields))
    assert (refusal.reason, refusal.field) == (reason, at_fault)
