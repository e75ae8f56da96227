from pathlib import Path

import pytest

from tests.house.ceilings import complaints
from tests.house.images import copied


def said(source: str, name: str = "services/care/greet.py") -> list[str]:
    return list(complaints(Path(name), source))


def test_a_short_plain_module_has_no_complaint() -> None:
    assert said("def greet(name, day, *, loud):\n    return name\n") == []


def test_a_file_of_301_lines_is_too_long() -> None:
    assert said("\n" * 300) == []
    assert said("\n" * 301) == ["services/care/greet.py:1: 301 lines, the ceiling is 300"]


def test_a_function_of_41_lines_is_too_long() -> None:
    assert said("def greet():\n" + "    1\n" * 39) == []
    assert said("def greet():\n" + "    1\n" * 40) == [
        "services/care/greet.py:1: greet has 41 lines, the ceiling is 40"
    ]


def test_four_levels_are_too_deep_and_an_elif_is_no_level() -> None:
    chain = (
        "def greet(a):\n    if a:\n        1\n    elif a:\n        1\n    elif a:\n        1\n    elif a:\n        1\n"
    )
    assert said(chain) == []
    deep = "def greet(a):\n if a:\n  for a in a:\n   with a:\n    while a:\n     1\n"
    assert said(deep) == ["services/care/greet.py:1: greet nests 4 levels, the ceiling is 3"]


def test_a_third_positional_argument_must_be_named_and_self_is_not_counted() -> None:
    assert said("class A:\n    def greet(self, a, b): ...\n") == []
    assert said("def greet(a, b, c): ...\n") == [
        "services/care/greet.py:1: greet takes 3 positional arguments; after 2 they are keyword-only"
    ]


@pytest.mark.parametrize("name", ["services/care/utils.py", "services/common/ids.py"])
def test_a_name_that_says_nothing_is_refused(name: str) -> None:
    assert "says nothing" in said("", name)[0]


def test_an_image_copies_from_the_repository_and_not_from_its_stages() -> None:
    dockerfile = "COPY --from=build /venv /venv\nCOPY services/__init__.py services/\nCOPY --chown=1:1 a b c/\n"
    assert copied(dockerfile) == ["services/__init__.py", "a", "b"]
