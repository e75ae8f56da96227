"""Choose the clauses of a contract, render its text, and freeze it at the signature."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from services.chassis.checks import request_key
from services.chassis.clock import Clock
from services.chassis.errors import InvalidField, NotFound
from services.chassis.ids import check_id
from services.contracts.domain.life_cycle.contract import Contract
from services.contracts.domain.life_cycle.contract_as_of import AsOf
from services.contracts.domain.life_cycle.contract_states import Verb
from services.contracts.domain.paperwork.clause_template import ClauseTemplate, ClauseText, checked_text
from services.contracts.domain.paperwork.contract_paper import PaperChoice, PaperLanguage
from services.contracts.domain.paperwork.paper import PaperClause, clause_of, paper_of
from services.contracts.domain.paperwork.paper_html import html_of, sha256_of
from services.contracts.ports.contracts import Contracts
from services.contracts.ports.paperwork import (
    ClauseTemplates,
    PartyRegister,
    Rendition,
    SignedText,
    SignedTexts,
)

MOST_CLAUSES = 100


@dataclass(frozen=True, slots=True)
class ChooseClauses:
    """Puts a draft together."""

    contracts: Contracts
    render: "RenderText"
    clock: Clock

    def __call__(
        self,
        contract_id: str,
        template_ids: Sequence[str],
        *,
        language: PaperLanguage | None,
        etag: str,
        request_id: str,
    ) -> Contract:
        """Return the draft with the newest published version of each clause; refused if they do not fit it."""
        now, wanted = self.clock.now(), _distinct(template_ids)
        found = templates_of(self.render.templates, wanted)
        choice = PaperChoice(
            language=language or PaperLanguage.ZH_HANS, clauses=tuple(found[each].chosen() for each in wanted)
        )

        def choose(contract: Contract) -> Contract:
            contract.refuse_unless(Verb.UPDATE)
            chosen = replace(contract, paper=choice, update_time=now, events=())
            for each in PaperLanguage:
                self.render(chosen, each)  # what cannot be written down must not wait for its signature
            return chosen

        return self.contracts.change(
            check_id(contract_id, "con", field="contract_id"),
            choose,
            etag=etag,
            request_key=request_key("choose_clauses", request_id),
        )


@dataclass(frozen=True, slots=True)
class RenderText:
    """Writes a contract down as it is now."""

    templates: ClauseTemplates
    register: PartyRegister

    def __call__(self, contract: Contract, language: PaperLanguage, *, to_be_signed: bool = False) -> Rendition:
        """Return the text; `to_be_signed` refuses a retired clause with CLAUSE_RETIRED."""
        templates = templates_of(self.templates, [each.template_id for each in contract.paper.clauses])
        if to_be_signed:
            for template in templates.values():
                template.refuse_retired()
        paper = paper_of(
            contract,
            self.register.parties(contract),
            choice=contract.paper,
            templates=templates,
            language=language,
        )
        html = html_of(paper)
        return Rendition(paper=paper, html=html, sha256=sha256_of(html))


@dataclass(frozen=True, slots=True)
class PreviewClause:
    """Shows what a clause would say in a contract, while it is being written."""

    contracts: Contracts
    register: PartyRegister

    def __call__(self, contract_id: str, text: ClauseText) -> PaperClause:
        """Return the clause with the contract's values in it; refused as if it were to be stored."""
        checked = checked_text(text)
        contract = self.contracts.get(check_id(contract_id, "con", field="contract_id"))
        return clause_of(contract, self.register.parties(contract), text=checked, name=checked.title)


@dataclass(frozen=True, slots=True)
class FreezeText:
    """Keeps the text that is about to be signed or amended, in every language; the contract remembers its hash.

    What is kept is found by its hash alone. A signature or an amendment that fails after this leaves a text that
    nothing points to.
    """

    render: RenderText
    texts: SignedTexts

    def __call__(self, contract: Contract, *, now: datetime) -> str:
        """Return the SHA-256 of the page in the binding language."""
        renditions = {each: self.render(contract, each, to_be_signed=not contract.signed) for each in PaperLanguage}
        binding = contract.paper.language
        sha256 = renditions[binding].sha256
        self.texts.keep(
            SignedText(
                contract_id=contract.id,
                sha256=sha256,
                language=binding,
                renditions=renditions,
                frozen_time=now,
            )
        )
        return sha256


@dataclass(frozen=True, slots=True)
class ShownText:
    """The text of a contract or of an amendment, in one language."""

    rendition: Rendition
    frozen: SignedText | None
    """What was kept of it; None: it is rendered from the contract as it is."""
    terms_number: int
    """Of the version that the amendment made; 0: the contract itself."""


@dataclass(frozen=True, slots=True)
class ReadText:
    """Shows the text of a contract."""

    contracts: Contracts
    render: RenderText
    texts: SignedTexts

    def __call__(
        self, contract_id: str, language: PaperLanguage | None, as_of: AsOf, *, terms_number: int = 0
    ) -> ShownText:
        """Return the text of an amendment by its number (0 and 1: of the contract itself), or as of a day.

        As of a day only what was signed is a text: refused with SIGNED_TEXT_NOT_FOUND.
        """
        if terms_number and not as_of.now:
            raise InvalidField("terms_number", "terms_number excludes as_of and known_at: each of them finds a text.")
        contract = self.contracts.get(check_id(contract_id, "con", field="contract_id"))
        number = terms_number if as_of.now else _number_of_text(as_of(contract))
        if not 0 <= number <= len(contract.versions):
            raise InvalidField("terms_number", f"terms_number must be 0 to {len(contract.versions)}.")
        wanted, amended = language or contract.paper.language, number > 1
        if not contract.signed_text_sha256 and not amended:
            return ShownText(self.render(contract, wanted), None, terms_number=0)
        sha256 = contract.versions[number - 1].text_sha256 if amended else contract.signed_text_sha256
        frozen = self.texts.find(contract.id, sha256)
        if frozen is None:
            raise NotFound("signed_text", contract.id)
        return ShownText(frozen.renditions[wanted], frozen, terms_number=number if amended else 0)


def _number_of_text(contract: Contract) -> int:
    """Return the number of the version whose text holds: the last amendment's; a term that was added has none."""
    if not contract.signed_text_sha256:
        raise NotFound("signed_text", contract.id)
    amended = [each for each in contract.versions if each.text_sha256]
    return max(amended, key=lambda each: (each.effective_date, each.number)).number if amended else 0


def templates_of(templates: ClauseTemplates, template_ids: Sequence[str]) -> Mapping[str, ClauseTemplate]:
    """Return the templates by id, or refuse with CLAUSE_TEMPLATE_NOT_FOUND the first that is missing."""
    found = {each.id: each for each in templates.batch_get(template_ids)} if template_ids else {}
    for template_id in template_ids:
        if template_id not in found:
            raise NotFound("clause_template", template_id)
    return found


def _distinct(template_ids: Sequence[str]) -> list[str]:
    if len(template_ids) > MOST_CLAUSES:
        raise InvalidField("template_ids", f"template_ids holds {len(template_ids)}; at most {MOST_CLAUSES} fit.")
    if len(set(template_ids)) != len(template_ids):
        raise InvalidField("template_ids", "template_ids: each clause can be there once.")
    return [check_id(each, "tpl", field="template_ids") for each in template_ids]
