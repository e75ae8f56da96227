from datetime import UTC, datetime

import pytest

from services.care.domain.calendars.birthday import Birthday, BirthdayCalendar
from services.care.domain.members.details import MemberDetails
from services.care.domain.members.masks import (
    CLEAR_ROLES,
    masked_email,
    masked_name,
    masked_phone,
    refuse_search,
    visible_to,
)
from services.care.domain.members.member import Member
from services.chassis.errors import Forbidden
from services.chassis.identity import Caller

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
ANNA = Member.register(
    "mem_01J9Z3N5XK8QJ7V2M4T6R8W0YA",
    MemberDetails(
        name="Anna Smith",
        email="anna@example.com",
        phone="+8613800138000",
        birthday=Birthday(BirthdayCalendar.SOLAR, 3, 3, year=1980),
    ),
    now=NOON,
)
ALL_ROLES = {
    "ops", "approver", "agent", "technician", "legal", "sales", "manager", "hr", "employee", "auditor", "admin",
    "respondent",
}  # fmt: skip


def as_role(*roles: str) -> Caller:
    return Caller("somebody", frozenset(roles))


@pytest.mark.parametrize("role", sorted(ALL_ROLES - CLEAR_ROLES))
def test_who_does_not_work_with_the_person_sees_no_name_address_or_year_of_birth(role: str) -> None:
    seen = visible_to(as_role(role), ANNA)
    assert (seen.name, seen.email, seen.phone) == ("A***", "a***@example.com", "+86138***8000")
    assert seen.birthday == Birthday(BirthdayCalendar.SOLAR, 3, 3)
    assert "Smith" not in repr(seen).replace(repr(seen.events), "")
    with pytest.raises(Forbidden):
        refuse_search(as_role(role), "filter.phone")


@pytest.mark.parametrize("role", sorted(CLEAR_ROLES))
def test_who_works_with_the_person_sees_the_person(role: str) -> None:
    assert visible_to(as_role(role), ANNA) is ANNA
    refuse_search(as_role(role), "filter.phone")


def test_one_clear_role_among_others_is_enough() -> None:
    assert visible_to(as_role("auditor", "ops"), ANNA) is ANNA


def test_masks_bear_short_and_missing_values() -> None:
    assert (masked_name("王"), masked_email(""), masked_phone("")) == ("王***", "", "")
    assert (masked_email("@x"), masked_phone("+6581234"), masked_phone("+4915112345678")) == (
        "***@x",
        "+65***",
        "+49151***5678",
    )
