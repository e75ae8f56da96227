import io

from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from services.contracts.domain.paperwork.contract_paper import PaperLanguage
from services.contracts.domain.paperwork.paper import Fact, Paper, PaperClause
from services.contracts.rpc.paperwork.pdf import missing_characters, pdf_of

WRITTEN = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=60)


def a_paper(title: str = "Care", *, value: str = "x", paragraph: str = "x", cell: str = "x") -> Paper:
    return Paper(
        contract_id="con_1",
        language=PaperLanguage.ZH_HANS,
        title=title,
        facts=(Fact("a", value),),
        line_heads=("1", "2", "3", "4", "5", "6"),
        lines=(("1", cell, cell, "3", "4", "5"),),
        clauses=(PaperClause(title=title, paragraphs=(paragraph,), language=PaperLanguage.EN),),
        signatories=(Fact("b", value), Fact("c", value)),
    )


def pages(paper: Paper) -> int:
    return len(PdfReader(io.BytesIO(pdf_of(paper, "0" * 64))).pages)


@settings(max_examples=50, deadline=None)
@given(WRITTEN, WRITTEN, WRITTEN, WRITTEN)
def test_whatever_people_write_becomes_pages(title: str, value: str, paragraph: str, cell: str) -> None:
    assert pages(a_paper(title, value=value, paragraph=paragraph, cell=cell)) == 1


def test_the_longest_names_and_a_paragraph_of_many_pages_fit() -> None:
    assert pages(a_paper("双" * 200, value="双" * 200, paragraph="双" * 20_000, cell="双" * 200)) == 12
    assert pages(a_paper("W" * 200, value="W" * 200, paragraph="W" * 20_000, cell="W" * 200)) == 10


def test_a_character_that_is_missing_is_told_once() -> None:
    assert missing_characters(a_paper("𠮷 𠮷", cell="好 x€¥")) == ["𠮷"]
