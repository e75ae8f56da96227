import pytest

from gateway.negotiation import GRAPHQL_RESPONSE, JSON, is_json, response_type, wants_page


@pytest.mark.parametrize(
    ("accept", "answered"),
    [
        ("", JSON),
        ("  ", JSON),
        ("APPLICATION/JSON", JSON),
        ("application/json;q=abc", None),
        ("application/json;q=0.000", None),
        ("text/html;q=1, */*;q=0.1", JSON),
        ("application/graphql-response+json;q=0.2, */*;q=0.1", GRAPHQL_RESPONSE),
        (",,;,", None),
        ("image/png", None),
    ],
)
def test_the_best_type_that_we_have_is_chosen(accept: str, answered: str | None) -> None:
    assert response_type(accept) == answered


@pytest.mark.parametrize(
    ("content_type", "good"),
    [
        (None, False),
        ("application/json", True),
        ('Application/JSON; Charset="UTF-8"', True),
        ("application/json;charset=utf8", True),
        ("application/json; charset=utf-16", False),
        ("text/plain; application/json", False),
    ],
)
def test_only_json_in_utf8_is_a_request(content_type: str | None, good: bool) -> None:
    assert is_json(content_type) is good


@pytest.mark.parametrize(
    ("accept", "page"),
    [(None, False), ("*/*", False), ("application/json", False), ("text/html;q=0", False), ("text/html", True)],
)
def test_a_page_is_for_those_who_name_html(accept: str | None, page: bool) -> None:
    assert wants_page(accept) is page
