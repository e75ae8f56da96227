"""Rows of a customer file, as companies write them, and what is wrong with them."""

from collections.abc import Mapping
from typing import Any

from services.chassis.errors import InvalidField
from services.contracts.domain.customers.customer import (
    FIELDS,
    Customer,
    CustomerDetails,
    CustomerKind,
    CustomerStage,
    check_details,
)
from services.contracts.domain.terms.row_words import listed, word

REQUIRED = ("external_ref", "kind", "name")
OPTIONAL = ("tax_id", "owner_id", "tags", "time_zone", "stage")
COLUMNS = (*REQUIRED, *OPTIONAL)
TAG_SEPARATOR = ";"

_KINDS = {
    "organisation": CustomerKind.ORGANISATION, "organization": CustomerKind.ORGANISATION,
    "company": CustomerKind.ORGANISATION, "单位": CustomerKind.ORGANISATION, "企业": CustomerKind.ORGANISATION,
    "household": CustomerKind.HOUSEHOLD, "家庭": CustomerKind.HOUSEHOLD,
    "person": CustomerKind.PERSON, "个人": CustomerKind.PERSON,
}  # fmt: skip
_STAGES: dict[str, CustomerStage | None] = {
    "": None,
    **{stage.value: stage for stage in CustomerStage},
    "at risk": CustomerStage.AT_RISK,
    "潜在": CustomerStage.PROSPECT, "建立期": CustomerStage.ESTABLISHING, "发展期": CustomerStage.DEVELOPING,
    "稳定期": CustomerStage.STABLE, "风险": CustomerStage.AT_RISK, "流失": CustomerStage.LOST,
}  # fmt: skip


def check_row(cells: Mapping[str, str]) -> dict[str, Any]:
    """Return the fields of a `Customer` that the row tells, or refuse with INVALID_FIELD naming the column.

    A column that the file does not have is not told: an import leaves it as it is. An empty cell tells "none", but an
    empty stage tells nothing: a relation always stands somewhere.
    """
    if not cells["external_ref"]:
        raise InvalidField("external_ref", "external_ref is missing: without it a second import would double the row.")
    told: dict[str, Any] = {name: cells[name] for name in FIELDS if name in cells}
    told["kind"] = word(cells["kind"], "kind", words=_KINDS)
    if "tags" in cells:
        told["tags"] = listed(cells["tags"])
    checked = check_details(CustomerDetails(**told), told.keys())
    stage = word(cells.get("stage", ""), "stage", words=_STAGES)
    return {**checked, "stage": stage} if stage else checked


def to_row(customer: Customer) -> list[str]:
    """Return the row that `check_row` reads as this customer, in the order of `COLUMNS`."""
    cells = {
        "kind": customer.kind.value,
        "tags": TAG_SEPARATOR.join(customer.tags),
        "stage": customer.stage.value,
    }
    return [cells[name] if name in cells else getattr(customer, name) for name in COLUMNS]
