from pathlib import Path

import pytest

from tests.house.money import FLOATS, complaints, proto_complaints

ROOT = Path(__file__).resolve().parents[3]


def said(source: str, name: str = "services/contracts/domain/terms/money.py") -> list[str]:
    return list(complaints(Path(name), source))


@pytest.mark.parametrize(
    "source",
    ["price: float", "x = float(price)", "rate = 0.07", "price = mongoengine.FloatField()", "def a() -> float: ..."],
)
def test_a_float_in_a_room_that_handles_money_is_a_complaint(source: str) -> None:
    assert said(source) == ["services/contracts/domain/terms/money.py:1: a float in a room that handles money"]


def test_whole_numbers_fractions_and_rooms_without_money_are_none() -> None:
    assert said("price: int = 7\nrate = Fraction(7, 100)\nname = 'float'") == []
    assert said("seconds: float = 0.5", "services/care/clients/smtp.py") == []


def test_a_module_that_may_have_floats_must_have_one() -> None:
    name = "services/contracts/rpc/paperwork/pdf.py"
    assert said("margin = 12.5", name) == []
    assert said("margin = 12", name) == [f"{name}:1: has no float any more; take it out of tests/house/money.py"]
    assert [each for each in FLOATS if not (ROOT / each).is_file()] == []


def test_a_field_of_a_proto_that_speaks_of_money_is_no_double() -> None:
    source = "message A {\n  double rate = 1;\n  optional double unit_price = 2;\n  int64 amount = 3;\n}\n"
    told = "a.proto:3: unit_price is money: whole smallest units, and no double"
    assert list(proto_complaints(Path("a.proto"), source)) == [told]
