"""CSV files in mutations: what to do with bad rows, and the bytes of a file however it was sent."""

import base64
import binascii
from enum import IntEnum
from typing import Annotated

import strawberry

from gateway.graphql.arguments import camel
from services.chassis.errors import InvalidField


@strawberry.enum(description="What happens to the good rows of a file that has bad ones.")
class ImportMode(IntEnum):
    GOOD_ROWS = 1
    ALL_OR_NOTHING = 2


Csv = Annotated[str | None, strawberry.argument(description="The text of the file, with its header line.")]
CsvBase64 = Annotated[
    str | None,
    strawberry.argument(
        description="The bytes of the file in base64, in place of `csv`; the service reads UTF-8 only."
    ),
]
DryRun = Annotated[bool, strawberry.argument(description="Check only; store nothing.")]
Mode = Annotated[ImportMode, strawberry.argument(description="What happens to good rows beside bad ones.")]
LineOffset = Annotated[
    int, strawberry.argument(description="Added to reported line numbers, for a file sent in slices.")
]


def file_content(csv: str | None, in_base64: str | None, *, name: str = "csv_base64") -> bytes:
    """Return the bytes of the file, which must come in exactly one of the two ways; `name` is that of the second."""
    if (csv is None) == (in_base64 is None):
        raise InvalidField("csv", f"Send the file in one of two ways: as `csv` (text), or as `{camel(name)}` (bytes).")
    if csv is not None:
        return csv.encode()
    try:
        return base64.b64decode(in_base64 or "", validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidField(name, f"{camel(name)} is not base64.") from error
