from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.care.domain.calendars.birthday import Birthday, BirthdayCalendar
from services.care.domain.language import Language
from services.care.domain.members.details import Gender, MemberDetails, mask_fields
from services.care.domain.members.events import MemberChanged, MemberRegistered
from services.care.domain.members.member import Member
from services.chassis.codec import Codec
from services.chassis.errors import DomainError, InvalidField, InvalidId

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
LATER = datetime(2026, 3, 4, 12, tzinfo=UTC)
CUSTOMER = "cus_01J9Z3N5XK8QJ7V2M4T6R8W0YA"
MEMBER = "mem_01J9Z3N5XK8QJ7V2M4T6R8W0YA"


def a_member(**details: Any) -> Member:
    return Member.register(MEMBER, MemberDetails(**{"name": "王小明"} | details), now=NOON)


def test_a_member_is_registered_with_what_is_searched_for_and_says_so() -> None:
    member = a_member(
        name="  Anna ＳＭＩＴＨ ",
        email="Anna.Smith@EXAMPLE.com",
        phone="138 0013 8000",
        birthday=Birthday(BirthdayCalendar.LUNAR, 4, 15, leap_month=True),
        customer_id=CUSTOMER,
        time_zone="Asia/Shanghai",
    )
    assert member.name == "Anna ＳＭＩＴＨ"
    assert member.name_search == "anna smith"
    assert member.email == "Anna.Smith@example.com"
    assert member.phone == "+8613800138000"
    assert member.birthday_key == 20415
    assert member.language is Language.ZH_HANS
    assert member.events == (MemberRegistered(member_id=MEMBER, customer_id=CUSTOMER, occurred_time=NOON),)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", " \u3000 "),
        ("name", "x" * 101),
        ("name", "two\nlines"),
        ("name", "bell\x07"),
        ("external_ref", "x" * 101),
        ("time_zone", "Beijing"),
        ("time_zone", "../etc/passwd"),
        ("email", "no at"),
        ("email", "a..b@example.com"),
        ("email", "李@example.com"),
        ("email", f"{'x' * 250}@example.com"),
        ("email", "a@localhost"),
        ("email", "a@b.com\r\nBcc: c@d.com"),
        ("phone", "12345"),
        ("phone", "call me"),
        ("phone", "+999 123456789"),
        ("phone", "9" * 400),
        ("birthday", Birthday(BirthdayCalendar.SOLAR, 2, 30)),
        ("birthday", Birthday(BirthdayCalendar.SOLAR, 3, 5, year=2026)),
    ],
)
def test_a_wrong_field_is_refused_by_its_name(field: str, value: object) -> None:
    with pytest.raises(InvalidField) as refusal:
        a_member(**{field: value})
    assert refusal.value.field == field


def test_the_id_of_another_type_of_thing_is_refused_as_customer() -> None:
    with pytest.raises(InvalidId) as refusal:
        a_member(customer_id=MEMBER)
    assert refusal.value.field == "customer_id"


def test_a_child_born_today_in_the_east_is_no_child_of_the_future() -> None:
    evening_in_utc = datetime(2026, 3, 3, 23, tzinfo=UTC)
    details = MemberDetails(name="王", birthday=Birthday(BirthdayCalendar.SOLAR, 3, 4, year=2026))
    assert Member.register(MEMBER, details, now=evening_in_utc).birthday == details.birthday


def test_a_change_takes_over_only_the_fields_that_are_named() -> None:
    member = a_member(email="a@example.com")
    wrong_but_not_named = MemberDetails(name="", email="no at", gender=Gender.FEMALE, time_zone="Europe/Berlin")
    changed = member.change(wrong_but_not_named, {"gender", "time_zone"}, now=LATER)
    assert (changed.gender, changed.time_zone, changed.update_time) == (Gender.FEMALE, "Europe/Berlin", LATER)
    assert (changed.name, changed.email, changed.create_time) == ("王小明", "a@example.com", NOON)
    assert changed.events == (MemberChanged(member_id=MEMBER, customer_id="", member_version=2, occurred_time=LATER),)


def test_a_new_birthday_moves_the_member_in_the_index_and_no_birthday_takes_it_out() -> None:
    member = a_member(birthday=Birthday(BirthdayCalendar.SOLAR, 3, 3))
    moved = member.change(MemberDetails(birthday=Birthday(BirthdayCalendar.LUNAR, 3, 3)), {"birthday"}, now=LATER)
    assert (member.birthday_key, moved.birthday_key) == (303, 10303)
    assert moved.change(MemberDetails(), {"birthday"}, now=LATER).birthday_key is None


def test_a_change_to_what_is_there_already_changes_nothing() -> None:
    member = a_member(email="a@example.com")
    assert member.change(MemberDetails(name=" 王小明 ", email="a@EXAMPLE.com"), {"name", "email"}, now=LATER) is member


@pytest.mark.parametrize("paths", [[], ["id"], ["etag"], ["create_time"], ["birthday.year"], ["name", "nmae"], ["*"]])
def test_a_mask_that_is_empty_or_names_what_cannot_be_changed_is_refused(paths: list[str]) -> None:
    with pytest.raises(InvalidField) as refusal:
        mask_fields(paths)
    assert refusal.value.field == "update_mask"


@given(
    birthday=st.none()
    | st.dates(date(1930, 1, 1), date(2025, 12, 31)).map(
        lambda day: Birthday(BirthdayCalendar.SOLAR, day.month, day.day, year=day.year)
    )
    | st.builds(
        Birthday, st.just(BirthdayCalendar.LUNAR), st.integers(1, 12), st.integers(1, 29), leap_month=st.just(False)
    ),
    gender=st.none() | st.sampled_from(Gender),
    name=st.text(min_size=1, max_size=100),
)
def test_a_member_comes_back_from_its_document_as_it_went(
    birthday: Birthday | None, gender: Gender | None, name: str
) -> None:
    codec = Codec(Member)
    try:
        member = a_member(birthday=birthday, gender=gender, name=name)
    except DomainError:
        return
    document = codec.to_document(member)
    assert "events" not in document
    assert codec.to_aggregate(document) == replace(member, events=())
