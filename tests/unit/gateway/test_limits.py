from typing import Any

import pytest
from graphql import parse
from hypothesis import given
from hypothesis import strategies as some

from gateway.graphql.documents import Documents
from gateway.graphql.limits import LimitExceeded, Limits, check_shape
from gateway.graphql.schema import schema

LIMITS = Limits(depth=3, aliases=2, fields=6, roots=2)


@pytest.mark.parametrize(
    "query",
    [
        "{ a { b { c } } }",
        "{ a b }",
        "{ x: a y: b }",
        "{ ...F } fragment F on T { a { b } }",
        "{ __schema { a { b { c { d } } } } }",
    ],
)
def test_a_query_at_the_limit_passes(query: str) -> None:
    check_shape(parse(query), LIMITS)


@pytest.mark.parametrize(
    ("query", "what"),
    [
        ("{ a { b { c { d } } } }", "4 levels"),
        ("{ a { ...F } } fragment F on T { b { c { d } } }", "4 levels"),
        ("{ a b c }", "3 root fields"),
        ("{ a { x: b y: c z: d } }", "3 aliases"),
        ("{ a { b c d e f g } }", "7 fields"),
        ("query A { a } query B { a { b { c { d } } } }", "4 levels"),
        ("{ ... { ... { a b c d e } } }", "7 fields"),
    ],
)
def test_a_query_over_the_limit_is_told_what_and_how_much(query: str, what: str) -> None:
    with pytest.raises(LimitExceeded, match=what):
        check_shape(parse(query), LIMITS)


def test_fragments_that_spread_each_other_end() -> None:
    check_shape(parse("{ ...A } fragment A on T { ...B } fragment B on T { ...A a }"), Limits())


def test_fragments_spread_over_and_over_are_counted_without_being_walked() -> None:
    levels = " ".join(f"fragment F{n} on T {{ ...F{n + 1} ...F{n + 1} ...F{n + 1} }}" for n in range(200))
    with pytest.raises(LimitExceeded, match="fields"):
        check_shape(parse("{ ...F0 } " + levels + " fragment F200 on T { a }"), Limits())


@pytest.mark.parametrize("depth", [10, 50, 100, 150, 180, 200, 220, 250, 300, 1000, 5000])
def test_a_query_of_any_depth_gets_an_answer(depth: int) -> None:
    limits = Limits(characters=10**6, tokens=10**6)
    (error,) = Documents(schema(), limits).understand("{ a " * depth + "}" * depth).errors or ({},)
    assert error == {} or error["extensions"]["code"] in {"QUERY_TOO_DEEP", "GRAPHQL_VALIDATION_FAILED"}


def test_a_text_is_understood_once() -> None:
    documents = Documents(schema(), Limits(), most=2)
    first = documents.understand("{ __typename }")
    assert documents.understand("{ __typename }") is first
    documents.understand("{ a: __typename }")
    documents.understand("{ b: __typename }")
    assert documents.understand("{ __typename }") is not first


def test_long_texts_are_not_kept() -> None:
    documents = Documents(schema(), Limits())
    text = "{ __typename }" + " " * 30_000
    assert documents.understand(text) is not documents.understand(text)


@given(some.text(alphabet='{}()[]:$!@."\\#&|=, \n0aéquery_fragmt', max_size=60))
def test_whatever_is_sent_is_either_understood_or_refused_by_code(text: str) -> None:
    document: Any = Documents(schema(), Limits(), most=1).understand(text)
    assert (document.node is None) != (document.errors == ())
    assert all(error["extensions"]["code"] for error in document.errors)
