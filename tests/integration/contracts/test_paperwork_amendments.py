"""An amendment has a paper of its own, frozen when it is agreed."""

from typing import Any

import pytest
from pymongo.database import Database

from membercare.contracts.v1 import contract_pb2
from membercare.contracts.v1 import contracts_service_pb2 as contracts
from membercare.contracts.v1 import paperwork_service_pb2 as pb
from services.chassis.errors import Kind
from tests.integration.calling import Calling, refused
from tests.integration.contracts.paperwork_builders import EN, ZH, Desks, a_line, words


@pytest.fixture
def desks(calling: Calling, database: Database[dict[str, Any]]) -> Desks:
    return Desks(calling)


def asking(contract_id: str, number: int, *, language: Any = EN, **fields: Any) -> pb.GetContractTextRequest:
    return pb.GetContractTextRequest(contract_id=contract_id, language=language, terms_number=number, **fields)


def signed(desks: Desks, template_id: str) -> contract_pb2.Contract:
    draft = desks.a_draft(title="Lift care", lines=[a_line("Lift")])
    desks.choose(draft.id, template_id, language=EN)
    desks.approve(draft.id)
    return desks.sign(draft.id)


def amending(contract: contract_pb2.Contract, **fields: Any) -> contracts.AmendContractRequest:
    told: dict[str, Any] = {
        "effective_date": "2026-09-01",
        "reason": "one lift more",
        "title": "Care for two lifts",
        "end_date": contract.end_date,
        "lines": [*contract.lines, a_line("Second lift")],
    }
    return contracts.AmendContractRequest(contract_id=contract.id, **told | fields)


def test_an_amendment_is_written_down_and_frozen_and_what_was_signed_stays(
    desks: Desks, database: Database[dict[str, Any]]
) -> None:
    clause = desks.a_published(words("{{ customer.name }} pays {{ contract.price }}."))
    contract = signed(desks, clause.id)
    first = desks.text(contract.id, EN)
    desks.publisher.RetireClauseTemplate(pb.RetireClauseTemplateRequest(template_id=clause.id))
    amended = desks.sales.AmendContract(amending(contract)).contract
    assert amended.versions[0] == contract.versions[0]
    assert amended.signed_text_sha256 == contract.signed_text_sha256 == first.sha256
    database["customers"].update_many({}, {"$set": {"name": "Another Name"}})

    reply = desks.sales_papers.GetContractText(asking(contract.id, 2))
    text = reply.contract_text
    assert (text.sha256, text.frozen, text.terms_number) == (amended.versions[1].text_sha256, True, 2)
    assert "Version 2, holds from 1 September 2026 on: one lift more" in text.html
    assert "北京东方仪器有限公司 pays CNY 74,073.00." in text.html
    assert ("Second lift" in text.html, "Second lift" in first.html) == (True, False)
    chinese = desks.sales_papers.GetContractText(asking(contract.id, 2, language=ZH)).contract_text
    assert "第 2 版，自2026年9月1日起执行：one lift more" in chinese.html
    pages = desks.sales_papers.GetContractText(asking(contract.id, 2, format=pb.PAPER_FORMAT_PDF)).pdf
    assert pages.startswith(b"%PDF")
    for number in (0, 1):
        assert desks.sales_papers.GetContractText(asking(contract.id, number)).contract_text == first
    assert database["contract_texts"].count_documents({}) == 2


def test_an_amendment_that_is_refused_leaves_no_paper_and_a_version_that_is_not_there_has_none(
    desks: Desks, database: Database[dict[str, Any]]
) -> None:
    contract = signed(desks, desks.a_published().id)
    assert refused(desks.sales.AmendContract, amending(contract, reason="")).field == "reason"
    for number in (-1, 2):
        refusal = refused(desks.sales_papers.GetContractText, asking(contract.id, number))
        assert (refusal.kind, refusal.field) == (Kind.INVALID, "terms_number")
    assert database["contract_texts"].count_documents({}) == 1
    assert desks.sales.GetContract(contracts.GetContractRequest(contract_id=contract.id)).contract == contract


def test_a_version_that_was_made_before_amendments_had_a_paper_is_never_rendered_anew(
    desks: Desks, database: Database[dict[str, Any]]
) -> None:
    contract = signed(desks, desks.a_published().id)
    desks.sales.AmendContract(amending(contract))
    database["contracts"].update_many({}, {"$unset": {"versions.1.text_sha256": ""}})
    refusal = refused(desks.sales_papers.GetContractText, asking(contract.id, 2))
    assert (refusal.kind, refusal.reason) == (Kind.NOT_FOUND, "SIGNED_TEXT_NOT_FOUND")
