"""What of an employee a caller may see."""

from dataclasses import replace

from services.chassis.identity import Caller
from services.kpi.domain.employee import Employee

SEE_ALL_ROLES = frozenset({"hr", "admin", "auditor"})
"""Roles that see every employee's figures and sign-in subjects."""
OWN_ROLES = frozenset({"employee", "manager"})
"""Roles that see their own figures."""
LINE_ROLE = "manager"
"""The role that sees the figures of everybody below, as the reporting line stands today."""


def sees_all(caller: Caller) -> bool:
    return caller.has(*SEE_ALL_ROLES)


def visible_to(caller: Caller, employee: Employee) -> Employee:
    """Return the entry of the staff directory; how somebody signs in is shown to that person and who sees all."""
    if sees_all(caller) or employee.subject == caller.subject:
        return employee
    return replace(employee, subject="")
