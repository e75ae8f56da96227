from datetime import UTC, date, datetime
from io import BytesIO
from zipfile import ZipFile

from openpyxl import load_workbook

from services.contracts.domain.figures.monthly import OwnerMonth, Tally
from services.contracts.domain.figures.recurring import recurring
from services.contracts.domain.terms.periods import Span
from services.contracts.rpc.figures.workbook import workbook
from services.contracts.usecases.figures.reports import MonthAnswer, tables
from tests.unit.contracts.figures_builders import a_booked, a_version

SPAN = Span(date(2026, 5, 1), date(2026, 5, 31))
EVIL = '=HYPERLINK("http://evil.example";"click")'


def an_answer(*, owner_id: str = "emp_1") -> MonthAnswer:
    month = OwnerMonth(
        owner_id=owner_id,
        signed=Tally(2, {"CNY": 210_050, "JPY": 1_200}),
        renewed=Tally(1, {"CNY": 9_900}),
        lost=Tally(2, {"CNY": 100}),
        warranties_ended=3,
        warranties_attached=1,
    )
    revenue = recurring([a_booked(a_version(100_000, "2026-05-10", end="2027-05-09"))], SPAN, known_at=None)
    return MonthAnswer(
        month="2026-05",
        known_at=datetime(2026, 6, 1, tzinfo=UTC),
        owners=[month],
        total=month,
        revenue=tables(revenue, [SPAN]),
    )


def test_the_same_answer_makes_the_same_bytes() -> None:
    first, second = (workbook(an_answer(), owner_id="") for _ in range(2))
    assert first == second
    assert workbook(an_answer(owner_id="emp_2"), owner_id="") != first


def test_amounts_stand_in_main_units_by_currency_rates_as_percentages_and_headings_in_two_languages() -> None:
    owners, revenue, about = load_workbook(BytesIO(workbook(an_answer(), owner_id="emp_1"))).worksheets
    heading, row, total = owners.values
    shown = dict(zip(heading, row, strict=True))
    assert shown["Signed amount 签约金额 CNY"] == 2_100.5
    assert shown["Signed amount 签约金额 JPY"] == 1_200
    assert shown["Renewal rate 续约率"] == 1 / 3
    assert owners.cell(2, heading.index("Renewal rate 续约率") + 1).number_format == "0.00%"
    assert total[1:] == row[1:]
    assert list(list(revenue.values)[1])[:5] == ["CNY", "2026-05-01", "2026-05-31", 0, 83.33]
    assert ("Only owner 仅限负责人", "emp_1") in {line[:2] for line in about.values}


def test_what_looks_like_a_formula_stays_text() -> None:
    content = workbook(an_answer(owner_id=EVIL), owner_id=EVIL)
    owners, _, about = load_workbook(BytesIO(content)).worksheets
    assert (owners.cell(2, 1).value, owners.cell(2, 1).data_type) == (EVIL, "s")
    with ZipFile(BytesIO(content)) as book:
        parts = [book.read(name) for name in book.namelist() if "worksheets" in name]
    assert not any(b"<f>" in part or b"<hyperlink" in part for part in parts)
    assert EVIL in {line[1] for line in about.values if len(line) > 1}


def test_a_month_in_which_nothing_happened_has_its_total_and_no_rates() -> None:
    empty = MonthAnswer(
        month="2026-05", known_at=datetime(2026, 6, 1, tzinfo=UTC), owners=[], total=OwnerMonth(), revenue=[]
    )
    owners, revenue, _ = load_workbook(BytesIO(workbook(empty, owner_id=""))).worksheets
    _, total = owners.values
    assert total == ("Total 合计", 0, 0, 0, 0, None, 0, 0, None)
    assert len(list(revenue.values)) == 1
