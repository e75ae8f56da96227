"""Checks that no float touches money: in the rooms that handle it, a module with a float says here what it is for."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOMS = (
    "services/contracts/domain",
    "services/contracts/usecases",
    "services/contracts/ports",
    "services/contracts/store",
    "services/contracts/rpc",
    "services/contracts/clients",
    "services/care/domain/results/prices.py",
    "gateway/graphql/contracts",
)
FLOATS = {
    "services/contracts/domain/figures/buying.py": "a model of probability",
    "services/contracts/domain/figures/spending.py": "a model of probability",
    "services/contracts/domain/figures/forecast.py": "what the models expect, rounded where it leaves them",
    "services/contracts/domain/figures/forecast_shapes.py": "what the models are given",
    "services/contracts/domain/figures/value_model.py": "the parameters of the models",
    "services/contracts/rpc/figures/workbook.py": "the cells of a spreadsheet are floats",
    "services/contracts/rpc/paperwork/pdf.py": "places on paper",
    "services/contracts/rpc/renewals/renewal_reports.py": "shares and errors of forecasts",
    "services/contracts/store/entitlement/service_prices.py": "seconds",
    "gateway/graphql/contracts/figures/value_types.py": "the parameters of the models",
    "gateway/graphql/contracts/renewals/report_types.py": "shares and errors of forecasts",
}
_NAMES = frozenset({"float", "FloatField", "DoubleField"})
_SPEAKS_OF_MONEY = re.compile(r"amount|price|cost|charge|credit|fee\b|budget|revenue|margin|money|minor_units|turnover")
_FIELD = re.compile(r"^ *(?:optional |repeated )?(?:double|float) (\w+) = \d+", re.MULTILINE)


def complaints(path: Path, source: str) -> Iterator[str]:
    """Yield where a module that handles money has a float, and a module that is named here for one it has not."""
    name = path.as_posix()
    if not name.startswith(ROOMS):
        return
    expressions = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.expr))
    found = sorted({node.lineno for node in expressions if _is_float(node)})
    if name in FLOATS and not found:
        yield f"{path}:1: has no float any more; take it out of tests/house/money.py"
    if name not in FLOATS:
        yield from (f"{path}:{line}: a float in a room that handles money" for line in found)


def proto_complaints(path: Path, source: str) -> Iterator[str]:
    """Yield the fields of a proto that speak of money and are no whole numbers."""
    for field in _FIELD.finditer(source):
        if _SPEAKS_OF_MONEY.search(field[1]):
            line = source.count("\n", 0, field.start()) + 1
            yield f"{path}:{line}: {field[1]} is money: whole smallest units, and no double"


def _is_float(node: ast.expr) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, float)
    name = getattr(node, "id", None) or getattr(node, "attr", None)
    return isinstance(node, ast.Name | ast.Attribute) and name in _NAMES
