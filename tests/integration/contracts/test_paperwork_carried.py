"""Drafts that follow a contract begin with its clauses, in their newest wording."""

from datetime import date

import pytest
from pymongo.database import Database

from membercare.contracts.v1 import clause_template_pb2, contract_pb2, opportunity_pb2, renewal_pb2
from membercare.contracts.v1 import contracts_service_pb2 as contracts
from membercare.contracts.v1 import paperwork_service_pb2 as pb
from membercare.contracts.v1 import renewals_service_pb2 as renewals
from membercare.contracts.v1 import sales_service_pb2 as selling
from membercare.contracts.v1.renewals_service_pb2_grpc import RenewalsServiceStub
from membercare.contracts.v1.sales_service_pb2_grpc import SalesServiceStub
from services.contracts.domain.life_cycle.contract import Contract
from services.contracts.domain.paperwork.contract_paper import ChosenClause, PaperChoice, PaperLanguage
from tests.integration.calling import Calling
from tests.integration.contracts.paperwork_builders import EN, Desks, words
from tests.integration.contracts.renewals_builders import a_contract, in_days, opened, read, stored
from tests.integration.contracts.sales_builders import (
    a_quote,
    accept,
    an_accepted_quote,
    an_opportunity,
    as_sales,
    quote_line,
)

NOTHING = "The draft has no clauses: choose them before it is submitted.\n合同草稿尚无条款，请在提交审核前选择条款。"


@pytest.fixture
def desks(calling: Calling, database: Database[dict[str, object]]) -> Desks:
    return Desks(calling)


def a_clause(desks: Desks, name: str) -> clause_template_pb2.ClauseTemplate:
    return desks.a_published(words(f"{name} as it was first.", title=name), name=name)


def reworded(desks: Desks, clause: clause_template_pb2.ClauseTemplate) -> None:
    """Publish a second wording, then write a third that stays a draft."""
    for body in ("as it is now.", "as nobody has published it."):
        texts = [words(f"{clause.name} {body}", title=clause.name)]
        desks.author.ReviseClauseTemplate(pb.ReviseClauseTemplateRequest(template_id=clause.id, texts=texts))
        if body == "as it is now.":
            desks.publisher.PublishClauseTemplate(pb.PublishClauseTemplateRequest(template_id=clause.id))


def with_paper(*template_ids: str) -> PaperChoice:
    return PaperChoice(language=PaperLanguage.EN, clauses=tuple(ChosenClause(each, 1) for each in template_ids))


def comments(desks: Desks, contract_id: str) -> list[tuple[str, str]]:
    contract = desks.sales.GetContract(contracts.GetContractRequest(contract_id=contract_id)).contract
    return [(each.by, each.text) for each in contract.review.comments]


def test_a_successor_has_the_clauses_of_its_predecessor_as_they_read_now_without_those_out_of_use(
    calling: Calling, desks: Desks
) -> None:
    first, second, third = (a_clause(desks, name) for name in ("Payment", "Old law", "Liability"))
    sales = calling.as_subject(RenewalsServiceStub, "li.wen", "sales")
    renewal = opened(sales, in_days(40), paper=with_paper(third.id, second.id, first.id))
    reworded(desks, first)
    desks.publisher.RetireClauseTemplate(pb.RetireClauseTemplateRequest(template_id=second.id))
    asked = renewals.WinRenewalRequest(renewal_id=renewal.id, won_by=renewal_pb2.WON_BY_SUCCESSOR)
    successor_id = sales.WinRenewal(asked).renewal.outcome.successor_id
    assert read(successor_id).paper == PaperChoice(
        language=PaperLanguage.EN, clauses=(ChosenClause(third.id, 1), ChosenClause(first.id, 2))
    )
    ((by, text),) = comments(desks, successor_id)
    taken = f"Clauses taken over from {renewal.contract_id} in their newest wording: 2."
    assert (by, text.splitlines()) == (
        "jobs",
        [
            f"{taken} Left out, for they are retired: Old law.",
            f"沿用合同 {renewal.contract_id} 的条款（最新发布版本）：2 条。已停用、未沿用的条款：Old law。",
        ],
    )
    assert read(renewal.contract_id).paper == with_paper(third.id, second.id, first.id)


def test_a_successor_of_a_contract_without_clauses_says_that_it_has_none(calling: Calling, desks: Desks) -> None:
    sales = calling.as_subject(RenewalsServiceStub, "li.wen", "sales")
    renewal = opened(sales, in_days(40))
    asked = renewals.WinRenewalRequest(renewal_id=renewal.id, won_by=renewal_pb2.WON_BY_SUCCESSOR)
    successor_id = sales.WinRenewal(asked).renewal.outcome.successor_id
    assert read(successor_id).paper == PaperChoice()
    assert comments(desks, successor_id) == [("jobs", NOTHING)]


def test_the_draft_of_a_quote_has_no_clauses_and_says_so_and_they_are_chosen_as_ever(
    calling: Calling, desks: Desks
) -> None:
    quote = an_accepted_quote(calling)
    request = selling.CreateContractFromQuoteRequest(quote_id=quote.id)
    draft = as_sales(calling).CreateContractFromQuote(request).contract
    assert [(each.by, each.text) for each in draft.review.comments] == [("jobs", NOTHING)]
    clause = a_clause(desks, "Payment")
    desks.choose(draft.id, clause.id, language=EN)
    assert "Payment as it was first." in desks.text(draft.id).html


def test_the_draft_of_a_quote_for_a_renewal_has_the_clauses_of_the_contract_that_it_renews(
    calling: Calling, desks: Desks
) -> None:
    clause = a_clause(desks, "Payment")
    customer_id = desks.a_draft().customer_id
    (before,) = stored(a_contract_of(customer_id, clause.id))
    reworded(desks, clause)
    sales, boss = as_sales(calling), calling.as_subject(SalesServiceStub, "anna", "approver")
    deal = an_opportunity(
        sales, customer_id, kind=opportunity_pb2.OPPORTUNITY_KIND_RENEWAL, contract_id=before.id, title="Another year"
    )
    quote = a_quote(sales, deal.id, quote_line())
    boss.ApproveQuote(selling.ApproveQuoteRequest(quote_id=quote.id))
    sales.SendQuote(selling.SendQuoteRequest(quote_id=quote.id))
    sales.AcceptQuote(accept(quote.id))
    draft = sales.CreateContractFromQuote(selling.CreateContractFromQuoteRequest(quote_id=quote.id)).contract
    assert (draft.predecessor_id, draft.state) == (before.id, contract_pb2.CONTRACT_STATE_DRAFT)
    assert read(draft.id).paper.clauses == (ChosenClause(clause.id, 2),)
    assert "Payment as it is now." in desks.text(draft.id).html


def a_contract_of(customer_id: str, template_id: str) -> Contract:
    return a_contract(date(2026, 12, 31), customer_id=customer_id, paper=with_paper(template_id))
