import pytest

from services.chassis.bounded_liquid import BoundedLiquid, LiquidFailed

LIQUID = BoundedLiquid({"upcase"}, longest=100)


def test_a_template_is_filled_and_says_which_names_it_needs() -> None:
    source = "Dear {{ member.name | upcase }}"
    assert LIQUID.paths(source) == {"member.name"}
    assert LIQUID.filled(source, {"member": {"name": "Li"}}) == "Dear LI"


@pytest.mark.parametrize(
    "source",
    [
        "{{ member.nmae }}",
        "{{ member.name | append: 'x' }}",
        "{% include 'x' %}",
        "{% if %}",
        "{% for i in (1..1001) %}{% endfor %}",
        "{% for i in (1..101) %}x{% endfor %}",
        "{% if true %}" * 1_000 + "{% endif %}" * 1_000,
    ],
)
def test_what_is_unknown_forbidden_endless_or_too_long_fails_in_one_line(source: str) -> None:
    with pytest.raises(LiquidFailed) as failed:
        LIQUID.filled(source, {"member": {"name": "Li"}})
    assert len(str(failed.value).splitlines()) == 1


def test_each_has_its_own_filters_and_length() -> None:
    other = BoundedLiquid({"append"}, longest=200)
    assert other.filled("{{ name | append: '!' }}", {"name": "Li"}) == "Li!"
    assert len(other.filled("{% for i in (1..101) %}x{% endfor %}", {})) == 101
    with pytest.raises(LiquidFailed):
        other.filled("{{ name | upcase }}", {"name": "Li"})


def test_words_without_markup_are_what_they_are_and_bounded_too() -> None:
    assert LIQUID.filled("生日快乐\n", {}) == "生日快乐\n"
    with pytest.raises(LiquidFailed, match="output stream limit"):
        LIQUID.filled("x" * 101, {})


def test_a_text_may_be_as_long_as_said_in_characters_of_any_script() -> None:
    values = {"name": "王" * 50}
    assert LIQUID.filled("{{ name }}{{ name }}", values) == "王" * 100
    with pytest.raises(LiquidFailed, match="output stream limit"):
        LIQUID.filled("{{ name }}{{ name }}!", values)


def test_a_break_outside_of_any_loop_is_refused() -> None:
    with pytest.raises(LiquidFailed):
        LIQUID.filled("a{% break %}b", {})
