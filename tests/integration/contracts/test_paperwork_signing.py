import hashlib
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
import pytest
from pymongo.database import Database

from membercare.contracts.v1 import contracts_service_pb2 as contracts
from membercare.contracts.v1 import paperwork_service_pb2 as pb
from services.chassis.errors import Kind
from services.chassis.rpc_errors import refusal_of
from tests.integration.calling import Calling, refused
from tests.integration.contracts.paperwork_builders import EN, ZH, Desks, a_line, words


@pytest.fixture
def desks(calling: Calling) -> Desks:
    return Desks(calling)


def test_a_clause_published_later_does_not_change_what_a_contract_took(desks: Desks) -> None:
    clause = desks.a_published(words("First wording."))
    draft = desks.a_draft()
    desks.choose(draft.id, clause.id, language=EN)
    before = desks.text(draft.id)
    revise(desks, clause.id, body="Second wording.")
    assert desks.text(draft.id) == before
    assert "First wording." in before.html
    desks.choose(draft.id, clause.id, language=EN)
    assert "Second wording." in desks.text(draft.id).html


def revise(desks: Desks, template_id: str, *, body: str) -> None:
    desks.author.ReviseClauseTemplate(pb.ReviseClauseTemplateRequest(template_id=template_id, texts=[words(body)]))
    desks.publisher.PublishClauseTemplate(pb.PublishClauseTemplateRequest(template_id=template_id))


def test_what_the_reviewer_reads_is_to_the_letter_what_is_signed(
    desks: Desks, database: Database[dict[str, Any]]
) -> None:
    clause = desks.a_published(words("We look after {{ customer.name }}."))
    draft = desks.a_draft()
    desks.choose(draft.id, clause.id, language=EN)
    desks.approve(draft.id)
    reviewed = desks.text(draft.id)
    assert not reviewed.frozen
    signed = desks.sign(draft.id)
    text = desks.text(draft.id)
    assert text.frozen
    assert text.html == reviewed.html
    assert text.sha256 == reviewed.sha256 == hashlib.sha256(text.html.encode()).hexdigest()
    assert text.frozen_time == signed.signed_time
    stored = database["contracts"].find_one({"_id": draft.id})
    assert stored is not None
    assert stored["signed_text_sha256"] == text.sha256


def test_nothing_that_happens_after_the_signature_changes_the_signed_text(
    desks: Desks, database: Database[dict[str, Any]]
) -> None:
    clause = desks.a_published(words("First wording for {{ customer.name }}."))
    draft = desks.a_draft(lines=[a_line("Lift")])
    desks.choose(draft.id, clause.id, language=EN)
    desks.approve(draft.id)
    desks.sign(draft.id)
    before = everything(desks, draft.id)
    revise(desks, clause.id, body="Second wording.")
    desks.publisher.RetireClauseTemplate(pb.RetireClauseTemplateRequest(template_id=clause.id))
    database["customers"].update_many({}, {"$set": {"name": "Another Name"}})
    database["contracts"].update_many({}, {"$set": {"versions.0.title": "Another title"}})
    assert everything(desks, draft.id) == before


def everything(desks: Desks, contract_id: str) -> list[Any]:
    return [ask(contract_id, language) for ask in (desks.text, desks.pages) for language in (ZH, EN)]


def test_a_signature_that_is_repeated_freezes_one_text(desks: Desks, database: Database[dict[str, Any]]) -> None:
    draft = desks.a_draft()
    desks.approve(draft.id)
    request = contracts.SignContractRequest(contract_id=draft.id, request_id="r1")
    assert desks.sales.SignContract(request) == desks.sales.SignContract(request)
    refusal = refused(desks.sales.SignContract, contracts.SignContractRequest(contract_id=draft.id))
    assert refusal.reason == "CONTRACT_TRANSITION_REFUSED"
    assert database["contract_texts"].count_documents({"contract_id": draft.id}) == 1


def test_a_contract_with_a_clause_that_was_retired_meanwhile_cannot_be_signed(
    desks: Desks, database: Database[dict[str, Any]]
) -> None:
    clause = desks.a_published()
    draft = desks.a_draft()
    desks.choose(draft.id, clause.id)
    desks.approve(draft.id)
    desks.publisher.RetireClauseTemplate(pb.RetireClauseTemplateRequest(template_id=clause.id))
    refusal = refused(desks.sales.SignContract, contracts.SignContractRequest(contract_id=draft.id))
    assert (refusal.kind, refusal.reason) == (Kind.PRECONDITION, "CLAUSE_RETIRED")
    assert database["contract_texts"].count_documents({}) == 0
    stored = database["contracts"].find_one({"_id": draft.id})
    assert stored is not None
    assert (stored["state"], stored["signed_text_sha256"]) == ("approved", "")


def test_of_many_signatures_at_once_one_counts_and_its_text_is_the_one_that_is_kept(
    desks: Desks, database: Database[dict[str, Any]]
) -> None:
    clause = desks.a_published(words("We look after {{ customer.name }}."))
    draft = desks.a_draft()
    desks.choose(draft.id, clause.id)
    desks.approve(draft.id)
    reviewed = desks.text(draft.id).sha256

    def sign(_: int) -> str:
        try:
            return desks.sign(draft.id).signed_text_sha256
        except grpc.RpcError as error:
            refusal = refusal_of(error)
            assert refusal is not None
            return refusal.reason

    with ThreadPoolExecutor(20) as pool:
        outcomes = sorted(pool.map(sign, range(20)))
    assert outcomes == sorted(["CONTRACT_TRANSITION_REFUSED"] * 19 + [reviewed])
    assert database["contract_texts"].count_documents({}) == 1
    assert desks.text(draft.id).sha256 == reviewed


def test_a_signed_text_that_was_lost_is_never_rendered_anew(desks: Desks, database: Database[dict[str, Any]]) -> None:
    draft = desks.a_draft()
    desks.approve(draft.id)
    desks.sign(draft.id)
    database["contract_texts"].delete_many({})
    refusal = refused(desks.sales_papers.GetContractText, pb.GetContractTextRequest(contract_id=draft.id))
    assert (refusal.kind, refusal.reason) == (Kind.NOT_FOUND, "SIGNED_TEXT_NOT_FOUND")


def test_a_contract_that_was_signed_before_texts_were_frozen_is_rendered_and_says_so(
    desks: Desks, database: Database[dict[str, Any]]
) -> None:
    draft = desks.a_draft()
    desks.approve(draft.id)
    desks.sign(draft.id)
    database["contracts"].update_many({}, {"$unset": {"paper": "", "signed_text_sha256": ""}})
    text = desks.text(draft.id)
    assert not text.frozen
    assert "北京东方仪器有限公司" in text.html
