"""Write customers as a file that an import reads again."""

from dataclasses import dataclass

from services.chassis.csv_rows import MOST_BYTES
from services.chassis.errors import InvalidField
from services.contracts.domain.customers.customer_rows import COLUMNS, to_row
from services.contracts.ports.customers import CustomerFilter, Customers
from services.contracts.ports.tables import Sheets, TableFormat

MOST_ROWS = 50_000
"""Customers in one file; whoever wants more asks for the next."""


@dataclass(frozen=True, slots=True)
class CustomerFile:
    """One file, how many customers stand in it, and the token of the next."""

    content: bytes
    rows: int
    next_token: str


@dataclass(frozen=True, slots=True)
class ExportCustomers:
    """Writes a page of customers."""

    customers: Customers
    sheets: Sheets

    def __call__(self, match: CustomerFilter, *, form: TableFormat, size: int, after: str) -> CustomerFile:
        """Return the file; with an external reference in each row it can be imported again.

        Refuses with INVALID_FIELD a page that makes a file too large for one answer.
        """
        page = self.customers.page(match, size=size, after=after)
        content = self.sheets.written(COLUMNS, [to_row(customer) for customer in page.items], form=form)
        if len(content) > MOST_BYTES:
            raise InvalidField(
                "page_size", f"{len(page.items)} customers make a file of {len(content)} bytes. Ask for fewer."
            )
        return CustomerFile(content, len(page.items), page.next_token)
