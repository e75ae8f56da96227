"""Links in messages: whoever holds one is known by it, and nobody can make one."""

from base64 import urlsafe_b64decode, urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.care.domain.channels import Channel, Purpose
from services.care.domain.members.links import Link, LinkInvalid, SignedLinks, keys_of

OLD, NEW = b"o" * 32, b"n" * 32
LINK = Link("mem_01JTDB8D40CQS3K9Q8YV1H2T3E", "tch_7ZZZZZZZZZZZZZZZZZZZZZZZZZ", Channel.EMAIL, Purpose.MARKETING)
LINKS = SignedLinks("https://care.example/", (NEW, OLD))


def ids(prefix: str) -> st.SearchStrategy[str]:
    marks = st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=25, max_size=25)
    return st.builds(lambda first, rest: f"{prefix}_{first}{rest}", st.sampled_from("01234567"), marks)


@given(link=st.builds(Link, ids("mem"), ids("tch"), st.sampled_from(Channel), st.sampled_from(Purpose)))
def test_a_link_reads_as_it_was_made(link: Link) -> None:
    assert LINKS.read(LINKS.token(link)) == link


def test_the_addresses_hold_the_token_and_the_headers_are_those_of_one_click() -> None:
    made = LINKS.of(LINK)
    token = LINKS.token(LINK)
    assert len(token) == 68
    assert made.unsubscribe == f"https://care.example/unsubscribe/{token}"
    assert made.preferences == f"https://care.example/preferences/{token}"
    assert made.headers == (
        ("List-Unsubscribe", f"<https://care.example/unsubscribe/{token}>"),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
    )


def test_a_key_that_signs_no_more_still_opens_and_a_foreign_one_does_not() -> None:
    assert LINKS.read(SignedLinks("", (OLD,)).token(LINK)) == LINK
    with pytest.raises(LinkInvalid):
        LINKS.read(SignedLinks("", (b"f" * 32,)).token(LINK))


@given(place=st.integers(0, 50), bit=st.integers(0, 7))
def test_a_link_with_any_bit_turned_is_refused(place: int, bit: int) -> None:
    raw = bytearray(urlsafe_b64decode(LINKS.token(LINK)))
    raw[place] ^= 1 << bit
    with pytest.raises(LinkInvalid):
        LINKS.read(urlsafe_b64encode(bytes(raw)).decode())


@given(token=st.text(max_size=80) | st.text("AB-_=", min_size=68, max_size=68))
def test_whatever_else_is_no_link(token: str) -> None:
    with pytest.raises(LinkInvalid):
        LINKS.read(token)


@pytest.mark.parametrize("content", ["", "\n\n", "short", f"{'k' * 32}\nshort"])
def test_a_key_that_can_be_guessed_is_refused(content: str) -> None:
    with pytest.raises(ValueError, match="32 characters"):
        keys_of(content)


def test_keys_stand_one_a_line_and_show_themselves_nowhere() -> None:
    assert keys_of(f"{'a' * 32}\n\n {'b' * 40} \n") == (b"a" * 32, b"b" * 40)
    assert "nnnn" not in repr(LINKS)
