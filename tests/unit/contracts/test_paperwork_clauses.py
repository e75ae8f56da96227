from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import Any

import pytest

from services.chassis.errors import DomainError, Kind
from services.contracts.domain.paperwork.clause_template import ClauseState, ClauseTemplate, ClauseText
from services.contracts.domain.paperwork.clause_words import KNOWN_VARIABLES, SAMPLE, filled
from services.contracts.domain.paperwork.contract_paper import ChosenClause, PaperLanguage
from services.contracts.domain.paperwork.paperwork_errors import ClauseRenderingFailed

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
KEY = "tpl_00000000000000000000000001"
ZH, EN = PaperLanguage.ZH_HANS, PaperLanguage.EN


def text(body: str = "Dear {{ customer.name }}.", *, title: str = "Law", language: PaperLanguage = EN) -> ClauseText:
    return ClauseText(language=language, title=title, body=body)


def a_draft(*texts: ClauseText, name: str = "Law") -> ClauseTemplate:
    return ClauseTemplate.write(KEY, name, texts=texts or (text(),), author="leo", now=NOON)


def a_published(*texts: ClauseText) -> ClauseTemplate:
    return a_draft(*texts).publish(by="lin", now=NOON)


def refusal(call: Any) -> DomainError:
    with pytest.raises(DomainError) as caught:
        call()
    return caught.value


def test_a_clause_is_a_draft_until_somebody_else_publishes_it() -> None:
    draft = a_draft()
    assert (draft.state, draft.current) == (ClauseState.DRAFT, None)
    published = draft.publish(by="lin", now=NOON + timedelta(hours=1))
    assert published.state is ClauseState.PUBLISHED
    assert published.current is not None
    assert (published.current.author, published.current.publisher) == ("leo", "lin")
    assert published.current.published_time == NOON + timedelta(hours=1)


def test_an_author_does_not_publish_what_they_wrote() -> None:
    refused = refusal(lambda: a_draft().publish(by="leo", now=NOON))
    assert (refused.kind, refused.code) == (Kind.FORBIDDEN, "PUBLISHER_IS_AUTHOR")


def test_whoever_rewrote_a_draft_is_its_author_and_the_first_writer_may_publish_it() -> None:
    rewritten = a_draft().revise("", (text("Anew."),), author="lin", now=NOON)
    assert refusal(lambda: rewritten.publish(by="lin", now=NOON)).code == "PUBLISHER_IS_AUTHOR"
    published = rewritten.publish(by="leo", now=NOON)
    assert [each.texts[0].body for each in published.versions] == ["Anew."]


def test_a_published_version_stays_beside_the_next_one() -> None:
    second = a_published().revise("", (text("Anew."),), author="leo", now=NOON)
    assert [each.state for each in second.versions] == [ClauseState.PUBLISHED, ClauseState.DRAFT]
    assert second.chosen() == ChosenClause(KEY, 1)
    third = second.publish(by="lin", now=NOON)
    assert third.chosen() == ChosenClause(KEY, 2)
    assert third.numbered(1) == a_published().numbered(1)


def test_there_is_nothing_to_publish_twice() -> None:
    assert refusal(lambda: a_published().publish(by="lin", now=NOON)).code == "CLAUSE_HAS_NO_DRAFT"


def test_a_draft_is_not_chosen() -> None:
    assert refusal(a_draft().chosen).code == "CLAUSE_NOT_PUBLISHED"


@pytest.mark.parametrize(
    "verb",
    [
        lambda retired: retired.chosen(),
        lambda retired: retired.revise("", (text(),), author="leo", now=NOON),
        lambda retired: retired.publish(by="lin", now=NOON),
        lambda retired: retired.retire(NOON),
    ],
)
def test_nothing_more_is_done_with_a_retired_clause(verb: Any) -> None:
    retired = a_published().retire(NOON)
    assert {each.state for each in retired.versions} == {ClauseState.RETIRED}
    refused = refusal(lambda: verb(retired))
    assert (refused.kind, refused.code) == (Kind.PRECONDITION, "CLAUSE_RETIRED")


def test_a_language_that_is_missing_falls_back_to_the_one_there_is() -> None:
    only_english, both = a_published(text()), a_published(text(), text("你好", language=ZH))
    assert only_english.versions[0].text_in(ZH).language is EN
    assert both.versions[0].text_in(ZH).body == "你好"


@pytest.mark.parametrize(
    ("texts", "field"),
    [
        ((), "texts"),
        ((text(), text()), "texts.language"),
        ((text(title=""),), "texts.title"),
        ((text(title="a\nb"),), "texts.title"),
        ((text(title="a" * 201),), "texts.title"),
        ((text(""),), "texts.body"),
        ((text("a" * 20_001),), "texts.body"),
        ((text("a\x00b"),), "texts.body"),
    ],
)
def test_texts_that_are_none_are_refused_with_the_fields_name(texts: tuple[ClauseText, ...], field: str) -> None:
    refused = refusal(lambda: ClauseTemplate.write(KEY, "Law", texts=texts, author="leo", now=NOON))
    assert (refused.code, refused.field) == ("INVALID_FIELD", field)


@pytest.mark.parametrize("name", ["", "a" * 101, "a\nb"])
def test_a_name_is_one_line_of_at_most_a_hundred_characters(name: str) -> None:
    refused = refusal(lambda: a_draft(name=name))
    assert (refused.code, refused.field) == ("INVALID_FIELD", "name")


@pytest.mark.parametrize(
    "body",
    [
        "{{ customer.salary }}",
        "{{ member.name }}",
        "{{ contract }}",
        "{% if customer.vip %}x{% endif %}",
        "{% for each in contract.assets %}x{% endfor %}",
        "{% for line in contract.lines %}{{ line.margin }}{% endfor %}",
        "{% if false %}{{ contract.secret }}{% endif %}",
    ],
)
def test_an_unknown_variable_is_refused_when_it_is_written_also_where_it_is_not_reached(body: str) -> None:
    refused = refusal(lambda: a_draft(text(body)))
    assert (refused.kind, refused.code, refused.field) == (Kind.INVALID, "CLAUSE_INVALID", "texts.body")


def test_the_refusal_of_an_unknown_variable_names_the_known_ones() -> None:
    refused = refusal(lambda: a_draft(text("{{ customer.nmae }}")))
    assert refused.metadata == {"variables": "customer.nmae"}
    assert all(name in refused.message for name in KNOWN_VARIABLES)


@pytest.mark.parametrize(
    "body",
    [
        "{{ customer.name",
        "{% if %}",
        "{% for line in contract.lines %}",
        "{{ customer.name | shout }}",
        "{% include 'other' %}",
        "{% render 'other' %}",
        "{% capture s %}x{% endcapture %}",
        "{% liquid echo 1 %}",
        "{{ 'x' | append: 'y' }}",
        "{{ 9 | times: 9 }}",
        "{{ customer.name | replace: 'a', 'b' }}",
        "{{ contract.lines }}",
        "{% for line in contract.lines %}{{ line }}{% endfor %}",
    ],
)
def test_what_is_no_clause_is_refused(body: str) -> None:
    refused = refusal(lambda: a_draft(text(body)))
    assert (refused.code, refused.field) == ("CLAUSE_INVALID", "texts.body")
    assert "\n" not in refused.message


@pytest.mark.parametrize(
    "body",
    [
        "{% for i in (1..1000000000) %}x{% endfor %}",
        "{% for i in (1..900) %}{% for j in (1..900) %}x{% endfor %}{% endfor %}",
        "{% for i in (1..900) %}" + "x" * 1_000 + "{% endfor %}",
        "{% if true %}" * 500 + "{% endif %}" * 500,
    ],
)
def test_a_clause_without_end_is_refused_at_once(body: str) -> None:
    began = perf_counter()
    assert refusal(lambda: a_draft(text(body))).code == "CLAUSE_INVALID"
    assert perf_counter() - began < 1


def test_a_loop_that_only_a_real_contract_makes_long_is_bounded_too() -> None:
    values: Any = {**SAMPLE, "contract": {"lines": [{"description": "x"}] * 100}}
    body = "{% for a in contract.lines %}{% for b in contract.lines %}{{ a.description }}{% endfor %}{% endfor %}"
    a_draft(text(body))
    refused = refusal(lambda: filled(body, values, clause="Law"))
    assert isinstance(refused, ClauseRenderingFailed)
    assert refused.metadata == {"clause": "Law"}


def test_every_known_variable_can_be_used() -> None:
    body = "".join(f"{{{{ {name} }}}}" for name in KNOWN_VARIABLES if name != "contract.lines")
    draft = a_draft(text(body))
    assert draft.versions[0].texts[0].body == body
