"""Coarse rights: which roles may use a field, by the RPC that the field calls. The services check again, and rows."""

from collections.abc import Mapping

import strawberry
from strawberry.schema_directive import Location

from gateway.graphql.care import rights as care
from gateway.graphql.contracts import rights as contracts
from gateway.graphql.roles import STAFF

_VISITS = frozenset({"ops", "agent", "technician", "sales", "admin"})
_PEOPLE = STAFF | {"hr", "employee"}
_FIGURES = frozenset({"hr", "admin", "auditor", "manager", "employee"})
_HR = frozenset({"hr", "admin"})

RIGHTS: Mapping[str, frozenset[str]] = {
    **contracts.RIGHTS,
    **care.RIGHTS,
    "OpenCase": _VISITS,
    "AssignCase": frozenset({"ops", "agent", "manager", "admin"}),
    "CloseCase": frozenset({"ops", "agent", "technician", "admin"}),
    "BatchGetCases": STAFF,
    "ListCases": STAFF,
    "BatchListCasesByMember": STAFF,
    "BatchListCasesByCustomer": STAFF,
    "BatchListCasesByEmployee": STAFF,
    "ImportEmployees": _HR,
    "BatchGetEmployees": _PEOPLE,
    "ListEmployees": _PEOPLE,
    "GetReportingLine": _PEOPLE,
    "ListIndicators": _PEOPLE,
    "BatchGetIndicatorValues": _FIGURES,
    "ListFacts": _FIGURES,
}
"""By RPC. A test holds it against the tables of the services."""


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    name="requiresRole",
    description="The caller needs one of these roles; the service that owns the data decides on rows.",
)
class RequiresRole:
    roles: list[str]
