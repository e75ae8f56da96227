"""Two records of one person become one, and who may not see the person sees no address, however deep it stands."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.care.domain.channels import Channel, Purpose
from services.care.domain.members.consents import Consent, ConsentSource
from services.care.domain.members.details import MemberDetails
from services.care.domain.members.erasure import erase
from services.care.domain.members.masks import CLEAR_ROLES, visible_to
from services.care.domain.members.member import Member
from services.care.domain.members.merging import merge, stronger
from services.care.rpc.members.messages import member_to_pb
from services.chassis.identity import Caller

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
FIRST, SECOND = "mem_01J9Z3N5XK8QJ7V2M4T6R8W0YA", "mem_01J9Z3N5XK8QJ7V2M4T6R8W0YB"
SECRET = "secret"
EARLY, LATE = date(2026, 1, 1), date(2027, 1, 1)
MASKED_ROLES = {"technician", "legal", "sales", "auditor", "hr", "employee", "respondent"}

MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 3, 1), timezones=st.just(UTC))  # noqa: DTZ001  # made aware
WORDS = st.builds(
    Consent,
    id=st.just("cns_01J9Z3N5XK8QJ7V2M4T6R8W0YA"),
    channel=st.sampled_from(Channel),
    purpose=st.sampled_from([Purpose.CARE, Purpose.MARKETING]),
    granted=st.booleans(),
    time=MOMENTS,
    source=st.sampled_from(ConsentSource),
    proof=st.just(f"{SECRET}@example.com signed"),
    recorded_time=MOMENTS,
    recorded_by=st.just(SECRET),
)


def a_member(member_id: str = FIRST, **fields: Any) -> Member:
    return replace(Member.register(member_id, MemberDetails(name="王"), now=NOON), **fields)


@given(one=WORDS, other=WORDS)
def test_of_two_words_the_persons_withdrawal_yields_to_a_newer_grant_of_the_person_alone(
    one: Consent, other: Consent
) -> None:
    held = stronger(one, other)
    assert held in {one, other}
    for closed, opened in ((one, other), (other, one)):
        if not closed.granted and closed.source is ConsentSource.PERSON and held.granted:
            assert (opened.source, opened.time > closed.time) == (ConsentSource.PERSON, True)


@pytest.mark.parametrize(
    ("doublet", "survivor", "field", "expected"),
    [
        ({"email": "a@b.com"}, {}, "email", "a@b.com"),
        ({"email": "a@b.com"}, {"email": "c@d.com"}, "email", "c@d.com"),
        ({"tags": ("x", "y")}, {"tags": ("y", "z")}, "tags", ("y", "z", "x")),
        ({"attributes": {"a": 1.0, "b": 2.0}}, {"attributes": {"b": 3.0}}, "attributes", {"a": 1.0, "b": 3.0}),
        ({"do_not_contact": True}, {}, "do_not_contact", True),
        ({"cheerless_until": LATE}, {"cheerless_until": EARLY}, "cheerless_until", LATE),
        ({"complaints": ("cas_1",)}, {"complaints": ("cas_2",)}, "complaints", ("cas_2", "cas_1")),
        ({"email": "a@b.com", "suppressed": {"email": "HARD_BOUNCE"}}, {}, "suppressed", {"email": "HARD_BOUNCE"}),
        ({"email": "a@b.com", "suppressed": {"email": "HARD_BOUNCE"}}, {"email": "c@d.com"}, "suppressed", {}),
        ({"merged_ids": ("mem_0",)}, {}, "merged_ids", (FIRST, "mem_0")),
    ],
)  # fmt: skip
def test_the_survivor_takes_what_it_lacks_and_the_stricter_word(
    doublet: dict[str, Any], survivor: dict[str, Any], field: str, expected: object
) -> None:
    _, kept = merge(a_member(**doublet), a_member(SECOND, **survivor), now=NOON)
    assert getattr(kept, field) == expected


@pytest.mark.parametrize("role", sorted(MASKED_ROLES))
@given(facts=st.lists(WORDS, max_size=3), place=st.sampled_from(["email", "phone", "wecom_id", "wechat_id", "name"]))
def test_no_masked_role_sees_an_address_through_any_path_of_the_message(
    role: str, facts: list[Consent], place: str
) -> None:
    address = f"x{SECRET}@example.com" if place == "email" else f"x{SECRET}-8000-13800138000"
    member = a_member(
        attributes={"second_mail": f"{SECRET}@example.com"}, consent_facts=tuple(facts), **{place: address}
    )
    assert role not in CLEAR_ROLES
    assert SECRET not in str(member_to_pb(visible_to(Caller("x", frozenset({role})), member)))
    assert SECRET in str(member_to_pb(visible_to(Caller("x", frozenset({"ops"})), member)))


def test_an_erased_member_tells_nothing_and_is_erased_once() -> None:
    member = a_member(email=f"{SECRET}@example.com", attributes={"a": SECRET}, tags=(SECRET,), external_ref=SECRET)
    left = erase(member, now=NOON)
    assert SECRET not in str(member_to_pb(left))
    assert erase(left, now=NOON) is left
