"""The monthly statistics as a workbook: the same numbers as the answer, and the same bytes for the same answer.

Text is always written as text, so that nothing that people typed is read as a formula or an address.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from services.contracts.domain.figures import monthly_words as words
from services.contracts.domain.figures.monthly import OwnerMonth, Tally
from services.contracts.domain.terms.currencies import decimals
from services.contracts.usecases.figures.reports import MonthAnswer, RevenueTable

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TALLIES = ("signed", "renewed", "lost", "services")
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
Cell = str | int | Decimal | Fraction | None


@dataclass(frozen=True, slots=True)
class _Sheet:
    sheet: Worksheet
    heading: Format
    rate: Format

    def head(self, row: int, names: Iterable[str]) -> None:
        """Write headings."""
        for column, name in enumerate(names):
            self.sheet.write_string(row, column, name, self.heading)
            self.sheet.set_column(column, column, 24)

    def line(self, row: int, cells: Iterable[Cell]) -> None:
        """Write a row: rates as percentages, amounts in main units, nothing where there is none."""
        for column, cell in enumerate(cells):
            if isinstance(cell, str):
                self.sheet.write_string(row, column, cell)
            elif isinstance(cell, Fraction):
                self.sheet.write_number(row, column, float(cell), self.rate)
            elif cell is not None:
                self.sheet.write_number(row, column, float(cell))


def workbook(answer: MonthAnswer, *, owner_id: str) -> bytes:
    """Return the workbook of a month."""
    made = BytesIO()
    book = Workbook(made, _OPTIONS)
    book.set_properties({"title": words.TITLE, "created": datetime.fromisoformat(f"{answer.month}-01")})
    heading, rate = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"num_format": "0.00%"})
    _owners(_Sheet(book.add_worksheet(words.SHEET_OWNERS), heading, rate), answer)
    _revenue(_Sheet(book.add_worksheet(words.SHEET_REVENUE), heading, rate), answer.revenue)
    _about(_Sheet(book.add_worksheet(words.SHEET_ABOUT), heading, rate), answer, owner_id=owner_id)
    book.close()
    return made.getvalue()


def main_units(minor_units: int, currency: str) -> Decimal:
    """Return an amount in the main unit of its currency."""
    return Decimal(minor_units).scaleb(-decimals(currency))


def _owners(sheet: _Sheet, answer: MonthAnswer) -> None:
    currencies = {name: sorted(_tally(answer.total, name).amounts) for name in _TALLIES}
    names = [words.OWNER]
    for name in _TALLIES:
        names += [words.COUNTS[name], *(f"{words.AMOUNTS[name]} {currency}" for currency in currencies[name])]
    sheet.head(0, [*names, words.RENEWAL_RATE, words.WARRANTIES_ENDED, words.WARRANTIES_ATTACHED, words.ATTACH_RATE])
    for row, (label, month) in enumerate(
        [*((each.owner_id or words.NOBODY, each) for each in answer.owners), (words.TOTAL, answer.total)], start=1
    ):
        cells: list[Cell] = [label]
        for name in _TALLIES:
            tally = _tally(month, name)
            cells += [tally.count, *(main_units(tally.amounts.get(each, 0), each) for each in currencies[name])]
        cells += [month.renewal_rate, month.warranties_ended, month.warranties_attached, month.attach_rate]
        sheet.line(row, cells)


def _tally(month: OwnerMonth, name: str) -> Tally:
    tally: Tally = getattr(month, name)
    return tally


def _revenue(sheet: _Sheet, tables: Iterable[RevenueTable]) -> None:
    sheet.head(
        0,
        [words.CURRENCY, words.FIRST_DAY, words.LAST_DAY, *words.REVENUE, words.GROSS_RETENTION, words.NET_RETENTION],
    )
    for row, table in enumerate(tables, start=1):
        whole = table.total
        moved = (whole.new, whole.expansion, whole.contraction, whole.churn, whole.reactivation)
        amounts = [main_units(each, table.currency_code) for each in (whole.opening, *moved, whole.closing)]
        days = (whole.span.start.isoformat(), whole.span.end.isoformat())
        rates = (table.revenue.gross_retention, table.revenue.net_retention)
        sheet.line(row, [table.currency_code, *days, *amounts, *rates])


def _about(sheet: _Sheet, answer: MonthAnswer, *, owner_id: str) -> None:
    sheet.head(0, [words.TITLE])
    known = answer.known_at.isoformat(timespec="milliseconds")
    rows = [(words.MONTH, answer.month), (words.KNOWN_AT, known), *([(words.ONLY_OWNER, owner_id)] if owner_id else [])]
    for row, cells in enumerate([*rows, *((note,) for note in words.NOTES)], start=1):
        sheet.line(row, cells)
