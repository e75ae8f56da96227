"""A contract's paper as PDF: A4, page numbers, embedded font, and the same bytes for the same text."""

import io
import threading
from collections.abc import Callable
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    CondPageBreak,
    Flowable,
    HRFlowable,
    KeepTogether,
    LongTable,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
    TableStyle,
)

from services.contracts.domain.paperwork.contract_paper import PaperLanguage
from services.contracts.domain.paperwork.paper import Paper, PaperClause
from services.contracts.rpc.paperwork.fonts import FONT, font, lacking

_INK, _GREY, _RULE, _SHADE = HexColor("#1d2733"), HexColor("#54657a"), HexColor("#9fb0c3"), HexColor("#eef2f6")
_SIDE, _TOP, _BOTTOM = 20 * mm, 22 * mm, 24 * mm
_WIDTH = A4[0] - 2 * _SIDE
_COLUMNS = (0.075, 0.27, 0.235, 0.11, 0.155, 0.155)
_NUMBERS_FROM = 3
"""From this column of the lines on there are numbers, which stand at the right."""
_one_at_a_time = threading.Lock()
"""reportlab keeps its fonts, and what a document has used of them, in the process."""


def pdf_of(paper: Paper, sha256: str) -> bytes:
    """Return the pages; the foot of each shows the hash of the text."""
    target = io.BytesIO()
    with _one_at_a_time:
        font()
        document = SimpleDocTemplate(
            target,
            pagesize=A4,
            leftMargin=_SIDE,
            rightMargin=_SIDE,
            topMargin=_TOP,
            bottomMargin=_BOTTOM,
            title=paper.title,
            author=paper.signatories[0].value,
            subject=paper.contract_id,
            creator="MemberCare",
            lang="zh-CN" if paper.language is PaperLanguage.ZH_HANS else "en",
            invariant=1,  # no clock and no chance: the same text gives the same bytes
        )
        document.build(_story(paper), canvasmaker=_numbered(paper, sha256))
    return target.getvalue()


def missing_characters(paper: Paper) -> list[str]:
    """Return the characters that the PDF shows as boxes."""
    words = [paper.title, *(each.value for each in paper.facts), *(cell for row in paper.lines for cell in row)]
    words += [part for clause in paper.clauses for part in (clause.title, *clause.paragraphs)]
    return lacking("".join(words))


def _style(name: str, size: float, **more: Any) -> ParagraphStyle:
    given = {"fontName": FONT, "fontSize": size, "leading": size * 1.6, "textColor": _INK, "wordWrap": "CJK", **more}
    return ParagraphStyle(name, **given)


_TITLE = _style("title", 18, alignment=TA_CENTER, spaceAfter=16, leading=25)
_HEADING = _style("heading", 12.5, spaceBefore=16, spaceAfter=3)
_CLAUSE = _style("clause", 10.5, spaceBefore=9, spaceAfter=2)
_BODY = _style("body", 9.5, spaceAfter=4)
_NOTE = _style("note", 8.5, textColor=_GREY)
_LABEL = _style("label", 9.5, textColor=_GREY)
_CELL = _style("cell", 8.5, leading=12.5)
_NUMBER = _style("number", 8.5, leading=12.5, alignment=TA_RIGHT)


def _words(text: str, style: ParagraphStyle) -> Paragraph:
    """Nothing that a person wrote is markup here."""
    return Paragraph(escape(text).replace("\n", "<br/>"), style)


def _story(paper: Paper) -> list[Flowable]:
    story: list[Flowable] = [_words(paper.title, _TITLE), _facts(paper)]
    if paper.lines:
        story += [*_heading(paper.labels["lines"]), _lines(paper)]
    if paper.clauses:
        story += _heading(paper.labels["clauses"])
    for number, clause in enumerate(paper.clauses, 1):
        story += _clause(number, clause, paper=paper)
    return [*story, _signatories(paper)]


def _heading(text: str) -> list[Flowable]:
    rule = HRFlowable(width="100%", thickness=0.7, color=_RULE, spaceAfter=6)
    return [CondPageBreak(40 * mm), _words(text, _HEADING), rule]


def _facts(paper: Paper) -> Table:
    rows = [[_words(each.label, _LABEL), _words(each.value, _BODY)] for each in paper.facts]
    style = TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("TOPPADDING", (0, 0), (-1, -1), 1)])
    return Table(rows, colWidths=[_WIDTH * 0.27, _WIDTH * 0.73], style=style)


def _lines(paper: Paper) -> LongTable:
    rows = [
        [_words(cell, _NUMBER if column >= _NUMBERS_FROM else _CELL) for column, cell in enumerate(row)]
        for row in (paper.line_heads, *paper.lines)
    ]
    style = TableStyle(
        [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("BACKGROUND", (0, 0), (-1, 0), _SHADE),
            ("LINEBELOW", (0, 0), (-1, -1), 0.5, _RULE),
        ]
    )
    return LongTable(rows, colWidths=[_WIDTH * part for part in _COLUMNS], style=style, repeatRows=1)


def _clause(number: int, clause: PaperClause, *, paper: Paper) -> list[Flowable]:
    words: list[Flowable] = [_words(f"{number}. {clause.title}", _CLAUSE)]
    if clause.language is not paper.language:
        words.append(_words(paper.labels["only"], _NOTE))
    first, *rest = clause.paragraphs or ("",)
    return [KeepTogether([*words, _words(first, _BODY)]), *(_words(each, _BODY) for each in rest)]


def _signatories(paper: Paper) -> KeepTogether:
    names = [_words(f"{each.label}\n{each.value}", _BODY) for each in paper.signatories]
    places = [_words(paper.labels["signature"], _NOTE) for _ in paper.signatories]
    gap = [Spacer(1, 22 * mm) for _ in paper.signatories]
    style = TableStyle(
        [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LINEABOVE", (0, 2), (0, 2), 0.7, _INK),
            ("LINEABOVE", (2, 2), (2, 2), 0.7, _INK),
        ]
    )
    rows = [[row[0], "", row[1]] for row in (names, gap, places)]
    table = Table(rows, colWidths=[_WIDTH * 0.45, _WIDTH * 0.10, _WIDTH * 0.45], style=style)
    return KeepTogether([Spacer(1, 12 * mm), table])


def _numbered(paper: Paper, sha256: str) -> Callable[..., Canvas]:
    """Return a canvas that writes the foot of every page once it knows how many there are."""
    labels = paper.labels

    class Numbered(Canvas):
        def __init__(self, *arguments: Any, **more: Any) -> None:
            super().__init__(*arguments, **more)
            self._pages: list[dict[str, Any]] = []

        def showPage(self) -> None:
            self._pages.append(dict(self.__dict__))
            self._startPage()  # type: ignore[attr-defined]  # its types leave it out

        def save(self) -> None:
            for page, state in enumerate(self._pages, 1):
                self.__dict__.update(state)
                self._foot(labels["page"].format(page=page, pages=len(self._pages)))
                super().showPage()
            super().save()

        def _foot(self, place: str) -> None:
            self.setFillColor(_GREY)
            self.setStrokeColor(_RULE)
            self.setLineWidth(0.5)
            self.line(_SIDE, 16 * mm, A4[0] - _SIDE, 16 * mm)
            self.setFont(FONT, 7)
            self.drawString(_SIDE, 11.5 * mm, f"{paper.contract_id}   {labels['text_hash']} {sha256}")
            self.drawRightString(A4[0] - _SIDE, 11.5 * mm, place)

    return Numbered
