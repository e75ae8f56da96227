"""What a mail looks like to whoever reads it by the rules of mail: one sender with its name, whatever is in it."""

from email import message_from_bytes, policy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.care.clients.mail_text import MailText
from services.care.domain.sending.message import Message

_MAIL = Message(message_id="<tch_1.1@x.example>", to="a@b.example", subject="Hello", body="Dear")


def _senders(sender: str) -> list[tuple[str, str]]:
    read = message_from_bytes(MailText(sender).content(_MAIL), policy=policy.default)
    return [(each.display_name, each.addr_spec) for each in read["From"].addresses]


@pytest.mark.parametrize(
    ("sender", "name"),
    [
        ("Acme, Inc. <care@acme.example>", "Acme, Inc."),
        ('"Acme, Inc." <care@acme.example>', "Acme, Inc."),
        ("Acme (care) <care@acme.example>", "Acme (care)"),
        ('"王, 公司" <care@acme.example>', "王, 公司"),
        ("Acme & Sons <care@acme.example>", "Acme & Sons"),
        ("care@acme.example", ""),
    ],
)
def test_a_sender_is_one_with_the_name_that_was_set(sender: str, name: str) -> None:
    assert _senders(sender) == [(name, "care@acme.example")]


@given(st.text(st.characters(codec="ascii", exclude_characters='<>@"', exclude_categories=["Cc"]), min_size=1))
def test_no_ascii_name_makes_another_sender(name: str) -> None:
    found = _senders(f"{name} <care@acme.example>")
    assert [address for _, address in found] == ["care@acme.example"]
    assert found[0][0].split() == name.split()
