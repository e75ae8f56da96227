"""Cells of CSV files that spreadsheets would compute: written as text, and read back as they were.

Spreadsheets run what begins like a formula, also in a CSV file (https://owasp.org/www-community/attacks/CSV_Injection),
and some do so for the full-width forms of the signs. An apostrophe in front says "text" to them.
"""

import re

_COMPUTED = re.compile(r"'*[=+\-@\t\r\n|＝＋－＠]")
_QUOTED = re.compile(r"'+[=+\-@\t\r\n|＝＋－＠]")


def to_csv(cell: str) -> str:
    """Return the cell behind an apostrophe if a spreadsheet would compute it, or if it looks as if that were done."""
    return f"'{cell}" if _COMPUTED.match(cell) else cell


def from_csv(cell: str) -> str:
    """Return what `to_csv` was given."""
    return cell[1:] if cell.startswith("'") and _QUOTED.match(cell) else cell
