"""Clauses and files that name only what matters to a test."""

from typing import Any

from membercare.contracts.v1 import clause_template_pb2 as clause
from membercare.contracts.v1 import contract_pb2, document_pb2
from membercare.contracts.v1 import contracts_service_pb2 as contracts
from membercare.contracts.v1 import paperwork_service_pb2 as pb
from membercare.contracts.v1.contracts_service_pb2_grpc import ContractsServiceStub
from membercare.contracts.v1.paperwork_service_pb2_grpc import PaperworkServiceStub
from tests.integration.calling import Calling
from tests.integration.contracts.builders import a_customer, new_contract

ZH, EN = clause.PAPER_LANGUAGE_ZH_HANS, clause.PAPER_LANGUAGE_EN
PDF = b"%PDF-1.7\nsigned\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20
JPEG = b"\xff\xd8\xff\xe0" + b"\x00" * 20
NO_TEMPLATE = "tpl_00000000000000000000000000"
NO_DOCUMENT = "doc_00000000000000000000000000"


class Desks:
    """The people who meet over a contract: each with the stubs of their own sign-in."""

    def __init__(self, calling: Calling) -> None:
        self.calling = calling
        self.sales = calling.as_subject(ContractsServiceStub, "sue", "sales")
        self.legal = calling.as_subject(ContractsServiceStub, "leo", "legal")
        self.sales_papers = self.papers("sales", "sue")
        self.author = self.papers("legal", "leo")
        self.publisher = self.papers("legal", "lin")

    def papers(self, role: str, subject: str = "somebody") -> PaperworkServiceStub:
        return self.calling.as_subject(PaperworkServiceStub, subject, role)

    def a_draft(self, customer_name: str = "北京东方仪器有限公司", **fields: Any) -> contract_pb2.Contract:
        customer_id = a_customer(self.sales, name=customer_name).id
        return self.sales.CreateContract(new_contract(customer_id, **fields)).contract

    def a_published(self, *texts: clause.ClauseText, name: str = "Liability") -> clause.ClauseTemplate:
        draft = self.author.CreateClauseTemplate(new_clause(*texts, name=name)).clause_template
        return self.publisher.PublishClauseTemplate(
            pb.PublishClauseTemplateRequest(template_id=draft.id)
        ).clause_template

    def choose(self, contract_id: str, *template_ids: str, language: Any = ZH) -> pb.ContractClauses:
        request = pb.ChooseClausesRequest(contract_id=contract_id, language=language, template_ids=template_ids)
        return self.sales_papers.ChooseClauses(request).contract_clauses

    def approve(self, contract_id: str) -> None:
        self.sales.SubmitContract(contracts.SubmitContractRequest(contract_id=contract_id))
        self.legal.ApproveContract(contracts.ApproveContractRequest(contract_id=contract_id))

    def sign(self, contract_id: str) -> contract_pb2.Contract:
        return self.sales.SignContract(contracts.SignContractRequest(contract_id=contract_id)).contract

    def text(self, contract_id: str, language: Any = 0) -> pb.ContractText:
        request = pb.GetContractTextRequest(contract_id=contract_id, language=language)
        return self.sales_papers.GetContractText(request).contract_text

    def pages(self, contract_id: str, language: Any = 0) -> pb.GetContractTextResponse:
        request = pb.GetContractTextRequest(contract_id=contract_id, language=language, format=pb.PAPER_FORMAT_PDF)
        return self.sales_papers.GetContractText(request, timeout=60)


def words(body: str, *, title: str = "Liability", language: Any = EN) -> clause.ClauseText:
    return clause.ClauseText(language=language, title=title, body=body)


def new_clause(*texts: clause.ClauseText, **fields: Any) -> pb.CreateClauseTemplateRequest:
    given: dict[str, Any] = {"name": "Liability", "texts": texts or (words("Dear {{ customer.name }}."),)}
    return pb.CreateClauseTemplateRequest(**given | fields)


def a_file(contract_id: str, **fields: Any) -> pb.UploadDocumentRequest:
    given: dict[str, Any] = {
        "kind": document_pb2.DOCUMENT_KIND_ATTACHMENT,
        "file_name": "附件.pdf",
        "content": PDF,
    }
    return pb.UploadDocumentRequest(contract_id=contract_id, **given | fields)


def a_line(description: str) -> contract_pb2.ContractLine:
    price = contract_pb2.Money(currency_code="CNY", minor_units=1_234_550)
    return contract_pb2.ContractLine(description=description, quantity=3, price=price)
