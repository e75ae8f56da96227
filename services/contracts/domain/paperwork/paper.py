"""A contract as it stands on paper: facts, lines and clauses, in words, ready for any format."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.contracts.domain.life_cycle.contract import Contract
from services.contracts.domain.paperwork.clause_template import ClauseTemplate, ClauseText
from services.contracts.domain.paperwork.clause_words import LineValues, filled
from services.contracts.domain.paperwork.contract_paper import PaperChoice, PaperLanguage
from services.contracts.domain.paperwork.paper_words import (
    LABELS,
    ZH,
    capital_yuan,
    day_in,
    every,
    money_in,
    period_in,
    renewal_in,
    timing_in,
)
from services.contracts.domain.paperwork.paperwork_errors import ContractTextTooLong
from services.contracts.domain.terms.terms import ContractLine, TermsVersion

MOST_CHARACTERS = 300_000
"""Of all clauses together: what is frozen in two languages must fit into one document of 16 MiB, and a PDF be made in
about a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parties:
    """Who signs."""

    customer_name: str
    customer_tax_id: str = ""
    company_name: str = ""
    """Empty: the paper says "the provider"."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and what stands beside it."""

    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperClause:
    """A clause with the contract's values in it."""

    title: str
    paragraphs: tuple[str, ...]
    language: PaperLanguage
    """The language that it stands in, which is not always the paper's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """The whole text, in one language."""

    contract_id: str
    language: PaperLanguage
    title: str
    facts: tuple[Fact, ...]
    line_heads: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]
    """A row for each line, with as many cells as there are heads."""
    clauses: tuple[PaperClause, ...]
    signatories: tuple[Fact, ...]
    """Who signs, and in whose name."""

    @property
    def labels(self) -> Mapping[str, str]:
        """The fixed words."""
        return LABELS[self.language]

    @property
    def other_language_titles(self) -> tuple[str, ...]:
        """Titles of the clauses that do not exist in the paper's language."""
        return tuple(each.title for each in self.clauses if each.language is not self.language)


def paper_of(
    contract: Contract,
    parties: Parties,
    *,
    choice: PaperChoice,
    templates: Mapping[str, ClauseTemplate],
    language: PaperLanguage,
) -> Paper:
    """Return the contract's text, or refuse with CLAUSE_RENDERING_FAILED or CONTRACT_TEXT_TOO_LONG.

    A clause that does not exist in the language stands in the other one and says so. `templates` holds every one that
    the choice names. Nothing of it depends on when it is asked for: the same contract gives the same text.
    """
    labels, terms = LABELS[language], contract.terms
    clauses = tuple(
        _clause(contract, parties, template=templates[each.template_id], number=each.number, language=language)
        for each in choice.clauses
    )
    _refuse_too_long(contract.id, clauses)
    return Paper(
        contract_id=contract.id,
        language=language,
        title=terms.title,
        facts=_facts(contract, parties, language=language),
        line_heads=tuple(
            labels[name] for name in ("line_number", "description", "days", "quantity", "unit_price", "amount")
        ),
        lines=tuple(
            (str(number), line.description, _days(line, terms, language=language), *_sums(line))
            for number, line in enumerate(terms.lines, 1)
        ),
        clauses=clauses,
        signatories=(
            Fact(labels["provider"], parties.company_name or labels["unnamed"]),
            Fact(labels["customer"], parties.customer_name),
        ),
    )


def clause_of(contract: Contract, parties: Parties, *, text: ClauseText, name: str) -> PaperClause:
    """Return a clause with the values of a contract in it, or refuse with CLAUSE_RENDERING_FAILED and its name."""
    values = clause_values(contract, parties, language=text.language)
    return PaperClause(
        title=" ".join(filled(text.title, values, clause=name).split()),
        paragraphs=tuple(_paragraphs(filled(text.body, values, clause=name))),
        language=text.language,
    )


def clause_values(contract: Contract, parties: Parties, *, language: PaperLanguage) -> dict[str, Any]:
    """Return what the variables of clauses stand for; the names are those of `clause_words.SAMPLE`."""
    terms = contract.terms
    return {
        "company": {"name": parties.company_name or LABELS[language]["unnamed"]},
        "customer": {"name": parties.customer_name, "tax_id": parties.customer_tax_id},
        "contract": {
            "id": contract.id,
            "title": terms.title,
            "start_date": day_in(terms.start_date, language),
            "end_date": day_in(terms.end_date, language),
            "days": (terms.end_date - terms.start_date).days + 1,
            "price": money_in(terms.price),
            "currency": terms.price.currency_code,
            "billing_period": every(terms.billing.period, language),
            "billing_timing": timing_in(terms.billing.timing, language),
            "renewal": renewal_in(terms.renewal, language),
            "renewal_term": period_in(terms.renewal.term, language),
            "notice": period_in(terms.renewal.notice, language),
            "lines": [LineValues(_line_values(line, terms, language=language)) for line in terms.lines],
        },
    }


def _facts(contract: Contract, parties: Parties, *, language: PaperLanguage) -> tuple[Fact, ...]:
    labels, terms = LABELS[language], contract.terms
    start, end = day_in(terms.start_date, language), day_in(terms.end_date, language)
    comma = "，" if language is ZH else ", "
    capitals = capital_yuan(terms.price) if language is ZH else ""
    facts = [
        ("number", contract.id),
        ("amendment", _amendment(terms, language) if terms.number > 1 else ""),
        ("provider", parties.company_name or labels["unnamed"]),
        ("customer", parties.customer_name),
        ("tax_id", parties.customer_tax_id),
        ("term", labels["term_value"].format(start=start, end=end)),
        ("price", money_in(terms.price) + (f"（{capitals}）" if capitals else "")),
        ("billing", f"{every(terms.billing.period, language)}{comma}{timing_in(terms.billing.timing, language)}"),
        ("renewal", renewal_in(terms.renewal, language)),
        ("notice", labels["notice_value"].format(period=period_in(terms.renewal.notice, language))),
    ]
    return tuple(Fact(labels[name], value) for name, value in facts if value)


def _amendment(terms: TermsVersion, language: PaperLanguage) -> str:
    value = LABELS[language]["amendment_value"]
    return value.format(number=terms.number, day=day_in(terms.effective_date, language), reason=terms.reason)


def _sums(line: ContractLine) -> tuple[str, str, str]:
    return f"{line.quantity:,}", money_in(line.price), money_in(line.price * line.quantity)


def _days(line: ContractLine, terms: TermsVersion, *, language: PaperLanguage) -> str:
    start, end = line.start_date or terms.start_date, line.end_date or terms.end_date
    return f"{day_in(start, language)} – {day_in(end, language)}"


def _line_values(line: ContractLine, terms: TermsVersion, *, language: PaperLanguage) -> dict[str, Any]:
    quantity, price, amount = _sums(line)
    return {
        "description": line.description,
        "quantity": quantity,
        "price": price,
        "amount": amount,
        "start_date": day_in(line.start_date or terms.start_date, language),
        "end_date": day_in(line.end_date or terms.end_date, language),
    }


def _clause(
    contract: Contract, parties: Parties, *, template: ClauseTemplate, number: int, language: PaperLanguage
) -> PaperClause:
    return clause_of(contract, parties, text=template.numbered(number).text_in(language), name=template.name)


def _refuse_too_long(contract_id: str, clauses: Iterable[PaperClause]) -> None:
    length = sum(len(part) for clause in clauses for part in (clause.title, *clause.paragraphs))
    if length > MOST_CHARACTERS:
        raise ContractTextTooLong(contract_id, length=length, most=MOST_CHARACTERS)


def _paragraphs(body: str) -> Sequence[str]:
    """An empty line begins a new paragraph; a single line break stays one."""
    paragraphs: list[list[str]] = [[]]
    for line in body.splitlines():
        if clean := line.strip():
            paragraphs[-1].append(clean)
        elif paragraphs[-1]:
            paragraphs.append([])
    return ["\n".join(lines) for lines in paragraphs if lines]
