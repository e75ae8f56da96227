"""A campaign's results as a workbook: the same numbers as the answer, and the same bytes for the same answer.

Text is always written as text, so that nothing that people typed is read as a formula or an address.
"""

from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from services.care.domain.results import sheet_words as words
from services.care.domain.results.funnel import Funnel
from services.care.domain.sending.reasons import REASON_WORDS
from services.care.usecases.results.report_campaign import CampaignResults

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_WIDTH = 24
Cell = str | int | float
Row = Iterable[Cell]


def workbook(results: CampaignResults) -> bytes:
    """Return the workbook of a campaign's results."""
    made = BytesIO()
    book = Workbook(made, _OPTIONS)
    book.set_properties({"title": words.TITLE, "created": results.as_of.replace(tzinfo=None)})
    bold = book.add_format({"bold": True, "text_wrap": True})
    _write(book.add_worksheet(words.SHEET_FUNNEL), _funnels(results), heading=bold)
    _write(book.add_worksheet(words.SHEET_SKIPS), _skips(results.skips), heading=bold)
    _write(book.add_worksheet(words.SHEET_LIFT), _about(results), heading=bold)
    _write(book.add_worksheet(words.SHEET_COSTS), _costs(results), heading=bold)
    book.close()
    return made.getvalue()


def _write(sheet: Worksheet, rows: Iterable[Row], *, heading: Format) -> None:
    """Write rows; the first one names the columns."""
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            style = None if number else heading
            if isinstance(cell, str):
                sheet.write_string(number, column, cell, style)
            else:
                sheet.write_number(number, column, cell, style)
            sheet.set_column(column, column, _WIDTH)


def _funnels(results: CampaignResults) -> Iterator[Row]:
    yield (words.BREAKDOWN, words.KEY, *words.STEPS.values())
    yield (words.ALL, "", *_steps(results.total))
    for name, label in words.BREAKDOWNS.items():
        for key, funnel in getattr(results, name).items():
            yield (label, str(key), *_steps(funnel))


def _steps(funnel: Funnel) -> Iterator[int]:
    return (getattr(funnel, name) for name in words.STEPS)


def _skips(skips: Mapping[str, int]) -> Iterator[Row]:
    yield (words.REASON, words.COUNT, words.IN_ENGLISH, words.IN_CHINESE)
    for reason, count in skips.items():
        yield (reason, count, *REASON_WORDS[reason])


def _costs(results: CampaignResults) -> Iterator[Row]:
    yield (words.CHANNEL, words.COUNT, words.COST, words.CURRENCY)
    for each in results.costs:
        yield (each.channel, each.messages, each.minor_units, each.currency_code)


def _about(results: CampaignResults) -> Iterator[Row]:
    asked = results.asked
    yield (words.CAMPAIGN, results.name, asked.campaign_id)
    yield (words.AS_OF, results.as_of.isoformat(timespec="milliseconds"))
    days = ((words.FIRST_DATE, asked.first_date), (words.LAST_DATE, asked.last_date))
    yield from ((name, day.isoformat()) for name, day in days if day)
    if (lift := results.lift) is None:
        return
    yield (words.GROUP, words.MEMBERS, words.CONVERTED, words.OPEN_WINDOWS, words.RATE)
    for name, group in ((words.TREATED, lift.treated), (words.CONTROL, lift.control)):
        rate = group.converted / group.members if group.members else 0.0
        yield (name, group.members, group.converted, group.open_windows, rate)
    if told := lift.difference:
        yield (words.DIFFERENCE, words.LOW, words.HIGH, words.P_VALUE)
        yield (told.value, told.low, told.high, told.p_value)
    yield from ((text,) for text in lift.words)
