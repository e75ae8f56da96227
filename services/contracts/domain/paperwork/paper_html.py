"""A contract's paper as one HTML page that needs no other file; every value in it is escaped."""

import hashlib
from collections.abc import Iterable
from html import escape

from services.contracts.domain.paperwork.contract_paper import PaperLanguage
from services.contracts.domain.paperwork.paper import Paper, PaperClause

TAGS = {PaperLanguage.EN: "en", PaperLanguage.ZH_HANS: "zh-Hans"}

_STYLE = """
@page{size:A4;margin:22mm 20mm}
body{max-width:170mm;margin:12mm auto;padding:0 5mm;color:#1d2733;font:15px/1.65 "Noto Sans CJK SC",
"Source Han Sans SC","PingFang SC","Microsoft YaHei","WenQuanYi Micro Hei",sans-serif}
h1{font-size:1.7em;line-height:1.3;margin:0 0 1em;text-align:center}
h2{font-size:1.15em;margin:2em 0 .7em;padding-bottom:.25em;border-bottom:1px solid #9fb0c3}
h3{font-size:1em;margin:1.3em 0 .3em}
p{margin:.4em 0;white-space:pre-line}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.25em 1.5em;margin:0}
dt{color:#54657a}dd{margin:0}
table{border-collapse:collapse;width:100%;font-size:.92em}
th,td{padding:.45em .6em;border-bottom:1px solid #d5dde6;text-align:left;vertical-align:top}
th{background:#eef2f6}
td:nth-child(n+4),th:nth-child(n+4){text-align:right;white-space:nowrap}
.only{color:#54657a;font-size:.9em}
.signatories{display:grid;grid-template-columns:1fr 1fr;gap:3em;margin-top:3.5em;break-inside:avoid}
.signatories div{border-top:1px solid #1d2733;padding-top:.4em;margin-top:4.5em}
""".replace("\n", "")


def html_of(paper: Paper) -> str:
    """Return the page."""
    labels = paper.labels
    facts = "".join(f"<dt>{escape(each.label)}</dt><dd>{escape(each.value)}</dd>" for each in paper.facts)
    clauses = "".join(_clause(number, each, paper=paper) for number, each in enumerate(paper.clauses, 1))
    signatories = "".join(
        f"<section><strong>{escape(each.label)}</strong><br>{escape(each.value)}"
        f"<div>{escape(labels['signature'])}</div></section>"
        for each in paper.signatories
    )
    return "\n".join(
        part
        for part in (
            f'<!doctype html><html lang="{TAGS[paper.language]}"><head><meta charset="utf-8">',
            f"<title>{escape(paper.title)}</title><style>{_STYLE}</style></head><body>",
            f"<h1>{escape(paper.title)}</h1>",
            f"<dl>{facts}</dl>",
            _table(paper) if paper.lines else "",
            f"<h2>{escape(labels['clauses'])}</h2>{clauses}" if clauses else "",
            f'<div class="signatories">{signatories}</div>',
            "</body></html>",
        )
        if part
    )


def sha256_of(html: str) -> str:
    """Return the hash of the page in UTF-8, in lower-case hexadecimal digits."""
    return hashlib.sha256(html.encode()).hexdigest()


def _table(paper: Paper) -> str:
    heads = _cells("th", paper.line_heads)
    rows = "".join(f"<tr>{_cells('td', row)}</tr>" for row in paper.lines)
    table = f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
    return f"<h2>{escape(paper.labels['lines'])}</h2>{table}"


def _cells(tag: str, values: Iterable[str]) -> str:
    return "".join(f"<{tag}>{escape(value)}</{tag}>" for value in values)


def _clause(number: int, clause: PaperClause, *, paper: Paper) -> str:
    strange = clause.language is not paper.language
    note = f'<p class="only">{escape(paper.labels["only"])}</p>' if strange else ""
    language = f' lang="{TAGS[clause.language]}"' if strange else ""
    paragraphs = "".join(f"<p{language}>{escape(each)}</p>" for each in clause.paragraphs)
    return f"<h3{language}>{number}. {escape(clause.title)}</h3>{note}{paragraphs}"
