import io
import os
import subprocess
import sys
from typing import Any

import pytest
from pypdf import PdfReader

from membercare.contracts.v1 import contract_pb2
from membercare.contracts.v1 import contracts_service_pb2 as contracts
from membercare.contracts.v1 import paperwork_service_pb2 as pb
from services.chassis.errors import Kind
from tests.integration.calling import Calling, refused
from tests.integration.contracts.builders import NO_CONTRACT
from tests.integration.contracts.paperwork_builders import EN, NO_TEMPLATE, ZH, Desks, a_line, words


@pytest.fixture
def desks(calling: Calling) -> Desks:
    return Desks(calling)


def read(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_a_contract_is_written_down_in_both_languages_with_its_own_values(desks: Desks) -> None:
    chinese = words("{{ customer.name }}应支付{{ contract.price }}。", title="付款", language=ZH)
    english = words("{{ customer.name }} pays {{ contract.price }} {{ contract.billing_period }}.", title="Payment")
    clause = desks.a_published(chinese, english)
    draft = desks.a_draft(title="设备维护合同", lines=[a_line("电梯保养")])
    desks.choose(draft.id, clause.id)
    in_chinese, in_english = desks.text(draft.id).html, desks.text(draft.id, EN).html
    assert "北京东方仪器有限公司应支付CNY 37,036.50。" in in_chinese
    assert "人民币叁万柒仟零叁拾陆元伍角" in in_chinese
    assert "<td>CNY 12,345.50</td><td>CNY 37,036.50</td>" in in_chinese
    assert "2026年6月1日至2027年5月31日" in in_chinese
    assert "北京东方仪器有限公司 pays CNY 37,036.50 every year." in in_english
    assert "1 June 2026 to 31 May 2027" in in_english
    assert (in_chinese.count('lang="zh-Hans"'), in_english.count('lang="en"')) == (1, 1)


def test_a_currency_without_cents_is_written_without_cents(desks: Desks) -> None:
    price = contract_pb2.Money(currency_code="JPY", minor_units=120_000)
    draft = desks.a_draft(price=price)
    assert "JPY 120,000<" in desks.text(draft.id, EN).html


def test_the_pdf_holds_the_chinese_characters_as_text_with_embedded_fonts_and_page_numbers(desks: Desks) -> None:
    clause = desks.a_published(words("双方应当遵守保密义务。\n\n" * 80, title="保密", language=ZH), name="保密")
    draft = desks.a_draft(title="设备维护合同", lines=[a_line("电梯保养"), a_line("消防检测")])
    desks.choose(draft.id, clause.id)
    reply = desks.pages(draft.id, ZH)
    text, told = reply.contract_text, read(reply.pdf)
    for part in (
        "设备维护合同",
        "北京东方仪器有限公司",
        "电梯保养",
        "消防检测",
        "CNY 37,036.50",
        "双方应当遵守保密义务。",
    ):
        assert part in told
    pages = PdfReader(io.BytesIO(reply.pdf)).pages
    assert len(pages) >= 3
    assert f"第 {len(pages)} 页，共 {len(pages)} 页" in pages[-1].extract_text()
    assert text.sha256 in told.replace("\n", "")
    box = pages[0].mediabox
    assert (round(float(box.width)), round(float(box.height))) == (595, 842)
    fonts = [font.get_object() for page in pages for font in page["/Resources"]["/Font"].values()]  # type: ignore[index]
    embedded = [font for font in fonts if font["/Subtype"] == "/TrueType"]
    assert embedded
    assert all("/FontFile2" in font["/FontDescriptor"].get_object() for font in embedded)
    assert text.missing_characters == []


def test_a_character_that_the_font_lacks_is_told(desks: Desks) -> None:
    draft = desks.a_draft(customer_name="𠮷田商店")
    assert desks.pages(draft.id, ZH).contract_text.missing_characters == ["𠮷"]


def test_the_same_contract_gives_the_same_bytes_every_time(desks: Desks) -> None:
    draft = desks.a_draft(lines=[a_line("Lift"), a_line("Fire alarm")])
    one, two = desks.pages(draft.id, EN), desks.pages(draft.id, EN)
    assert one.pdf == two.pdf


def test_another_process_makes_the_same_bytes_of_the_same_paper() -> None:
    here: dict[str, Any] = {}
    exec(_RENDER, here)
    script = f"{_RENDER}\nimport sys\nsys.stdout.buffer.write(made)"
    there = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, env={**os.environ, "PYTHONHASHSEED": "7"}
    )
    assert there.stdout.startswith(b"%PDF-")
    assert there.stdout == here["made"]


_RENDER = """
from services.contracts.domain.paperwork.contract_paper import PaperLanguage
from services.contracts.domain.paperwork.paper import Fact, Paper, PaperClause
from services.contracts.rpc.paperwork.pdf import pdf_of
clause = PaperClause(title="Law", paragraphs=("中国法律。",), language=PaperLanguage.ZH_HANS)
paper = Paper(contract_id="con_1", language=PaperLanguage.EN, title="Care", facts=(Fact("a", "b"),),
              line_heads=("1",) * 6, lines=(("x",) * 6,), clauses=(clause,), signatories=(Fact("c", "d"),) * 2)
made = pdf_of(paper, "0" * 64)
"""


def test_what_people_wrote_is_never_markup(desks: Desks) -> None:
    attack = "<script>alert(1)</script>&\"'"
    clause = desks.a_published(words("<img src=x onerror=alert(1)> {{ customer.name }}", title="<b>Law</b>"))
    draft = desks.a_draft(customer_name=attack, title=attack, lines=[a_line("<i onclick=x>")])
    desks.choose(draft.id, clause.id, language=EN)
    html = desks.text(draft.id).html
    assert "<script" not in html
    assert "<img" not in html
    assert "<i " not in html
    assert "<b>" not in html
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt;&amp;&quot;&#x27;") == 5
    told = read(desks.pages(draft.id, EN).pdf)
    assert "<img src=x onerror=alert(1)>" in told
    assert attack in told


def test_a_clause_that_is_missing_in_a_language_stands_in_the_other_one_and_says_so(desks: Desks) -> None:
    clause = desks.a_published(words("The law of China.", title="Law"))
    draft = desks.a_draft()
    desks.choose(draft.id, clause.id)
    text = desks.text(draft.id, ZH)
    assert '<h3 lang="en">1. Law</h3><p class="only">（本条款仅有英文文本。）</p><p lang="en">' in text.html
    assert text.other_language_titles == ["Law"]
    assert desks.text(draft.id, EN).other_language_titles == []


def test_clauses_stand_in_the_order_that_was_chosen(desks: Desks) -> None:
    one, two = desks.a_published(words("One."), name="One"), desks.a_published(words("Two."), name="Two")
    draft = desks.a_draft()
    chosen = desks.choose(draft.id, two.id, one.id, language=EN)
    assert [(each.name, each.number) for each in chosen.clauses] == [("Two", 1), ("One", 1)]
    html = desks.text(draft.id).html
    assert html.index("Two.") < html.index("One.")
    read_back = desks.sales_papers.GetContractClauses(pb.GetContractClausesRequest(contract_id=draft.id))
    assert read_back.contract_clauses == chosen


def test_clauses_are_chosen_for_a_draft_only(desks: Desks) -> None:
    clause = desks.a_published()
    draft = desks.a_draft()
    desks.approve(draft.id)
    request = pb.ChooseClausesRequest(contract_id=draft.id, template_ids=[clause.id])
    refusal = refused(desks.sales_papers.ChooseClauses, request)
    assert (refusal.kind, refusal.reason) == (Kind.PRECONDITION, "CONTRACT_TRANSITION_REFUSED")
    assert "Dear" not in desks.text(draft.id).html


def test_clauses_survive_that_the_draft_is_written_anew(desks: Desks) -> None:
    clause = desks.a_published()
    draft = desks.a_draft()
    desks.choose(draft.id, clause.id)
    desks.sales.UpdateContractDraft(
        contracts.UpdateContractDraftRequest(
            contract_id=draft.id,
            title="Another title",
            start_date="2026-07-01",
            end_date="2027-06-30",
            price=contract_pb2.Money(currency_code="CNY", minor_units=1),
        )
    )
    html = desks.text(draft.id, EN).html
    assert "<h1>Another title</h1>" in html
    assert "Dear 北京东方仪器有限公司." in html


@pytest.mark.parametrize(
    ("fields", "reason", "at_fault"),
    [
        ({"contract_id": "17"}, "INVALID_ID", "contract_id"),
        ({"contract_id": NO_CONTRACT}, "CONTRACT_NOT_FOUND", ""),
        ({"language": 9}, "INVALID_FIELD", "language"),
        ({"template_ids": ["17"]}, "INVALID_ID", "template_ids"),
        ({"template_ids": [NO_TEMPLATE, NO_TEMPLATE]}, "INVALID_FIELD", "template_ids"),
        ({"template_ids": [NO_TEMPLATE] * 101}, "INVALID_FIELD", "template_ids"),
        ({"template_ids": [NO_TEMPLATE]}, "CLAUSE_TEMPLATE_NOT_FOUND", ""),
        ({"etag": "99"}, "STALE_VERSION", "etag"),
    ],
)
def test_a_wrong_choice_is_refused_and_changes_nothing(
    desks: Desks, fields: dict[str, Any], reason: str, at_fault: str
) -> None:
    draft = desks.a_draft()
    refusal = refused(desks.sales_papers.ChooseClauses, pb.ChooseClausesRequest(**{"contract_id": draft.id} | fields))
    assert (refusal.reason, refusal.field) == (reason, at_fault)
    unchanged = desks.sales_papers.GetContractClauses(pb.GetContractClausesRequest(contract_id=draft.id))
    assert unchanged.contract_clauses == pb.ContractClauses(contract_id=draft.id, language=ZH, etag="1")


@pytest.mark.parametrize(
    ("fields", "reason", "at_fault"),
    [
        ({"contract_id": ""}, "INVALID_ID", "contract_id"),
        ({"contract_id": NO_CONTRACT}, "CONTRACT_NOT_FOUND", ""),
        ({"language": 9}, "INVALID_FIELD", "language"),
        ({"format": 9}, "INVALID_FIELD", "format"),
    ],
)
def test_a_text_that_cannot_be_is_refused(desks: Desks, fields: dict[str, Any], reason: str, at_fault: str) -> None:
    draft = desks.a_draft()
    request = pb.GetContractTextRequest(**{"contract_id": draft.id} | fields)
    refusal = refused(desks.sales_papers.GetContractText, request)
    assert (refusal.reason, refusal.field) == (reason, at_fault)


def test_a_clause_that_a_long_contract_makes_endless_is_refused_when_it_is_chosen(desks: Desks) -> None:
    body = "{% for a in contract.lines %}{% for b in contract.lines %}{{ b.amount }}{% endfor %}{% endfor %}"
    clause = desks.a_published(words(body))
    draft = desks.a_draft(lines=[a_line(f"Lift {number}") for number in range(40)])
    request = pb.ChooseClausesRequest(contract_id=draft.id, template_ids=[clause.id])
    refusal = refused(desks.sales_papers.ChooseClauses, request)
    assert (refusal.kind, refusal.reason) == (Kind.PRECONDITION, "CLAUSE_RENDERING_FAILED")
    assert "Liability" in refusal.message
    assert "Liability" not in desks.text(draft.id).html


def test_clauses_that_are_too_long_together_are_refused_when_they_are_chosen(desks: Desks) -> None:
    clauses = [desks.a_published(words("x" * 20_000), name=f"Clause {number}").id for number in range(15)]
    draft = desks.a_draft()
    request = pb.ChooseClausesRequest(contract_id=draft.id, template_ids=clauses)
    refusal = refused(desks.sales_papers.ChooseClauses, request)
    assert (refusal.kind, refusal.reason) == (Kind.PRECONDITION, "CONTRACT_TEXT_TOO_LONG")
    desks.choose(draft.id, *clauses[:14])
    desks.approve(draft.id)
    desks.sign(draft.id)
    assert desks.text(draft.id).frozen
    assert len(PdfReader(io.BytesIO(desks.pages(draft.id).pdf)).pages) > 30
